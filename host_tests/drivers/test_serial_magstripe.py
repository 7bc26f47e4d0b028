"""A magstripe reader that sends a line for each card."""

from host_tests.drivers.chips import Emitted, Uart
from milepad.drivers.serial_magstripe import SerialMagstripe

CARD = "%B84095202006^COLLECTOR/A^99120000?;84095202006=99120000?"


def test_a_card_is_emitted_as_a_swipe() -> None:
    uart, emit = Uart(), Emitted()
    uart.waiting += CARD.encode() + b"\r\n"
    SerialMagstripe(uart).poll(emit, 0)
    assert emit == [("swipe", CARD)]


def test_three_full_tracks_fit_and_no_more() -> None:
    uart, emit = Uart(), Emitted()
    uart.waiting += b"1" * 256 + b"\r" + b"2" * 257 + b"\r"
    SerialMagstripe(uart).poll(emit, 0)
    assert emit == [("swipe", "1" * 256), ("noise", "too long")]
