"""Frames on a stream: however it is cut into pieces, the messages are the same."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.pinpad.frames import MAX_BYTES, Frames, pack

CALLS = "host_tests.on_micropython.pinpad_calls"


@given(
    st.lists(st.binary(min_size=1, max_size=40), max_size=4), st.lists(st.integers(0, 200))
)
def test_pieces_of_any_size_give_the_same_messages(
    micropython: Peer, sent: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(map(pack, sent))
    ends = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    pieces = [stream[a:b] for a, b in itertools.pairwise(ends)]
    assert agree(micropython, CALLS, "framed", pieces) == sent


@pytest.mark.parametrize("size", [0, MAX_BYTES + 1, 1 << 31, (1 << 32) - 1])
def test_one_that_is_too_long_is_refused_before_it_is_read(
    micropython: Peer, size: int
) -> None:
    head = size.to_bytes(4, "big")
    assert agree(micropython, CALLS, "framed", [pack(b"{}"), head]) == [b"{}", "refused"]


def test_the_largest_is_taken_when_it_has_its_turn() -> None:
    frames, raw = Frames(), pack(b"x" * MAX_BYTES)
    assert frames.feed(pack(b"{}") + raw[:100]) == [b"{}"]
    assert (frames.wants_turn, frames.is_within) == (True, True)
    frames.has_turn = True
    assert frames.feed(b"") == []
    assert frames.feed(raw[100:] + raw[:100]) == [b"x" * MAX_BYTES]
    assert (frames.wants_turn, frames.has_turn) == (True, False)  # each has its own
