"""The OLED shows what it is told, sends only what changed, and survives being unplugged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.drivers.chips import run
from host_tests.drivers.dot_displays import I2cWire, oled
from milepad.base.errors import DriverError
from milepad.drivers.lcd_glyphs import LETTERS
from milepad.drivers.ssd1306 import Ssd1306
from tools.handheld.chips.ssd1306 import HEIGHT, WIDTH

ASCII = "".join(chr(code) for code in range(32, 127))
BLANK = [" " * 20] * 4


def padded(rows: list[str]) -> list[str]:
    return [f"{row:<20}" for row in [*rows, "", "", "", ""][:4]]


def started() -> tuple[I2cWire, Ssd1306]:
    wire, display = oled()
    run(display.start())
    wire.writes.clear()
    return wire, display


def test_it_is_initialised_as_the_chip_wants_and_blank() -> None:
    wire, _ = started()
    assert wire.chip.complaints.all == []
    assert wire.chip.is_lit
    assert wire.chip.lines() == BLANK
    assert not [1 for y in range(HEIGHT) for x in range(WIDTH) if wire.chip.pixel(x, y)]


def test_the_first_letter_is_one_window_and_twelve_bytes_of_dots() -> None:
    wire, display = started()
    display.show(["L"])
    assert wire.writes == [
        b"\x00\x21\x04\x09\x22\x00\x01",
        b"\x40\xff\x00\x00\x00\x00\x00\x3f\x30\x30\x30\x30\x00",
    ]


def test_the_same_screen_again_costs_the_nop_that_asks_for_the_chip() -> None:
    wire, display = started()
    display.show(["TOTAL", "$43.35"])
    wire.writes.clear()
    assert display.show(["TOTAL", "$43.35"]) is True
    assert wire.writes == [b"\x00\xe3"]
    wire.present = False
    assert display.show(["TOTAL", "$43.35"]) is False


@pytest.mark.parametrize("skipped", range(3))
def test_a_byte_lost_on_the_wire_is_mended_when_the_screen_is_renewed(skipped: int) -> None:
    wire, display = started()
    rows = ["REDEEM        $40.00", "4 UNITS", "", "ENTER"]
    display.show(rows[:skipped])
    wire.chip.glitch()
    display.show(rows)
    for row in range(4):
        display.renew(row)
    assert display.show(rows)
    assert wire.chip.lines() == padded(rows)


def test_a_chip_that_lost_its_settings_unnoticed_shows_all_when_it_is_renewed() -> None:
    wire, display = started()
    display.show(["APPROVED", "", "GIVE $40.00 OFF"])
    wire.chip.__init__()  # type: ignore[misc]  # a dip of its supply between two writes
    for row in range(4):
        display.renew(row)
        display.show(["APPROVED", "", "GIVE $40.00 OFF"])
    assert wire.chip.is_lit
    assert wire.chip.lines() == padded(["APPROVED", "", "GIVE $40.00 OFF"])
    assert wire.chip.complaints.all == []


def test_only_the_row_that_is_renewed_is_sent_again() -> None:
    wire, display = started()
    display.show(["TOTAL", "$43.35"])
    wire.writes.clear()
    display.renew(1)
    display.show(["TOTAL", "$43.35"])
    assert [len(raw) for raw in wire.writes] == [7, 1 + 2 * 20 * 6]


def test_only_the_letters_that_changed_are_sent() -> None:
    wire, display = started()
    display.show(["UNITS 3 OF 4"])
    wire.writes.clear()
    display.show(["UNITS 2 OF 4"])
    assert sum(len(raw) + 1 for raw in wire.writes) == 22
    assert wire.chip.lines() == padded(["UNITS 2 OF 4"])


@given(st.lists(st.lists(st.text(ASCII + LETTERS, max_size=20), max_size=4), max_size=4))
def test_any_row_of_screens_is_read_back(screens: list[list[str]]) -> None:
    wire, display = started()
    for rows in screens:
        assert display.show(rows) is True
        assert wire.chip.lines() == padded(rows)
    assert wire.chip.complaints.all == []


def test_without_the_chip_start_says_where_it_looked() -> None:
    _, display = oled(present=False)
    with pytest.raises(DriverError, match=r"^display: nothing at I2C 0x3c$"):
        run(display.start())
    assert display.show(["A"]) is False


def test_a_chip_that_was_unplugged_starts_again_and_shows_all() -> None:
    wire, display = started()
    display.show(["BEFORE"])
    wire.present = False
    assert display.show(["AFTER"]) is False
    wire.present = True
    assert display.show(["AFTER"]) is False  # not before start()
    run(display.start())
    assert display.show(["AFTER"]) is True
    assert wire.chip.lines() == padded(["AFTER"])


def test_the_light_goes_out_and_stays_out_through_a_start() -> None:
    wire, display = started()
    display.backlight(False)
    assert not wire.chip.is_lit
    run(display.start())
    assert not wire.chip.is_lit
    display.backlight(True)
    assert wire.chip.is_lit
    assert wire.chip.complaints.all == []
