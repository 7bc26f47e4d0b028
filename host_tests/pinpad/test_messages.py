"""Requests, answers and conditions: what is read of a till's message, and what it is told."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.amcash.response_codes import NO_CODE, known
from milepad.base.errors import MessageError
from milepad.base.vocabulary import APPROVED, DECLINED, NOT_SENT, OPEN, UNKNOWN
from milepad.pinpad import conditions

CALLS = "host_tests.on_micropython.pinpad_calls"
HEADER = {
    "MessageClass": "Service",
    "MessageCategory": "Login",
    "MessageType": "Request",
    "SaleID": "TILL1",
    "POIID": "001",
    "ServiceID": "0000000001",
}


def message(header: dict[str, Any] | None = None, **members: Any) -> bytes:
    whole = {"MessageHeader": HEADER if header is None else header, **members}
    return json.dumps({"SaleToPOIRequest": whole}).encode()


def test_the_header_is_repeated_and_the_body_is_the_category_s(micropython: Peer) -> None:
    header = {**HEADER, "ProtocolVersion": "3.0", "Unknown": [1]}
    raw = message(header, LoginRequest={"OperatorID": "12", "Odd": {}}, Other=1)
    repeated = {
        name: header[name] for name in header if name not in ("MessageType", "Unknown")
    }
    expected = (repeated, "", {"OperatorID": "12", "Odd": {}})
    assert agree(micropython, CALLS, "request", raw) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"ServiceID": ""},
        {"ServiceID": "12345678901"},
        {"ServiceID": "1 2"},
        {"SaleID": None},
        {"SaleID": "x" * 25},
        {"SaleID": "é"},
        {"POIID": ""},
        {"MessageType": "Response"},
        {"MessageCategory": "a" * 25},
        {"MessageCategory": []},
    ],
)
def test_a_header_that_no_answer_could_belong_to_is_refused(
    micropython: Peer, changes: dict
) -> None:
    with pytest.raises(MessageError):
        agree(
            micropython, CALLS, "request", message({**HEADER, **changes}, LoginRequest={})
        )


@pytest.mark.parametrize("members", [{}, {"LoginRequest": 1}, {"LoginRequest": None}])
def test_a_body_that_is_none_is_named(micropython: Peer, members: dict) -> None:
    found = agree(micropython, CALLS, "request", message(**members))
    assert found[1] == "LoginRequest"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "cents"),
    [("43.35", 4335), ("40", 4000), ("0.1", 10), ('"43.35"', 4335), ("null", None)],
)
def test_an_amount_is_read_from_its_text(
    micropython: Peer, text: str, cents: int | None
) -> None:
    raw = b'{"Value": %s}' % text.encode()
    assert agree(micropython, CALLS, "amount", raw, "Value") == cents


@pytest.mark.parametrize("text", ["43.355", "-1", "1e2", '"4,00"', "true", "[]", "9999999"])
def test_what_is_no_amount_is_refused(micropython: Peer, text: str) -> None:
    with pytest.raises(MessageError):
        agree(micropython, CALLS, "amount", b'{"Value": %s}' % text.encode(), "Value")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["SaleToPOIRequest", "MessageHeader", *HEADER]), inner
            )
        ),
    )
)
def test_any_json_is_a_request_or_refused(micropython: Peer, value: object) -> None:
    raw = json.dumps({"SaleToPOIRequest": value}, ensure_ascii=False).encode(
        "utf-8", "replace"
    )
    with contextlib.suppress(MessageError):
        agree(micropython, CALLS, "request", raw)


def test_an_answer_tells_its_result_and_its_notes(micropython: Peer) -> None:
    assert agree(micropython, CALLS, "answered", "", {}, {"A": 1}) == {
        "A": 1,
        "Response": {"Result": "Success"},
    }
    assert agree(micropython, CALLS, "answered", "Busy", {"b": 1, "a": "x"}, {}) == {
        "Response": {
            "Result": "Failure",
            "ErrorCondition": "Busy",
            "AdditionalResponse": "a=x&b=1",
        }
    }


@pytest.mark.parametrize("code", [*known(), NO_CODE, "9999"])
def test_every_response_code_has_its_condition(micropython: Peer, code: str) -> None:
    found = agree(micropython, CALLS, "condition", DECLINED, code, "")
    assert found in conditions.ALL
    assert found


@pytest.mark.parametrize("code", known())
def test_only_a_code_that_approves_is_no_failure(code: str) -> None:
    assert (conditions.of_code(code) == "") == (code in ("0000", "0001"))


@pytest.mark.parametrize(
    ("outcome", "cause", "expected"),
    [
        (APPROVED, "", ""),
        (OPEN, "", ""),
        (UNKNOWN, "", "UnreachableHost"),
        *[(NOT_SENT, c, "UnreachableHost") for c in ("wifi", "network", "tls", "token", "busy")],
        (NOT_SENT, "login", "UnavailableService"),
    ],
)  # fmt: skip
def test_every_outcome_of_the_link_has_its_condition(
    micropython: Peer, outcome: str, cause: str, expected: str
) -> None:
    assert agree(micropython, CALLS, "condition", outcome, "", cause) == expected
