"""Bytes become whole lines, or one reason why not."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.drivers.assembling import emitted
from host_tests.kit.peer import Peer, agree

ASSEMBLING = "host_tests.drivers.assembling"
LINES = st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12))
BYTES = st.lists(
    st.none() | st.lists(st.sampled_from(b"0aZ\r\n\t\x02\x03\x00\x7f\x80\xff")).map(bytes),
    max_size=8,
)


@pytest.mark.parametrize("terminator", [b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\t\r\n"])
def test_a_line_ends_with_each_terminator(terminator: bytes) -> None:
    assert emitted(128, False, [b"84095202006" + terminator]) == [("scan", "84095202006")]


@pytest.mark.parametrize(
    "before", [b"\x02", b"\xff", b"\xff\xff", b"\0", b"\xff\x02", b"\x02\xff"]
)
def test_what_comes_before_a_line_costs_nothing(micropython: Peer, before: bytes) -> None:
    pieces = [before + b"84095202006\r" + before, None, before + b"1\r"]
    events = agree(micropython, ASSEMBLING, "emitted", 128, False, pieces)
    assert events == [("scan", "84095202006"), ("scan", "1")]


def test_a_line_that_begins_ends_the_one_before_it() -> None:
    assert emitted(128, False, [b"\x02123\x021234\x03"]) == [
        ("scan", "123"),
        ("scan", "1234"),
    ]
    pieces = [b"1\r84095\x0284095202006\r"]
    assert emitted(128, False, pieces)[1:] == [
        ("noise", "half a line"),
        ("scan", "84095202006"),
    ]


def test_empty_lines_are_nothing() -> None:
    assert emitted(128, False, [b"\r\n\r\n", None]) == []


def test_a_line_of_exactly_the_limit_is_good() -> None:
    assert emitted(8, False, [b"12345678\r"]) == [("scan", "12345678")]


def test_a_longer_line_is_dropped_whole_and_reported_once(micropython: Peer) -> None:
    pieces = [b"x" * 5000, b"x" * 5000 + b"\r", b"84095202006\r"]
    events = agree(micropython, ASSEMBLING, "emitted", 128, False, pieces)
    assert events == [("noise", "too long"), ("scan", "84095202006")]


def test_a_line_with_a_byte_beyond_ascii_is_dropped_whole() -> None:
    pieces = [b"8409\xff\xfe5202006\r1\r"]
    assert emitted(128, False, pieces) == [("noise", "not text"), ("scan", "1")]


def test_half_a_line_is_noise_of_a_reader_that_sends_terminators() -> None:
    pieces = [b"1\r", b"8409", None, b"5202006\r"]
    assert emitted(128, False, pieces)[1:] == [
        ("noise", "half a line"),
        ("scan", "5202006"),
    ]


def test_silence_ends_the_lines_of_a_reader_without_terminator(micropython: Peer) -> None:
    pieces = [b"\r", b"84095", b"202006", None, b"81000000010", None]
    events = agree(micropython, ASSEMBLING, "emitted", 128, False, pieces)
    assert events == [("scan", "84095202006"), ("scan", "81000000010")]


def test_silence_ends_every_line_where_half_a_line_shows_by_itself() -> None:
    assert emitted(128, True, [b"1\r", b"23", None]) == [("scan", "1"), ("scan", "23")]


def test_silence_ends_a_line_that_is_being_dropped() -> None:
    pieces = [b"x" * 200, None, b"1\r"]
    assert emitted(128, False, pieces) == [("noise", "too long"), ("scan", "1")]


@given(lines=LINES, cuts=st.lists(st.integers(0, 200)))
def test_every_line_arrives_however_its_bytes_are_cut(
    lines: list[str], cuts: list[int]
) -> None:
    raw = "".join(line + "\r\n" for line in lines).encode()
    edges = [0, *sorted(cut for cut in cuts if cut < len(raw)), len(raw)]
    pieces = [raw[a:b] for a, b in itertools.pairwise(edges)]
    assert emitted(128, False, pieces) == [("scan", line) for line in lines if line]


@given(limit=st.integers(1, 6), by_silence=st.booleans(), pieces=BYTES)
def test_both_pythons_emit_the_same(
    micropython: Peer, limit: int, by_silence: bool, pieces: list[bytes | None]
) -> None:
    events = agree(micropython, ASSEMBLING, "emitted", limit, by_silence, pieces)
    assert isinstance(events, list)
    assert all(len(text) <= limit for kind, text in events if kind == "scan")
