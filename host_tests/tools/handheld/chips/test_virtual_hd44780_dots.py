"""The character LCD's dots: the ROM's letters, user glyphs, and the picture of them."""

from __future__ import annotations

import pytest

from host_tests.tools.handheld.chips.test_virtual_hd44780 import Bus
from host_tests.tools.handheld.handheld_lcd_bytes import byte, text
from milepad.drivers.lcd_glyphs import LETTERS, rom_code
from tools.handheld.chips.hd44780_rom import rom_rows

ACUTE_E = bytes.fromhex("02 04 0E 11 1F 10 0E 00")


def test_a_letter_of_the_rom_has_the_datasheet_s_dots() -> None:
    bus = Bus()
    bus.send(text("A"))
    assert bus.lcd.dots()[:16] == bytes.fromhex("0E 11 11 11 1F 11 11 00") + bytes(8)


def test_a_user_glyph_has_the_dots_that_were_loaded() -> None:
    bus = Bus()
    bus.send(byte(0x40) + text(ACUTE_E.decode("latin-1")))
    bus.send(byte(0x80 | 0x54 + 19) + text("\x00"))
    assert bus.lcd.dots() == bytes(79 * 8) + ACUTE_E


@pytest.mark.parametrize("instruction", [0x08, 0x20])
def test_a_dark_row_has_no_dots(instruction: int) -> None:
    bus = Bus()
    bus.send(byte(0x80 | 0x40) + text("A") + byte(instruction))
    assert not any(bus.lcd.dots())


def test_every_letter_that_the_driver_can_send_has_its_dots() -> None:
    unknown = rom_rows(0x10)
    letters = [chr(code) for code in range(0x20, 0x7E)] + list("ü°→←·¢")
    assert not [
        letter
        for letter in letters
        if letter not in LETTERS and rom_rows(rom_code(letter)) == unknown
    ]


def test_no_two_letters_look_alike() -> None:
    shapes = [rom_rows(code) for code in range(0x20, 0x7E)]
    assert len(set(shapes)) == len(shapes)


def test_the_picture_shows_a_lit_dot_brighter_than_an_unlit_one() -> None:
    bus = Bus()
    bus.send(text("A"))
    picture = bus.lcd.picture().convert("RGB")
    assert picture.size == (612, 208)
    lit, unlit = picture.getpixel((22, 17)), picture.getpixel((17, 17))
    assert sum(lit) > 600 > sum(unlit)  # type: ignore[arg-type]
