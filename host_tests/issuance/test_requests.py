"""Requests of Issuance: golden bytes, exact numbers, and nothing that does not tie."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.issuance import samples
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import FieldError

SAMPLES = "host_tests.issuance.samples"
BASKET_OPS = ("calculate", "issue", "return", "record", "post", "issuance/reverse")
EVENT_OPS = ("post/event", "reverse/event")
OPS = BASKET_OPS + EVENT_OPS
KEYED_OPS = tuple(op for op in OPS if op not in ("calculate", "record"))
AWARD_OPS = ("post", "issuance/reverse", "post/event", "reverse/event")

GOLDEN_BASKET = (
    b'{"basketGSTAmount":0.00,"basketHSTAmount":3.25,"basketPSTAmount":0.00,'
    b'"basketPostTaxAmount":28.22,"basketPreTaxAmount":24.97,"basketQSTAmount":0.00,'
    b'"checkoutDateTime":"2019-05-30T14:12:59.000Z",'
    b'"checkoutTransactionId":"012340001111","collectorNumber":"81111111111",'
    b'"context":{"key1":"value1","key2":"value2"},"coupon":["57841","57862"],'
    b'"deviceId":"POS1",%s"items":[{"baseAmount":9.99,"categoryId":"11101",'
    b'"departmentId":"10001","finalAmount":19.98,"id":"SKU1234","name":"Dog Food",'
    b'"number":1,"quantity":2},{"baseAmount":4.99,"categoryId":"CAT2",'
    b'"departmentId":"DEPT2","finalAmount":4.99,"id":"SKU1252","name":"Potato Chips",'
    b'"number":2,"quantity":1}]}'
)
GOLDEN_AWARD = (
    b'"issuances":[{"contributingItemIds":["SKU1234","SKU1252"],'
    b'"issuanceOfferCode":"STANDARD","locationCode":"1100","milesAmount":5,'
    b'"offerDescription":"Bonus Miles for Groceries.","offerId":"123454"}],'
)
GOLDEN_EVENT = (
    b'{"clientTransactionId":"012340001111","collectorNumber":"81111111111",'
    b'"context":{"key1":"value1","key2":"value2"},"coupon":["57841","57862"],'
    b'"deviceId":"POS1","issuances":[{"issuanceOfferCode":"STANDARD",'
    b'"locationCode":"1100","milesAmount":8,"offerDescription":"offer","offerId":22}]}'
)
GOLDEN = {
    **dict.fromkeys(BASKET_OPS, GOLDEN_BASKET % b""),
    **dict.fromkeys(("post", "issuance/reverse"), GOLDEN_BASKET % GOLDEN_AWARD),
    **dict.fromkeys(EVENT_OPS, GOLDEN_EVENT),
}


def build(peer: Peer, op: str, basket: dict | None = None, **changes: Any) -> dict:
    lines = changes.pop("lines", samples.LINES)
    awards = changes.pop("awards", None)
    made = agree(peer, SAMPLES, "built", op, changes, basket or {}, lines, awards)
    assert isinstance(made, dict)
    return made


def members(peer: Peer, op: str, basket: dict | None = None, **changes: Any) -> dict:
    body = build(peer, op, basket, **changes)["body"]
    found = json.loads(body, parse_float=Decimal)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("op", OPS)
def test_is_the_same_bytes_whenever_it_is_built(micropython: Peer, op: str) -> None:
    request = build(micropython, op)
    assert request["body"] == GOLDEN[op]
    assert (request["op"], request["trace_id"]) == (op, samples.TRACE)


def test_a_record_may_have_no_collector(micropython: Peer) -> None:
    assert "collectorNumber" not in members(micropython, "record", collector_number="")


def test_a_record_of_the_partner_family_may_have_issuances(micropython: Peer) -> None:
    assert members(micropython, "record", awards=samples.AWARDS)["issuances"]


def test_a_sale_whose_totals_were_keyed_has_no_items(micropython: Peer) -> None:
    keyed = {"coupons": [], "context": []}
    found = members(micropython, "issue", keyed, lines=[])
    assert not {"items", "coupon", "context"} & set(found)


@pytest.mark.parametrize("op", KEYED_OPS)
def test_a_number_that_was_keyed_may_earn(micropython: Peer, op: str) -> None:
    keyed = build(micropython, op, card_entry_mode="MANUAL")
    assert keyed["body"] == GOLDEN[op]


@pytest.mark.parametrize("op", ["return", "issuance/reverse"])
def test_a_return_names_its_sale_in_the_context(micropython: Peer, op: str) -> None:
    found = members(micropython, op, redemption_number=samples.SALE)
    assert found["checkoutTransactionId"] == samples.TRACE
    assert found["context"]["originalTransactionId"] == samples.SALE


@pytest.mark.parametrize("op", ["return", "issuance/reverse"])
def test_a_return_may_go_under_the_id_of_its_sale(micropython: Peer, op: str) -> None:
    changes = {"redemption_number": samples.SALE, "return_id": "original"}
    found = members(micropython, op, **changes)
    assert found["checkoutTransactionId"] == samples.SALE
    assert found["context"]["returnTransactionId"] == samples.TRACE
    found = members(micropython, op, return_id="original")
    assert found["checkoutTransactionId"] == samples.TRACE


@pytest.mark.parametrize("op", ["issue", "post", "record"])
def test_an_earning_names_the_redemption_of_its_checkout(
    micropython: Peer, op: str
) -> None:
    found = members(micropython, op, redemption_number="10000000000")
    assert found["context"]["redemptionConfirmationNum"] == "10000000000"
    assert found["checkoutTransactionId"] == samples.TRACE


def test_a_place_without_a_code_is_the_store(micropython: Peer) -> None:
    found = members(micropython, "post", location_code="")
    assert found["issuances"][0]["locationCode"] == "0001"


@pytest.mark.parametrize("op", OPS)
def test_the_identity_goes_along_where_the_profile_says_so(
    micropython: Peer, op: str
) -> None:
    found = members(micropython, op, send_identity=True)
    names = ("sponsorCode", "storeId", "vendorId")
    assert [found[name] for name in names] == ["LOY1", "0001", "100087"]
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("text", "in_event"),
    [("22", 22), ("0", 0), ("022", "022"), ("A22", "A22"), ("9" * 10, "9" * 10)],
)
def test_an_offers_id_is_a_number_in_an_event_only(
    micropython: Peer, text: str, in_event: object
) -> None:
    awards = [(8, "STANDARD", text, "", [])]
    for op, expected in (("post/event", in_event), ("post", text)):
        assert (
            members(micropython, op, awards=awards)["issuances"][0]["offerId"] == expected
        )


def test_long_names_and_descriptions_are_cut(micropython: Peer) -> None:
    lines = [("1", "n" * 200, 2497, 2497, 1, "", "")]
    awards = [(5, "STANDARD", "", "d" * 200, [])]
    found = members(micropython, "post", lines=lines, awards=awards)
    assert found["items"][0]["name"] == "n" * 80
    assert found["issuances"][0]["offerDescription"] == "d" * 80
    assert "departmentId" not in found["items"][0]


NOT_IDS = ["", "x" * 41, "a\nb", "é", "\x7f"]
NOT_CODES = ["", "A" * 17, "A B", "A-B", "é"]
ONE = ("SKU1", "Tea", 2497, 2497, 1, "", "")


def line(at: int, value: object) -> dict:
    return {"lines": [(*ONE[:at], value, *ONE[at + 1 :])]}


def award(at: int, value: object) -> dict:
    good = (5, "STANDARD", "1", "", ["SKU1"])
    return {"awards": [(*good[:at], value, *good[at + 1 :])]}


WRONG: list[tuple[tuple[str, ...], str, dict, dict]] = [
    *[
        (OPS, "checkoutTransactionId", {"trace_id": v}, {})
        for v in ("", "1" * 11, "²" * 12)
    ],
    *[(OPS, "deviceId", {"device_id": v}, {}) for v in NOT_CODES],
    *[(OPS[:3], "collectorNumber", {"collector_number": v}, {}) for v in ("", "8" * 10)],
    *[(OPS, "collectorNumber", {"collector_number": v}, {}) for v in ("8" * 20, "8x" * 6)],
    *[(KEYED_OPS, "Idempotency-Key", {"idempotency_key": v}, {}) for v in ("", "x" * 36)],
    *[(("post",), "locationCode", {"location_code": v}, {}) for v in NOT_CODES[1:]],
    *[
        (OPS, "sponsorCode", {"sponsor_code": v, "send_identity": True}, {})
        for v in ("", "-")
    ],
    *[(OPS, "context", {"redemption_number": v}, {}) for v in ("1" * 25, "a b", "é")],
    *[(BASKET_OPS, "basketPostTaxAmount", {"basket_cents": v}, {}) for v in (0, 2821)],
    *[(BASKET_OPS, "basketPreTaxAmount", {"pre_tax_cents": v}, {}) for v in (-1, 2496)],
    *[(BASKET_OPS, "basketHSTAmount", {}, {"hst_cents": v}) for v in (-1, 100000000)],
    *[(BASKET_OPS, "basketGSTAmount", {}, {"gst_cents": v}) for v in (-1, 100000000)],
    *[(BASKET_OPS, "basketPostTaxAmount", {}, {"hst_cents": v}) for v in (324, 326)],
    (BASKET_OPS, "basketPostTaxAmount", {}, {"qst_cents": 1}),
    *[(BASKET_OPS, "basketPreTaxAmount", line(3, v), {}) for v in (2496, 2498)],
    (BASKET_OPS, "items", line(3, -1), {}),
    (BASKET_OPS, "items", line(2, 100000000), {}),
    (BASKET_OPS, "items", {"lines": [*[(*ONE[:3], 0, *ONE[4:])] * 60, ONE]}, {}),
    *[(BASKET_OPS, "quantity", line(4, v), {}) for v in (0, -1, 100000)],
    *[(BASKET_OPS, "id", line(0, v), {}) for v in NOT_IDS],
    *[(BASKET_OPS, "departmentId", line(5, v), {}) for v in NOT_IDS[1:]],
    *[(BASKET_OPS, "categoryId", line(6, v), {}) for v in NOT_IDS[1:]],
    *[(OPS, "coupon", {}, {"coupons": [v]}) for v in NOT_IDS],
    (OPS, "coupon", {}, {"coupons": ["1"] * 21}),
    *[(OPS, "context", {}, {"context": [(v, "1")]}) for v in ("", "a b", 'a"', "é")],
    (OPS, "context", {}, {"context": [("a", "1"), ("a", "2")]}),
    (OPS, "context", {}, {"context": [("a%d" % i, "1") for i in range(9)]}),
    (BASKET_OPS[:3], "issuances", {"awards": samples.AWARDS}, {}),
    (AWARD_OPS, "issuances", {"awards": []}, {}),
    (AWARD_OPS, "issuances", {"awards": samples.AWARDS * 26}, {}),
    *[(AWARD_OPS, "milesAmount", award(0, v), {}) for v in (0, -1, 1000000)],
    (OPS, "milesAmount", {"miles": 6}, {}),
    *[(AWARD_OPS, "issuanceOfferCode", award(1, v), {}) for v in NOT_CODES],
    *[(AWARD_OPS, "offerId", award(2, v), {}) for v in NOT_IDS[1:]],
    *[(("post",), "contributingItemIds", award(4, [v]), {}) for v in NOT_IDS],
]


@pytest.mark.parametrize(
    ("ops", "field", "changes", "basket"),
    WRONG,
    ids=[f"{at}-{row[1]}" for at, row in enumerate(WRONG)],
)
def test_refuses_what_the_platform_would_by_its_name_on_the_wire(
    micropython: Peer, ops: tuple[str, ...], field: str, changes: dict, basket: dict
) -> None:
    for op in ops:
        with pytest.raises(FieldError) as caught:
            build(micropython, op, basket, **changes)
        assert caught.value.field == field
        assert "8111" not in str(caught.value)


TEXTS = st.text(max_size=100) | st.text('"\\\n\0é\u2028\U0001f600', max_size=20)


@given(text=TEXTS)
def test_any_text_is_one_json_string(micropython: Peer, text: str) -> None:
    written = agree(micropython, SAMPLES, "string", text)
    assert isinstance(written, str)
    assert json.loads(written.encode()) == text


def test_half_a_surrogate_pair_is_a_question_mark() -> None:
    assert samples.string("a\ud83d\n") == '"a?\\u000a"'


@given(
    op=st.sampled_from(OPS),
    name=TEXTS,
    note=TEXTS,
    cents=st.integers(-1, 99999),
    tax_cents=st.integers(-1, 9999),
    quantity=st.integers(-1, 200000),
)
def test_a_body_is_json_whose_numbers_tie_or_it_is_not_built(
    micropython: Peer,
    op: str,
    name: str,
    note: str,
    cents: int,
    tax_cents: int,
    quantity: int,
) -> None:
    changes = {"basket_cents": cents + tax_cents, "pre_tax_cents": cents}
    basket = {
        "pre_tax_cents": cents,
        "post_tax_cents": cents + tax_cents,
        "hst_cents": tax_cents,
        "context": [("note", note)],
    }
    lines = [("SKU1", name, cents, cents, quantity, "", "")]
    try:
        found = members(micropython, op, basket, lines=lines, **changes)
    except FieldError:
        return
    assert list(found) == sorted(found)
    assert found["context"] == {"note": note[:80]}
    if op in BASKET_OPS:
        total = found["basketPreTaxAmount"] + found["basketHSTAmount"]
        assert total == found["basketPostTaxAmount"] == Decimal(cents + tax_cents) / 100
        assert found["items"][0].get("name", "") == name[:80]
