"""A till on a line: frames in any pieces, and a line that finds its feet after nonsense."""

import pytest

from host_tests.kit.peer import Peer, agree
from milepad.pinpad.frames import pack

CALLS = "host_tests.on_micropython.till_transports"
STOP = pack(b"stop")
QUIET = [b""] * 60  # polls of 10 ms


def test_a_message_is_answered_whatever_the_pieces(micropython: Peer) -> None:
    raw = pack(b"hello") + STOP
    pieces = [raw[at : at + 1] for at in range(len(raw))]
    assert agree(micropython, CALLS, "on_a_line", pieces) == ([b"HELLO"], 0)


def test_a_uart_that_takes_little_at_a_time_gets_all(micropython: Peer) -> None:
    long = b"x" * 1000
    found = agree(micropython, CALLS, "on_a_line", [pack(long), *QUIET, STOP], 7)
    assert found == ([long.upper()], 0)


@pytest.mark.parametrize(
    "nonsense", [b"\r\n\xff\xff\xff", b"\x00\x00\x00\x00", b"AT+CGMI\r\n"]
)
def test_after_nonsense_and_quiet_a_frame_is_a_frame(
    micropython: Peer, nonsense: bytes
) -> None:
    pieces = [nonsense, b"", nonsense, *QUIET, pack(b"hello"), *QUIET, STOP]
    assert agree(micropython, CALLS, "on_a_line", pieces) == ([b"HELLO"], 1)
