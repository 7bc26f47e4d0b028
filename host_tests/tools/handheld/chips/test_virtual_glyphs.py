"""Glyphs are read as a person would read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.handheld.chips.glyphs import SHAPES, recognise, rom_letter


@pytest.mark.parametrize("letter", "àâçéèêëîïôùûüÀÂÇÉÈÊËÎÏÔÙÛ")
def test_every_letter_of_french_has_a_shape_of_its_own(letter):
    shapes = [shape for shape, name in SHAPES.items() if name == letter]
    assert shapes
    assert {recognise(shape) for shape in shapes} == {letter}


def test_a_pixel_more_or_less_does_not_hide_the_letter():
    assert recognise(bytes((0x02, 0x04, 0x0E, 0x11, 0x1F, 0x10, 0x0F, 0x00))) == "é"


def test_an_empty_glyph_is_a_blank():
    assert recognise(bytes(8)) == " "


@pytest.mark.parametrize(
    ("code", "letter"),
    [
        (36, "$"),
        (92, "¥"),
        (126, "→"),
        (127, "←"),
        (165, "･"),
        (177, "ｱ"),
        (223, "ﾟ"),
        (224, "α"),
        (225, "ä"),
        (245, "ü"),
        (246, "Σ"),
        (253, "÷"),
        (255, "█"),
        (16, " "),
    ],
)
def test_the_rom_is_a00(code, letter):
    assert rom_letter(code) == letter


@given(st.binary(min_size=8, max_size=8))
def test_any_pattern_is_one_character(pattern):
    assert len(recognise(bytes(row & 31 for row in pattern))) == 1


@given(st.integers(16, 255))
def test_every_code_is_one_character(code):
    assert len(rom_letter(code)) == 1
