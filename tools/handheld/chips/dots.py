"""What a person reads off a dot display: its pixels, cell by cell, as the firmware's letters.

The firmware's font is the one thing that both sides share: a cell is that letter whose dots
it shows, all of them and nothing else in the cell; whatever is otherwise reads "?".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from milepad.drivers import dot_font
from milepad.drivers.lcd_glyphs import LETTERS

ROWS, COLUMNS = 4, 20
UNKNOWN = "?"
_DOT_ROWS = 8

Lit = Callable[[int, int], bool]


class Grid(NamedTuple):
    """Where the cells are, in pixels: the first one, their pitch and size, a letter's dots."""

    left: int
    top: int
    pitch_x: int
    pitch_y: int
    height: int
    dot_columns: tuple[range, ...]  # which pixels of a cell each of the five columns takes

    @property
    def dot_height(self) -> int:
        """Pixels that a dot is high."""
        return self.height // _DOT_ROWS


@cache
def letters() -> dict[bytes, str]:
    """{five columns, top dot in bit 0: the letter that looks so}."""
    known = [*map(chr, range(32, 127)), *dot_font._EXTRA, *LETTERS]
    shapes: dict[bytes, str] = {}
    for letter in known:
        columns = bytearray(5)
        dot_font.load(dot_font.code(letter), columns)
        shapes.setdefault(bytes(columns), letter)
    return shapes


def _columns(lit: Lit, grid: Grid, x: int, y: int) -> bytes:
    """The dots of a cell, each by its pixel in the upper left corner."""
    return bytes(
        sum(
            lit(x + dots.start, y + row * grid.dot_height) << row
            for row in range(_DOT_ROWS)
        )
        for dots in grid.dot_columns
    )


def _is_whole(lit: Lit, grid: Grid, x: int, y: int, columns: bytes) -> bool:
    """Whether every pixel of the cell is as the dots say."""
    wanted = [0] * grid.pitch_x
    for dots, column in zip(grid.dot_columns, columns, strict=True):
        for at in dots:
            wanted[at] = column
    return all(
        lit(x + at, y + line) == bool(wanted[at] >> line // grid.dot_height & 1)
        for line in range(grid.height)
        for at in range(grid.pitch_x)
    )


def read(lit: Lit, grid: Grid) -> list[str]:
    """Four rows of twenty letters; `lit(x, y)` tells whether a pixel is on."""
    rows = []
    for row in range(ROWS):
        y = grid.top + row * grid.pitch_y
        text = ""
        for column in range(COLUMNS):
            x = grid.left + column * grid.pitch_x
            dots = _columns(lit, grid, x, y)
            whole = dots in letters() and _is_whole(lit, grid, x, y, dots)
            text += letters()[dots] if whole else UNKNOWN
        rows.append(text)
    return rows
