"""Requests are the specification's samples, to the byte, or they are not built."""

import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.amcash import samples
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import FieldError
from milepad.base.request import uuid4

SAMPLES = "host_tests.amcash.samples"
OPS = {
    "echo": samples.ECHO,
    "inquire": samples.INQUIRE,
    "redeem": samples.REDEEM,
    "reverse": samples.REVERSE,
}
GOLDEN = {
    "echo": b'{"deviceId":"001","sponsorCode":"LOY1","storeId":"0001",'
    b'"traceId":"000012345678","vendorId":"100087"}',
    "inquire": b'{"acquirerId":"100000","cardEntryMode":"SWIPE",'
    b'"collectorNumber":"84095202006","dateTime":"1972-07-16T13:32:00+0400",'
    b'"deviceId":"001","instantMessage":"en-CA","postTaxBasketAmount":"16.12",'
    b'"sponsorCode":"LOY1","storeId":"0001","traceId":"999999999999",'
    b'"vendorId":"100087"}',
    "redeem": b'{"acquirerId":"100000","cardEntryMode":"SWIPE",'
    b'"collectorNumber":"84095202006","dateTime":"1972-07-16T13:32:00+0400",'
    b'"deviceId":"001","dollarRedeemRequest":"16.12","instantMessage":"en-CA",'
    b'"originalPostTaxBasketAmount":"16.12","originalPreTaxAmount":"16.12",'
    b'"postTaxBasketAmount":"16.12","sponsorCode":"LOY1","storeId":"0001",'
    b'"traceId":"999999999999","vendorId":"100087"}',
    "reverse": b'{"acquirerId":"100000","cardEntryMode":"SWIPE",'
    b'"collectorNumber":"84095202006","dateTime":"1972-07-16T13:32:00+0400",'
    b'"deviceId":"001","redemptionConfirmationNum":"10000000000",'
    b'"sponsorCode":"LOY1","storeId":"0001","traceId":"999999999999",'
    b'"vendorId":"100087"}',
}
MONEY_OPS = ("redeem", "reverse")
CARD_OPS = ("inquire", "redeem", "reverse")


def build(peer: Peer, op: str, **changes: object) -> dict:
    request = agree(peer, SAMPLES, "built", op, changes)
    assert isinstance(request, dict)
    return request


@pytest.mark.parametrize("op", OPS)
def test_has_the_fields_and_values_of_the_sample_request(
    micropython: Peer, op: str
) -> None:
    assert json.loads(build(micropython, op)["body"]) == json.loads(OPS[op])


@pytest.mark.parametrize("op", OPS)
def test_is_the_sample_request_to_the_byte(micropython: Peer, op: str) -> None:
    request = build(micropython, op)
    assert request["body"] == GOLDEN[op] == samples.compact(OPS[op])
    assert request["path"] == "/checkout/amcash/" + op
    assert request["op"] == op


@pytest.mark.parametrize("op", OPS)
def test_only_what_moves_miles_has_an_idempotency_key(micropython: Peer, op: str) -> None:
    key = build(micropython, op)["idempotency_key"]
    assert key == (samples.KEY if op in MONEY_OPS else "")


@pytest.mark.parametrize("op", CARD_OPS)
@pytest.mark.parametrize("mode", ["SWIPE", "SCAN", "PREREGISTERED"])
def test_takes_every_way_to_present_a_card(micropython: Peer, op: str, mode: str) -> None:
    body = json.loads(build(micropython, op, card_entry_mode=mode)["body"])
    assert body["cardEntryMode"] == mode


def test_a_keyed_number_may_inquire(micropython: Peer) -> None:
    body = json.loads(build(micropython, "inquire", card_entry_mode="MANUAL")["body"])
    assert body["cardEntryMode"] == "MANUAL"


@pytest.mark.parametrize("op", MONEY_OPS)
def test_a_keyed_number_moves_no_miles(micropython: Peer, op: str) -> None:
    with pytest.raises(FieldError) as caught:
        build(micropython, op, card_entry_mode="MANUAL")
    assert caught.value.field == "cardEntryMode"


@pytest.mark.parametrize("op", ["inquire", "redeem"])
def test_asks_for_messages_in_french(micropython: Peer, op: str) -> None:
    body = json.loads(build(micropython, op, language="fr-CA")["body"])
    assert body["instantMessage"] == "fr-CA"


def test_leaves_out_a_pre_tax_amount_that_nobody_keyed(micropython: Peer) -> None:
    body = json.loads(build(micropython, "redeem", pre_tax_cents=-1)["body"])
    sample = json.loads(samples.REDEEM)
    del sample["originalPreTaxAmount"]
    assert body == sample


def test_writes_each_amount_with_two_decimals(micropython: Peer) -> None:
    request = build(
        micropython, "redeem", basket_cents=4335, pre_tax_cents=3905, redeem_cents=4000
    )
    body = json.loads(request["body"])
    assert body["dollarRedeemRequest"] == "40.00"
    assert body["originalPreTaxAmount"] == "39.05"
    assert body["originalPostTaxBasketAmount"] == body["postTaxBasketAmount"] == "43.35"


def test_a_balance_inquiry_has_an_empty_basket(micropython: Peer) -> None:
    body = json.loads(build(micropython, "inquire", basket_cents=0)["body"])
    assert body["postTaxBasketAmount"] == "0.00"


@pytest.mark.parametrize("length", [11, 19])
def test_takes_collector_numbers_of_the_samples_lengths(
    micropython: Peer, length: int
) -> None:
    body = json.loads(build(micropython, "inquire", collector_number="8" * length)["body"])
    assert body["collectorNumber"] == "8" * length


NOT_ALPHANUMERIC = [
    "",
    "a" * 17,
    "a b",
    "a-b",
    'a"',
    "a\\",
    "a\n",
    "a\0",
    "é",
    "ß",
    "ı",
    "²",
]
NOT_DIGITS = [
    "",
    "9" * 10,
    "9" * 20,
    "8409520200a",
    "8409520200 ",
    "8409520200²",
    "-8409520200",
]
NOT_TRACE = ["", "9" * 11, "9" * 13, "99999999999a", "99999999999²", " 99999999999"]
NOT_TIME = [
    "",
    "1972-07-16T13:32:00",
    "1972-07-16T13:32:00Z",
    "1972-07-16T13:32:00+04:00",
    "1972-07-16 13:32:00+0400",
    "1972-07-16T13:32:00.503+0400",
    "1972-07-16T13:32:00*0400",
    "11972-07-16T13:32:00+0400",
    "1972-07-16T13:32:00+0400\n",
    '1972-07-16T13:32:00+040"',
    "²972-07-16T13:32:00+0400",
]
NOT_UUID = [
    "",
    "123e4567-e89b-12d3-a456-426655440000",  # version 1
    "123e4567-e89b-42d3-c456-426655440000",  # another variant
    samples.KEY.upper(),
    samples.KEY[:-1],
    samples.KEY + "0",
    samples.KEY.replace("-", "_"),
    samples.KEY.replace("-", ""),
    samples.KEY[:-1] + "g",
    samples.KEY[:-1] + "\n",
]
WRONG = [
    *[("device_id", "deviceId", OPS, value) for value in NOT_ALPHANUMERIC],
    *[("sponsor_code", "sponsorCode", OPS, value) for value in NOT_ALPHANUMERIC],
    *[("store_id", "storeId", OPS, value) for value in NOT_ALPHANUMERIC],
    *[("vendor_id", "vendorId", OPS, value) for value in NOT_ALPHANUMERIC],
    *[("acquirer_id", "acquirerId", CARD_OPS, value) for value in NOT_ALPHANUMERIC],
    *[("trace_id", "traceId", OPS, value) for value in NOT_TRACE],
    *[("collector_number", "collectorNumber", CARD_OPS, value) for value in NOT_DIGITS],
    *[("date_time", "dateTime", CARD_OPS, value) for value in NOT_TIME],
    *[("idempotency_key", "Idempotency-Key", MONEY_OPS, value) for value in NOT_UUID],
    *[
        ("card_entry_mode", "cardEntryMode", CARD_OPS, value)
        for value in ("", "swipe", "SWIPED", "KEYED")
    ],
    *[
        ("language", "instantMessage", ("inquire", "redeem"), value)
        for value in ("", "en", "fr-ca", "de-CH")
    ],
    *[("basket_cents", "amount", ("inquire",), value) for value in (-1, 100000000)],
    *[
        ("redeem_cents", "dollarRedeemRequest", ("redeem",), value)
        for value in (0, -1000, 1613, 2000)
    ],
    ("pre_tax_cents", "amount", ("redeem",), 100000000),
    *[
        ("redemption_number", "redemptionConfirmationNum", ("reverse",), value)
        for value in ("", "1" * 25, "1" * 12 + "-", "-", "1 1", "1\n", "é", "1" * 12 + "²")
    ],
]


@pytest.mark.parametrize(
    ("name", "field", "ops", "value"),
    WRONG,
    ids=[f"{field}-{value!r}" for _, field, _, value in WRONG],
)
def test_refuses_an_invalid_field_by_its_name_on_the_wire(
    micropython: Peer, name: str, field: str, ops: tuple[str, ...], value: object
) -> None:
    for op in ops:
        with pytest.raises(FieldError) as caught:
            build(micropython, op, **{name: value})
        assert caught.value.field == field
        assert str(caught.value).startswith(field + ": expected ")


@pytest.mark.parametrize("op", CARD_OPS)
def test_an_error_shows_no_part_of_a_collector_number(micropython: Peer, op: str) -> None:
    with pytest.raises(FieldError) as caught:
        build(micropython, op, collector_number="84095202006x")
    assert "8409" not in str(caught.value)


@pytest.mark.parametrize("length", [1, 11, 12, 13, 24])
def test_takes_confirmation_numbers_of_any_length_up_to_24(
    micropython: Peer, length: int
) -> None:
    number = "A1" * 12
    body = build(micropython, "reverse", redemption_number=number[:length])["body"]
    assert json.loads(body)["redemptionConfirmationNum"] == number[:length]


TEXTS = st.text(max_size=40) | st.text('0123456789ABCß"\\', max_size=20)


@given(
    op=st.sampled_from(sorted(OPS)),
    changes=st.dictionaries(
        st.sampled_from(
            ["device_id", "store_id", "trace_id", "collector_number", "redemption_number"]
        ),
        TEXTS,
    ),
)
def test_a_body_is_ascii_json_of_strings_whatever_came_in(
    micropython: Peer, op: str, changes: dict[str, str]
) -> None:
    try:
        body = build(micropython, op, **changes)["body"]
    except FieldError:
        return
    members = json.loads(body.decode("ascii"))
    assert list(members) == sorted(members)
    assert all(isinstance(value, str) and value for value in members.values())


@given(entropy=st.binary(min_size=16, max_size=16))
def test_makes_version_4_uuids(micropython: Peer, entropy: bytes) -> None:
    text = agree(micropython, "milepad.base.request", "uuid4", entropy)
    assert text == str(uuid.UUID(bytes=entropy, version=4))
    assert uuid.UUID(str(text)).version == 4


def test_every_bit_of_the_entropy_but_six_counts() -> None:
    least, most = uuid4(bytes(16)), uuid4(b"\xff" * 16)
    assert (least, most) == (
        "00000000-0000-4000-8000-000000000000",
        "ffffffff-ffff-4fff-bfff-ffffffffffff",
    )
