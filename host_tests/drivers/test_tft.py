"""The TFT shows large letters, keeps no frame, and sends only what changed."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.drivers.chips import run
from host_tests.drivers.dot_displays import SpiWire, tft
from milepad.drivers.display_bus import SpiBus
from milepad.drivers.lcd_glyphs import LETTERS
from milepad.drivers.tft import ILI9341_MADCTL, Tft
from tools.handheld.chips.st7789 import HEIGHT, WIDTH

ASCII = "".join(chr(code) for code in range(32, 127))
BLACK = (0, 0, 0)


def padded(rows: list[str]) -> list[str]:
    return [f"{row:<20}" for row in [*rows, "", "", "", ""][:4]]


@pytest.fixture(scope="module")
def cleared() -> SpiWire:
    wire, display = tft()
    run(display.start())
    return wire


def started() -> tuple[SpiWire, Tft]:
    wire, display = tft()
    run(display.start())
    wire.writes.clear()
    return wire, display


def test_it_is_initialised_with_the_waits_that_the_chip_wants(cleared: SpiWire) -> None:
    assert cleared.chip.complaints.all == []


def test_it_starts_black_from_edge_to_edge_with_the_light_on(cleared: SpiWire) -> None:
    colours = {cleared.chip.colour(x, y) for x in range(WIDTH) for y in range(HEIGHT)}
    assert colours == {BLACK}
    assert cleared.light.level == 1


def test_a_letter_is_one_window_and_a_kilobyte_in_eight_strips() -> None:
    wire, display = started()
    display.show(["", " L"])
    assert wire.writes[:5] == [
        (0, b"\x2a"),
        (1, b"\x00\x10\x00\x1f"),
        (0, b"\x2b"),
        (1, b"\x00\x4a\x00\x69"),
        (0, b"\x2c"),
    ]
    assert [len(raw) for _, raw in wire.writes[5:]] == [128] * 8
    first_line = wire.writes[5][1][:32]
    assert first_line == b"\0\0" + b"\xff" * 6 + b"\0" * 24


def test_the_same_screen_again_costs_nothing() -> None:
    wire, display = started()
    display.show(["TOTAL", "$43.35"])
    wire.writes.clear()
    assert display.show(["TOTAL", "$43.35"]) is True
    assert wire.writes == []


def test_a_byte_lost_on_the_wire_is_mended_when_the_screen_is_renewed() -> None:
    wire, display = started()
    rows = ["REDEEM        $40.00", "4 UNITS"]
    wire.chip.glitch()
    display.show(rows)
    for row in range(4):
        display.renew(row)
    assert display.show(rows)
    assert wire.chip.lines() == padded(rows)


def test_a_chip_that_was_reset_unnoticed_shows_all_after_two_renewals() -> None:
    wire, display = started()
    rows = ["APPROVED", "", "GIVE $40.00 OFF"]
    display.show(rows)
    wire.chip._obey(0x01, 0)  # as a dip of its supply does; what it held is noise
    wire.chip._memory[:] = array("H", [0x7BEF]) * (WIDTH * HEIGHT)
    for _ in range(2):
        wire.clock.now_ms += 5000
        for row in range(4):
            display.renew(row)
            display.show(rows)
    assert wire.chip.lines() == padded(rows)


def test_a_renewed_chip_that_is_awake_has_no_complaint() -> None:
    wire, display = started()
    wire.clock.now_ms += 5000
    display.renew(0)
    display.show(["CARD"])
    assert wire.chip.complaints.all == []


def test_only_the_letter_that_changed_is_sent() -> None:
    wire, display = started()
    display.show(["UNITS 3 OF 4"])
    wire.writes.clear()
    display.show(["UNITS 2 OF 4"])
    assert wire.byte_count == 1024 + 11
    assert wire.chip.lines() == padded(["UNITS 2 OF 4"])


@settings(max_examples=12)
@given(st.lists(st.text(ASCII + LETTERS, max_size=20), max_size=4))
def test_any_screen_is_read_back(rows: list[str]) -> None:
    wire, display = started()
    assert display.show(rows) is True
    assert wire.chip.lines() == padded(rows)
    assert wire.chip.complaints.all == []


def test_the_light_is_kept_through_a_start() -> None:
    wire, display = started()
    display.backlight(False)
    run(display.start())
    assert wire.light.level == 0


def test_the_other_chip_differs_in_two_bytes() -> None:
    wire = SpiWire()  # selected for good: CS is tied low
    display = Tft(SpiBus(wire, wire.dc), ILI9341_MADCTL, False, None, wire.clock.sleep)
    run(display.start())
    sent = [raw for _, raw in wire.writes[:8]]
    assert sent == [b"\x01", b"\x11", b"\x3a", b"\x55", b"\x36", b"\x28", b"\x20", b"\x13"]
