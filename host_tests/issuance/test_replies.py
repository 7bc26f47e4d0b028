"""Replies whose bodies nobody has published: the status decides, and nothing raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.issuance import samples
from host_tests.kit.peer import Peer, agree

SAMPLES = "host_tests.issuance.samples"


def read(peer: Peer, status: int, body: object, transaction_id: str = "") -> tuple:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = agree(peer, SAMPLES, "read", status, raw, transaction_id)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "approved"),
        (202, "approved"),
        (400, "declined"),
        *[(s, "open") for s in (0, 100, 201, 204, 301, 401, 403, 404, 408, 409, 429)],
        *[(s, "open") for s in (500, 502, 503, 504, 599)],
    ],
)
@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'{"miles":5}'])
def test_the_status_decides_whatever_the_body_is(
    micropython: Peer, status: int, outcome: str, body: bytes
) -> None:
    assert read(micropython, status, body)[:2] == (outcome, str(status))


@pytest.mark.parametrize(
    ("body", "miles"),
    [
        ({"milesAmount": 5}, 5),
        ({"totalMiles": "12"}, 12),
        ({"miles": 0}, 0),
        ({"data": {"milesIssued": 7}}, 7),
        ({"basket": {"issuances": [{"milesAmount": 3}]}}, 3),
        ({"issuances": [{"milesAmount": 3}, {"milesAmount": "4"}]}, 7),
        ({"milesAmount": 9, "issuances": [{"milesAmount": 3}]}, 9),
        ({"milesAmount": None, "issuances": [{"milesAmount": 3}]}, 3),
        ({"issuances": [{"milesAmount": 3}, {}]}, None),
        ({"issuances": []}, None),
        ({"milesAmount": 5.0}, None),
        ({"milesAmount": -1}, None),
        ({"milesAmount": True}, None),
        ({"milesAmount": 10**12}, None),
        ({"milesAmount": "five"}, None),
        ({"data": {"data": {"miles": 5}}}, None),
        ({"data": 5}, None),
        ([5], None),
        ("5", None),
        ({}, None),
    ],
)
def test_miles_are_found_where_they_might_be(
    micropython: Peer, body: object, miles: int | None
) -> None:
    assert read(micropython, 200, body)[2] == miles


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "Bad basket"}, "Bad basket"),
        ({"error": "INVALID", "message": "Bad basket"}, "Bad basket"),
        ({"error": {"message": "Bad basket"}}, "Bad basket"),
        ({"errors": [{"detail": "Bad basket"}]}, "Bad basket"),
        ({"errors": ["Bad basket", "other"]}, "Bad basket"),
        ({"error": "INVALID"}, "INVALID"),
        ({"message": "x" * 500}, "x" * 160),
        ({"message": 5}, ""),
        ({"message": {"code": 5}}, ""),
        ({"errors": []}, ""),
        (b'\xef\xbb\xbf {"message":"caf\xe9"}', "café"),
        (b"no JSON", ""),
    ],
)
def test_a_message_is_found_where_it_might_be(
    micropython: Peer, body: object, message: str
) -> None:
    assert read(micropython, 400, body)[3] == message


@pytest.mark.parametrize(
    ("body", "is_other"),
    [
        ({}, False),
        ({"checkoutTransactionId": samples.TRACE}, False),
        ({"checkoutTransactionId": 12340001111}, False),
        ({"clientTransactionId": samples.SALE}, True),
        ({"checkoutTransactionId": samples.SALE, "traceId": samples.TRACE}, False),
        ({"traceId": samples.SALE}, False),  # a gateway's own
        ({"checkoutTransactionId": ""}, False),
        ({"checkoutTransactionId": True}, False),
    ],
)
def test_a_reply_to_another_transaction_ends_none(
    micropython: Peer, body: dict, is_other: bool
) -> None:
    found = read(micropython, 200, {"milesAmount": 5, **body}, samples.TRACE)
    assert found[4] == is_other
    assert (found[0], found[2]) == (("open", None) if is_other else ("approved", 5))
    assert not read(micropython, 200, body)[4]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["milesAmount", "miles", "issuances", "message", "error", "data"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
)


@pytest.mark.parametrize(
    "value",
    [
        b"1e30",
        b"1e400",
        b"-5",
        b"9" * 401,
        b"1" + b"0" * 4000,
        b"NaN",
        b"[" * 3000,
        b'"\xff"',
    ],
    ids=lambda value: value[:8].decode("latin-1"),
)
def test_absurd_miles_are_no_miles_and_cost_no_approval(
    micropython: Peer, value: bytes
) -> None:
    found = read(micropython, 200, b'{"milesAmount":' + value + b"}")
    assert (found[0], found[2]) == ("approved", None)


@given(
    status=st.integers(-1, 1000),
    body=JSON.map(lambda v: json.dumps(v).encode()) | st.binary(),
)
def test_no_reply_raises_or_says_more_than_fits(status: int, body: bytes) -> None:
    outcome, code, miles, message, _ = samples.read(status, body, samples.TRACE)
    assert outcome in ("approved", "declined", "open") and code == str(status)
    assert miles is None or (type(miles) is int and 0 <= miles <= 999999999)
    assert len(message) <= 160 and message.encode() is not None


@given(body=st.binary(max_size=60))
def test_no_body_raises_on_micropython_either(micropython: Peer, body: bytes) -> None:
    for raw in (body, b'{"message":"' + body + b'","miles":5}'):
        assert micropython.call(SAMPLES, "read", 200, raw)[:2] == ("approved", "200")


def test_a_body_that_is_nested_too_deeply_costs_nothing_but_its_text(
    micropython: Peer,
) -> None:
    body = b'{"data":' * 3000 + b"5" + b"}" * 3000
    assert read(micropython, 202, body)[:3] == ("approved", "202", None)
