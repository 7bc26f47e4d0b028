"""A till's JSON: amounts stay the text that they were, and nothing but JSON is read."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython import pinpad_calls
from milepad.base.errors import MessageError

CALLS = "host_tests.on_micropython.pinpad_calls"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


def numbers_as_texts(value: object) -> object:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return ("number", str(value))
    if isinstance(value, dict):
        return {name: numbers_as_texts(each) for name, each in value.items()}
    assert isinstance(value, list)
    return [numbers_as_texts(each) for each in value]


@given(
    st.dictionaries(TEXTS, VALUES, max_size=4), st.booleans(), st.sampled_from([None, 1])
)
def test_what_any_writer_writes_is_read(
    micropython: Peer, value: dict, ascii_only: bool, indent: int | None
) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert agree(micropython, CALLS, "parsed", raw) == numbers_as_texts(value)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_what_is_written_any_reader_reads(micropython: Peer, value: dict) -> None:
    raw = agree(micropython, CALLS, "written", value)
    assert isinstance(raw, bytes)
    assert json.loads(raw) == value


def test_the_members_stand_in_the_order_of_their_names(micropython: Peer) -> None:
    value = {"b": 1, "a": [True, None, 'é\n"\\\x01'], "c": {}, "d": [], "Amount": 4000}
    raw = agree(micropython, CALLS, "written", value, ("Amount",))
    expected = (
        '{"Amount":40.00,"a":[true,null,"é\\u000a\\"\\\\\\u0001"],"b":1,"c":{},"d":[]}'
    )
    assert raw == expected.encode()


@pytest.mark.parametrize(
    "text", ["0", "-0", "43.35", "43.350", "1e2", "1E-2", "0.1", "-1.5e+10", "123456789012"]
)
def test_a_number_stays_as_it_was_written(micropython: Peer, text: str) -> None:
    raw = b'{"a": %s }' % text.encode()
    assert agree(micropython, CALLS, "parsed", raw) == {"a": ("number", text)}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"1",
        b"{",
        b'{"a"}',
        b'{"a":}',
        b'{"a":1,}',
        b'{,"a":1}',
        b'{"a" 1}',
        b'{"a":1 "b":2}',
        b'{"a":1}x',
        b'{"a":1}{"a":1}',
        b'{"a":01}',
        b'{"a":1.}',
        b'{"a":.5}',
        b'{"a":+1}',
        b'{"a":1e}',
        b'{"a":-}',
        b'{"a":NaN}',
        b'{"a":tru}',
        b'{"a":"\n"}',
        b'{"a":"\\x"}',
        b'{"a":"\\u12"}',
        b'{"a":"\\u12g4"}',
        b'{"a":"\xff"}',
        b'{"a":"b}',
        b'{"a":1,"a":2}',
        b"{1:2}",
        b'{"a":[1,]}',
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b"\0{}",
        b'{"a":1}\0',
    ],
)
def test_what_is_no_json_is_refused(micropython: Peer, raw: bytes) -> None:
    with pytest.raises(MessageError):
        agree(micropython, CALLS, "parsed", raw)


def test_a_pair_of_escapes_is_one_letter_and_half_of_one_is_none(micropython: Peer) -> None:
    raw = b'{"a": "\\ud83d\\ude00", "b": "\\ud83d", "c": "\\ud83dx", "d": "\\u00e9\\/"}'
    found = agree(micropython, CALLS, "parsed", raw)
    assert found == {"a": "\U0001f600", "b": "?", "c": "?x", "d": "é/"}


def test_a_byte_order_mark_is_passed_over(micropython: Peer) -> None:
    assert agree(micropython, CALLS, "parsed", b'\xef\xbb\xbf {"a":"b"} ') == {"a": "b"}


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_read_or_refused(micropython: Peer, raw: bytes) -> None:
    with contextlib.suppress(MessageError):
        agree(micropython, CALLS, "parsed", raw)


WHOLE = json.dumps(
    {"SaleToPOIRequest": {"A": [1.5, "é", {"b": None}], "c": '\\"', "d": -3, "e": True}}
).encode()


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_mutated_json_is_read_alike_on_both_pythons_or_refused(
    micropython: Peer, at: int, put: bytes, drop: int
) -> None:
    raw = WHOLE[:at] + put + WHOLE[at + drop :]
    try:
        found = agree(micropython, CALLS, "parsed", raw)
    except MessageError:
        return
    assert json.loads(raw).keys() == found.keys()  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", range(len(WHOLE)))
def test_a_message_that_was_cut_is_refused(end: int) -> None:
    with pytest.raises(MessageError):
        pinpad_calls.parsed(WHOLE[:end])
