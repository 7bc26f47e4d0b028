"""A picture of the character LCD's glass: white dots on blue, those that are not lit as well."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tools.handheld.chips.hd44780_rom import HEIGHT, WIDTH

ROWS, COLUMNS = 4, 20
# A dot and the gap behind it, the gap between cells, the glass around them, in pixels.
_DOT, _PITCH, _CELL_GAP, _MARGIN = 4, 5, 4, 16
_COLOURS = ((24, 58, 140), (30, 66, 152), (226, 238, 255))
_GLASS, _UNLIT, _LIT = range(3)


def draw(dots: bytes) -> Image.Image:
    """The eighty cells of `CharacterLcd.dots`, as a picture of three colours."""
    wide, high = WIDTH * _PITCH + _CELL_GAP, HEIGHT * _PITCH + _CELL_GAP
    size = (COLUMNS * wide + 2 * _MARGIN, ROWS * high + 2 * _MARGIN)
    image = Image.new("P", size, _GLASS)
    image.putpalette([level for colour in _COLOURS for level in colour])
    pen = ImageDraw.Draw(image)
    for n, row in enumerate(dots):
        cell, y = divmod(n, HEIGHT)
        left = _MARGIN + cell % COLUMNS * wide
        top = _MARGIN + cell // COLUMNS * high + y * _PITCH
        for x in range(WIDTH):
            colour = _LIT if row >> (WIDTH - 1 - x) & 1 else _UNLIT
            at = left + x * _PITCH
            pen.rectangle((at, top, at + _DOT - 1, top + _DOT - 1), colour)
    return image
