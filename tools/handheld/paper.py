"""Draws a slip as the paper that leaves the printer: one pixel a dot, 203 dots an inch.

Text is set in Pillow's own font, a character a cell of 12 x 24 dots; CODE128 symbols are
drawn bar for bar with their quiet zones, so that a barcode reader can read the picture.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tools.handheld.chips import code128
from tools.handheld.chips.slip import (
    CELL_DOTS,
    LINE_DOTS,
    Barcode,
    Element,
    Feed,
    Slip,
    Span,
    Style,
    TextLine,
)

_CELL_HEIGHT = 24
_MARGIN = 32  # the paper is wider than what is printed on it
_WHITE, _BLACK = 255, 0
_FONT = ImageFont.load_default(size=19)


# Pillow's font ends with ASCII: what lies beyond is a letter of it and strokes in the cell.
_ACCENTS: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    "\u0301": (((5, 1), (8, -2)),),
    "\u0300": (((4, -2), (7, 1)),),
    "\u0302": (((3, 1), (6, -2), (9, 1)),),
    "\u0308": (((3, -1), (4, -1)), ((8, -1), (9, -1))),
    "\u0303": (((3, 0), (5, -2), (7, 0), (9, -2)),),
    "\u0327": (((6, 19), (7, 21), (4, 22)),),
    "€": (((0, 12), (8, 12)), ((0, 14), (8, 14))),
}
_LIKE = {"€": "C", "œ": "o", "Œ": "O", "’": "'", "«": "<", "»": ">", "·": ".", "–": "-"}


def _parts(letter: str) -> tuple[str, str]:
    """An ASCII letter and the key of the strokes that go with it ("" for none)."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if base in _LIKE:
        return _LIKE[base], base
    return (base if " " <= base <= "~" else "?"), "".join(marks[:1])


def _letter(letter: str, span: Span) -> Image.Image:
    """One character, as large as its style says."""
    style = span.style
    ink, ground = (_WHITE, _BLACK) if style.inverse else (_BLACK, _WHITE)
    cell = Image.new("L", (CELL_DOTS, _CELL_HEIGHT), ground)
    draw = ImageDraw.Draw(cell)
    base, accent = _parts(letter)
    left = (CELL_DOTS - draw.textlength(base, _FONT)) / 2
    draw.text((left, 0), base, ink, _FONT, stroke_width=0.6 if style.bold else 0)
    top = 2 if base.isupper() else 5
    for stroke in _ACCENTS.get(accent, ()):
        draw.line([(x, y + top * (y < 12)) for x, y in stroke], ink, 2 if style.bold else 1)
    if style.underlined:
        draw.line((0, _CELL_HEIGHT - 1, CELL_DOTS, _CELL_HEIGHT - 1), ink)
    return cell.resize(
        (CELL_DOTS * style.wide, _CELL_HEIGHT * style.tall), Image.Resampling.NEAREST
    )


def _text(line: TextLine) -> Image.Image:
    tall = max((span.style.tall for span in line.spans), default=1)
    height = max(LINE_DOTS, _CELL_HEIGHT * tall)
    picture = Image.new("L", (max(1, line.width * CELL_DOTS), height), _WHITE)
    left = 0
    for span in line.spans:
        for letter in span.text:
            cell = _letter(letter, span)
            picture.paste(cell, (left, _CELL_HEIGHT * tall - cell.height))
            left += cell.width
    return picture


def _barcode(symbol: Barcode) -> Image.Image:
    modules = code128.modules(list(symbol.words))
    bars = Image.new("L", (len(modules), 1), _WHITE)
    bars.putdata([_BLACK if module == "1" else _WHITE for module in modules])
    bars = bars.resize(
        (len(modules) * symbol.module_dots, symbol.height_dots), Image.Resampling.NEAREST
    )
    label = _text(TextLine((Span(symbol.text, Style()),)))
    parts = [label] * (symbol.shown & 1) + [bars] + [label] * (symbol.shown >> 1 & 1)
    picture = Image.new(
        "L", (max(part.width for part in parts), sum(part.height for part in parts)), _WHITE
    )
    top = 0
    for part in parts:
        picture.paste(part, ((picture.width - part.width) // 2, top))
        top += part.height
    return picture


def _picture(element: Element) -> Image.Image:
    if isinstance(element, Feed):
        return Image.new("L", (1, element.dots), _WHITE)
    return _barcode(element) if isinstance(element, Barcode) else _text(element)


def _left(element: Element, width: int, printable: int) -> int:
    align = "left" if isinstance(element, Feed) else element.align
    free = max(0, printable - width)
    return _MARGIN + {"left": 0, "center": free // 2, "right": free}[align]


def width_of(columns: int) -> int:
    """How wide the paper is, in dots."""
    return columns * CELL_DOTS + 2 * _MARGIN


def strip(element: Element, columns: int) -> Image.Image:
    """A piece of paper as wide as the roll, with what the printer has just put on it."""
    picture = _picture(element)
    paper = Image.new("L", (width_of(columns), picture.height), _WHITE)
    paper.paste(picture, (_left(element, picture.width, columns * CELL_DOTS), 0))
    return paper


def draw(slip: Slip) -> Image.Image:
    """The slip as a picture in shades of grey."""
    strips = [strip(element, slip.columns) for element in slip.elements]
    height = sum(each.height for each in strips) + 2 * _MARGIN
    paper = Image.new("L", (width_of(slip.columns), height), _WHITE)
    top = _MARGIN
    for each in strips:
        paper.paste(each, (0, top))
        top += each.height
    return paper


def save(slip: Slip, path: Path) -> None:
    """Writes the slip as a PNG."""
    draw(slip).save(path, "PNG", dpi=(203, 203))
