"""Frames are packed and read as the board and the desktop agreed."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.handheld import frames


def read_all(raw: bytes) -> list[frames.Frame]:
    async def read() -> list[frames.Frame]:
        stream = asyncio.StreamReader()
        stream.feed_data(raw)
        stream.feed_eof()
        found = []
        while (frame := await frames.read(stream)) is not None:
            found.append(frame)
        return found

    return asyncio.run(read())


def test_golden_bytes_of_a_key():
    assert frames.pack(frames.KEY, b"\x04\x00\x01") == b"K\x00\x03\x04\x00\x01"


def test_a_frame_too_long_for_its_length_is_refused():
    with pytest.raises(ValueError, match="65535"):
        frames.pack(frames.LOG, bytes(65536))


@given(
    st.lists(
        st.tuples(st.sampled_from(frames.FROM_BOARD), st.binary(max_size=300)), max_size=5
    )
)
def test_what_is_packed_is_read_again(sent):
    assert read_all(b"".join(frames.pack(*frame) for frame in sent)) == sent


@pytest.mark.parametrize("raw", [b"Traceback", b"K\x00\x00", b"L\x00", b"L\x00\x05abc"])
def test_what_is_no_frame_is_an_error_that_holds_its_beginning(raw):
    with pytest.raises(frames.FrameError) as fault:
        read_all(raw)
    assert raw.startswith(fault.value.raw)
