"""Request fields: the library's samples pass, and what is wrong is named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.emulator.cash.models import REQUESTS, cents
from tools.emulator.parameters import BadParameterError, checked

# The sample requests of the API library, letter for letter.
SPEC_SAMPLES = {
    "echo": """{
"deviceId": "001",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "000012345678",
"vendorId": "100087"
}""",
    "inquire": """{
"acquirerId": "100000",
"cardEntryMode": "SWIPE",
"collectorNumber": "84095202006",
"dateTime": "1972-07-16T13:32:00+0400",
"deviceId": "001",
"instantMessage": "en-CA",
"postTaxBasketAmount": "16.12",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "999999999999",
"vendorId": "100087"
}""",
    "redeem": """{
"acquirerId": "100000",
"cardEntryMode": "SWIPE",
"collectorNumber": "84095202006",
"dateTime": "1972-07-16T13:32:00+0400",
"deviceId": "001",
"dollarRedeemRequest": "16.12",
"instantMessage": "en-CA",
"originalPostTaxBasketAmount": "16.12",
"originalPreTaxAmount": "16.12",
"postTaxBasketAmount": "16.12",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "999999999999",
"vendorId": "100087"
}""",
    "reverse": """{
"acquirerId": "100000",
"cardEntryMode": "SWIPE",
"collectorNumber": "84095202006",
"dateTime": "1972-07-16T13:32:00+0400",
"deviceId": "001",
"redemptionConfirmationNum": "10000000000",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "999999999999",
"vendorId": "100087"
}""",
}
FIELD_OF_OP = [
    (op, name)
    for op, model in REQUESTS.items()
    for name, field in model.model_fields.items()
    if field.is_required()
]
WRONG = [
    ("acquirerId", "10A000"),
    ("cardEntryMode", "swipe"),
    ("cardEntryMode", "WAVE"),
    ("collectorNumber", "8409 520 2006"),
    ("dateTime", "1972-07-16T13:32:00"),
    ("dateTime", "1972-13-16T13:32:00+0400"),
    ("dateTime", "1972-07-16 13:32:00+0400"),
    ("deviceId", ""),
    ("dollarRedeemRequest", "27.1"),
    ("dollarRedeemRequest", "-10.00"),
    ("instantMessage", "fr-FR"),
    ("originalPreTaxAmount", "$16.12"),
    ("postTaxBasketAmount", "16,12"),
    ("postTaxBasketAmount", "16.12\n"),
    ("sponsorCode", "LOY 1"),
    ("traceId", "0000123456789"),
    ("traceId", "٠٠٠٠١٢٣٤٥٦٧٨"),
    ("vendorId", "100087.0"),
]


def parse_request(op: str, raw: bytes, ignore_unknown: bool = False) -> dict[str, str]:
    return checked(REQUESTS[op], raw, op, ignore_unknown)


def changed(op: str, **members: object) -> bytes:
    return json.dumps(json.loads(SPEC_SAMPLES[op]) | members).encode()


@pytest.mark.parametrize("op", SPEC_SAMPLES)
def test_the_samples_of_the_library_are_accepted(op: str) -> None:
    assert parse_request(op, SPEC_SAMPLES[op].encode()) == json.loads(SPEC_SAMPLES[op])


@pytest.mark.parametrize("op", SPEC_SAMPLES)
def test_the_samples_hold_every_field_there_is(op: str) -> None:
    assert set(json.loads(SPEC_SAMPLES[op])) == set(REQUESTS[op].model_fields)


@pytest.mark.parametrize(("op", "name"), FIELD_OF_OP)
def test_a_mandatory_field_that_is_missing_is_named(op: str, name: str) -> None:
    members = json.loads(SPEC_SAMPLES[op])
    del members[name]
    with pytest.raises(BadParameterError) as refused:
        parse_request(op, json.dumps(members).encode())
    assert refused.value.field == name


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(BadParameterError) as refused:
        parse_request("redeem", changed("redeem", **{name: value}))
    assert refused.value.field == name
    assert not value or value not in str(refused.value)


@pytest.mark.parametrize("value", [16.12, 16, True, None, ["16.12"], {"amount": "16.12"}])
def test_every_value_must_be_a_string(value: object) -> None:
    with pytest.raises(BadParameterError) as refused:
        parse_request("inquire", changed("inquire", postTaxBasketAmount=value))
    assert refused.value.field == "postTaxBasketAmount"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"deviceId": "001", "deviceId": "002"}',
    ],
)
def test_a_body_that_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(BadParameterError) as refused:
        parse_request("echo", raw)
    assert refused.value.field == "body"


def test_a_field_that_the_operation_does_not_take_is_refused() -> None:
    with pytest.raises(BadParameterError) as refused:
        parse_request("reverse", changed("reverse", instantMessage="en-CA"))
    assert refused.value.field == "instantMessage"


def test_an_unknown_field_may_be_ignored() -> None:
    raw = changed("echo", colour="red")
    assert "colour" not in parse_request("echo", raw, ignore_unknown=True)


@given(st.binary(max_size=200))
def test_no_body_whatever_ends_in_another_error(raw: bytes) -> None:
    try:
        fields = parse_request("echo", raw)
    except BadParameterError:
        return
    assert set(fields) == set(REQUESTS["echo"].model_fields)


@pytest.mark.parametrize(("text", "amount"), [("16.12", 1612), ("10", 1000), ("0.05", 5)])
def test_dollars_are_counted_in_cents(text: str, amount: int) -> None:
    assert cents(text) == amount
