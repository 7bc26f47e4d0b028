"""The virtual OLED obeys the SSD1306's datasheet and says what the chip would not forgive."""

from __future__ import annotations

import pytest

from tools.handheld.chips.ssd1306 import HEIGHT, WIDTH, Ssd1306

SETTINGS = b"\xa8\x3f\x20\x00\xa1\xc8\xda\x12\x8d\x14"
ALL = b"\x21\x00\x7f\x22\x00\x07"


def chip(settings: bytes = SETTINGS, on: bool = True) -> Ssd1306:
    """A module that was cleared."""
    oled = Ssd1306()
    oled.write(b"\x00" + settings + ALL)
    oled.write(b"\x40" + bytes(1024))
    if on:
        oled.write(b"\x00\xaf")
    return oled


def lit(oled: Ssd1306) -> set[tuple[int, int]]:
    return {(x, y) for x in range(WIDTH) for y in range(HEIGHT) if oled.pixel(x, y)}


def test_the_first_byte_lights_the_upper_left_corner_downward() -> None:
    oled = chip()
    oled.write(b"\x00" + ALL)
    oled.write(b"\x40\x03")
    assert lit(oled) == {(0, 0), (0, 1)}


def test_data_fills_its_window_line_by_line() -> None:
    oled = chip()
    oled.write(b"\x00\x21\x0a\x0b\x22\x02\x03")
    oled.write(b"\x40\x01\x02\x04\x08")
    assert lit(oled) == {(10, 16), (11, 17), (10, 26), (11, 27)}


def test_one_byte_at_a_time_with_co_is_the_same() -> None:
    oled = chip()
    oled.write(b"\x80\x21\x80\x0a\x80\x0b\x80\x22\x80\x02\x80\x03\x40\x01")
    assert lit(oled) == {(10, 16)}


def test_page_addressing_has_commands_of_its_own() -> None:
    oled = chip()
    oled.write(b"\x00\x20\x02\xb1\x05\x12")
    oled.write(b"\x40\x01")
    assert lit(oled) == {(0x25, 8)}
    assert oled.complaints.all == []


def test_a_module_that_is_not_turned_stands_upside_down() -> None:
    oled = chip(b"\xa8\x3f\x20\x00\xa0\xc0\xda\x12\x8d\x14")
    oled.write(b"\x00" + ALL)
    oled.write(b"\x40\x01")
    assert lit(oled) == {(127, 63)}


def test_memory_holds_noise_after_power_up() -> None:
    oled = Ssd1306()
    oled.write(b"\x00" + SETTINGS + b"\xaf")
    assert len(lit(oled)) > 1000


@pytest.mark.parametrize("settings", [SETTINGS[:-2], SETTINGS[:-1] + b"\x10"])
def test_without_the_charge_pump_the_panel_stays_dark(settings: bytes) -> None:
    oled = chip(settings)
    oled.write(b"\x40" + b"\xff" * 1024)
    assert lit(oled) == set()
    assert oled.lines() == [" " * 20] * 4
    assert oled.complaints.all == ["0xAF: not with 0x00 here"]


def test_inverse_and_all_on() -> None:
    oled = chip()
    oled.write(b"\x00\xa7")
    assert len(lit(oled)) == WIDTH * HEIGHT
    oled.write(b"\x00\xa6\xa5")
    assert len(lit(oled)) == WIDTH * HEIGHT
    oled.write(b"\x00\xa4")
    assert lit(oled) == set()


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"\x00\x21\x10\x05", "0x21: no window from 16 to 5"),
        (b"\x00\x22\x00\x08", "0x22: no window from 0 to 8"),
        (b"\x00\xb0", "0xB0: only in page addressing mode"),
        (b"\x00\xf0", "0xF0 is no command"),
        (b"\x00\xd9\x0f", "0xD9: not with 0x0F here"),
        (b"\x00\xda\x02", "0xDA: not with 0x02 here"),
        (b"\x00\x8d\x10", "0x8D: not with 0x10 here"),  # the pump, while it is on
        (b"\x01\xaf", "0x01 is no control byte"),
        (b"\x00", "a control byte with nothing behind it"),
    ],
)
def test_what_the_chip_would_not_forgive(raw: bytes, complaint: str) -> None:
    oled = chip()
    oled.write(raw)
    assert oled.complaints.all == [complaint]


def test_data_in_place_of_a_parameter() -> None:
    oled = chip()
    oled.write(b"\x00\x21\x00")
    oled.write(b"\x40\x01")
    assert oled.complaints.all == ["0x21: data in place of a parameter"]


def test_a_cell_with_one_wrong_dot_is_a_question_mark() -> None:
    oled = chip()
    oled.write(b"\x00\x21\x09\x09\x22\x00\x00")
    oled.write(b"\x40\x01")  # the gap between the first two letters
    assert oled.lines() == ["?" + " " * 19] + [" " * 20] * 3


def test_the_picture_is_four_times_as_large() -> None:
    oled = chip()
    oled.write(b"\x00" + ALL)
    oled.write(b"\x40\x01")
    picture = oled.picture()
    assert picture.size == (512, 256)
    assert sum(picture.getpixel((3, 3))) > 400  # type: ignore[arg-type]
    assert sum(picture.getpixel((4, 4))) < 100  # type: ignore[arg-type]
