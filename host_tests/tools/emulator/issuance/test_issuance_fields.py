"""Issuance's request fields: the published samples pass, and what is wrong is named."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.emulator.issuance.models import REQUESTS
from tools.emulator.issuance.numbers import to_cents, to_count
from tools.emulator.issuance.operations import OPERATIONS
from tools.emulator.parameters import BadParameterError, checked
from tools.emulator.samples import SAMPLES

AMOUNTS = [
    *[f"basket{name}Amount" for name in ("GST", "HST", "PST", "QST", "PostTax", "PreTax")],
    "items.0.baseAmount",
    "items.0.finalAmount",
]
COUNTS = ["items.0.number", "items.0.quantity", "issuances.0.milesAmount"]
MANDATORY = {
    "basketPostTaxAmount",
    "basketPreTaxAmount",
    "checkoutDateTime",
    "checkoutTransactionId",
    "collectorNumber",
}


def parse(op: str, body: Any) -> dict[str, Any]:
    return checked(REQUESTS[op], json.dumps(body).encode(), op)


def changed(op: str, place: str, value: object) -> Any:
    """The sample of an operation with one value changed, however deep it is."""
    body = json.loads(json.dumps(SAMPLES[op]))
    *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    inner = body
    for part in way:
        inner = inner[part]
    inner[last] = value
    return body


def refusal(op: str, body: Any) -> BadParameterError:
    with pytest.raises(BadParameterError) as refused:
        parse(op, body)
    return refused.value


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_published_samples_are_accepted(op: str) -> None:
    assert set(parse(op, SAMPLES[op])) == set(SAMPLES[op])


@pytest.mark.parametrize("op", ["calculate", "issue", "return", "post", "issuance/reverse"])
@pytest.mark.parametrize("name", sorted(MANDATORY))
def test_a_mandatory_field_that_is_missing_is_named(op: str, name: str) -> None:
    body = {member: value for member, value in SAMPLES[op].items() if member != name}
    assert refusal(op, body).field == name


@pytest.mark.parametrize("op", ["post", "post/event", "issuance/reverse", "reverse/event"])
def test_the_partner_family_says_the_miles(op: str) -> None:
    body = {name: value for name, value in SAMPLES[op].items() if name != "issuances"}
    assert refusal(op, body).field == "issuances"


def test_a_sale_without_a_card_can_be_recorded() -> None:
    body = {n: v for n, v in SAMPLES["record"].items() if n != "collectorNumber"}
    assert "collectorNumber" not in parse("record", body)


@pytest.mark.parametrize("op", ["issue", "post"])
def test_a_keyed_sale_has_totals_and_nothing_else(op: str) -> None:
    body = {n: v for n, v in SAMPLES[op].items() if n in MANDATORY | {"issuances"}}
    if op == "post":
        del (body := json.loads(json.dumps(body)))["issuances"][0]["contributingItemIds"]
    assert set(parse(op, body)) == set(body)


@pytest.mark.parametrize("place", AMOUNTS)
@pytest.mark.parametrize("value", ["28.22", True, None, -1, 28.225, 1e9, [28.22], {}])
def test_dollars_are_a_json_number_with_at_most_two_decimals(
    place: str, value: object
) -> None:
    refused = refusal("post", changed("post", place, value))
    assert refused.field == place.replace(".0.", "[0].")
    assert refused.expected == "a JSON number of dollars as 28.22"


@pytest.mark.parametrize("place", COUNTS)
@pytest.mark.parametrize("value", ["5", True, None, -1, 5.0, 5.5, 10**9, [5]])
def test_a_count_is_a_whole_json_number(place: str, value: object) -> None:
    refused = refusal("post", changed("post", place, value))
    assert refused.field == place.replace(".0.", "[0].")
    assert refused.expected == "a whole JSON number, 0 or more"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("collectorNumber", 84095202006),
        ("collectorNumber", "8409 520 2006"),
        ("collectorNumber", "٨"),
        ("checkoutDateTime", "2019-05-30T14:12:59"),
        ("checkoutDateTime", "2019-13-30T14:12:59.479Z"),
        ("checkoutDateTime", "0000-05-30T14:12:59Z"),
        ("checkoutTransactionId", ""),
        ("checkoutTransactionId", "x" * 41),
        ("context", "key1=value1"),
        ("context.key1", 1),
        ("coupon", "57841"),
        ("coupon.0", 57841),
        ("deviceId", "POS 1"),
        ("items", {}),
        ("items.0", []),
        ("items.0.id", 1234),
        ("items.0.id", ""),
        ("items.0.name", "a\nb"),
        ("items.0.colour", "red"),
        ("issuances", None),
        ("issuances.0", "STANDARD"),
        ("issuances.0.contributingItemIds", "SKU1234"),
        ("issuances.0.locationCode", 1100),
        ("issuances.0.offerId", 22.5),
        ("issuances.0.offerId", True),
        ("colour", "red"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(place: str, value: object) -> None:
    refused = refusal("post", changed("post", place, value))
    assert refused.field == place.replace(".0", "[0]")
    assert not isinstance(value, str) or not value or value not in str(refused)


@pytest.mark.parametrize("offer_id", ["123454", 22])
def test_an_offers_number_is_a_string_or_a_number(offer_id: object) -> None:
    parse("post", changed("post", "issuances.0.offerId", offer_id))


@pytest.mark.parametrize(
    "raw", [b"NaN", b"Infinity", b"-0.0", b"1e2", b"28.220", b"9" * 5000]
)
def test_a_number_that_is_not_plain_dollars_is_refused(raw: bytes) -> None:
    body = json.dumps(SAMPLES["issue"]).encode().replace(b"28.22", raw)
    with pytest.raises(BadParameterError):
        checked(REQUESTS["issue"], body, "issue")


@given(st.integers(0, 999_999_999))
def test_dollars_come_to_the_cent(cents: int) -> None:
    assert to_cents(Decimal(cents) / 100) == cents


@given(st.one_of(st.decimals(), st.integers(), st.floats(), st.text(), st.booleans()))
def test_a_value_is_cents_or_refused(value: object) -> None:
    for read in (to_cents, to_count):
        with suppress(ValueError):  # pydantic's own error for a value is one
            assert 0 <= read(value) <= 999_999_999


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["84095202006", "SKU1234", "2019-05-30T14:12:59.479Z"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    op=st.sampled_from(sorted(OPERATIONS)),
    data=st.data(),
)
def test_no_body_whatever_ends_in_another_error(op: str, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(REQUESTS[op].model_fields))
    body = SAMPLES[op] | data.draw(st.dictionaries(names, JSON, max_size=4))
    try:
        parse(op, body)
    except BadParameterError as refused:
        assert refused.field
