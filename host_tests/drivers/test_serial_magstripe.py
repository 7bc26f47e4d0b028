"""A magstripe reader that sends a line for each card, or one for each track."""

import pytest

from host_tests.drivers.chips import Emitted, Uart
from milepad.base.errors import CardError
from milepad.card.tracks import swipe
from milepad.drivers.serial_magstripe import SerialMagstripe

NUMBER = "84095202006"
TRACK1 = f"%B{NUMBER}^COLLECTOR/A^99120000?"
TRACK2 = f";{NUMBER}=99120000?"
TRACK3 = "+0123456789?"


def sent(*pieces: bytes, gap_ms: int = 20) -> Emitted:
    """What comes of pieces that arrive `gap_ms` apart, and of the silence after them."""
    uart, emit = Uart(), Emitted()
    reader = SerialMagstripe(uart)
    now_ms = 0
    for piece in pieces:
        uart.waiting += piece
        for _ in range(0, gap_ms, 10):
            reader.poll(emit, now_ms)
            now_ms += 10
    for _ in range(20):
        reader.poll(emit, now_ms)
        now_ms += 10
    return emit


def test_a_card_in_one_line_is_emitted_at_once() -> None:
    uart, emit = Uart(), Emitted()
    uart.waiting += (TRACK1 + TRACK2).encode() + b"\r\n"
    SerialMagstripe(uart).poll(emit, 0)
    assert emit == [("swipe", TRACK1 + TRACK2)]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", "\x03"])
@pytest.mark.parametrize(
    "tracks",
    [
        (TRACK1, TRACK2),
        (TRACK1, TRACK2, TRACK3),
        (TRACK1,),
        (TRACK2,),
        ("", TRACK2),
        ("", TRACK2, ""),
        ("%E?", TRACK2),
        ("%E?", TRACK2, "+E?"),
        ("%?", TRACK2, "+?"),
        (TRACK1, ";E?"),
        (TRACK1, "", ""),
        ("\x02" + TRACK1, "\x02" + TRACK2),
        ("%E?" + TRACK2,),
        (TRACK1 + "7", TRACK2 + "4"),  # with the check character of each track
    ],
)
def test_one_swipe_is_one_card_however_many_lines_it_has(
    tracks: tuple[str, ...], end: str
) -> None:
    emit = sent(*((line + end).encode() for line in tracks))
    ((kind, text),) = emit
    assert kind == "swipe"
    assert swipe(text, {}).collector_number == NUMBER


def test_the_last_line_needs_no_terminator() -> None:
    ((_, text),) = sent(TRACK1.encode() + b"\r", TRACK2.encode())
    assert text == TRACK1 + TRACK2


def test_two_swipes_are_two_cards() -> None:
    lines = (TRACK1.encode() + b"\r", TRACK2.encode() + b"\r")
    uart, emit = Uart(), Emitted()
    reader = SerialMagstripe(uart)
    for now_ms in range(0, 2000, 10):
        if now_ms in (0, 1000):
            uart.waiting += lines[0]
        elif now_ms in (50, 1050):
            uart.waiting += lines[1]
        reader.poll(emit, now_ms)
    assert emit == [("swipe", TRACK1 + TRACK2)] * 2


def test_a_track_that_noise_spoilt_costs_a_card_nothing() -> None:
    assert sent(b"%B8409\x805202006^X?\r", TRACK2.encode() + b"\r") == [("swipe", TRACK2)]


def test_a_swipe_that_stopped_half_way_is_no_card() -> None:
    ((kind, text),) = sent(b";8409520")
    with pytest.raises(CardError):
        swipe(text, {})
    assert kind == "swipe"


def test_a_swipe_of_noise_alone_says_so_once() -> None:
    assert sent(b"\x80\x81\r\x82\r") == [("noise", "not text")]


def test_three_full_tracks_fit_and_no_more() -> None:
    assert sent(b"1" * 256 + b"\r") == [("swipe", "1" * 256)]
    assert sent(b"2" * 257 + b"\r") == [("noise", "too long")]
    assert sent(b"1" * 200 + b"\r" + b"2" * 57 + b"\r") == [("swipe", "1" * 200)]
