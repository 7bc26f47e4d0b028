"""What stands on the paper: lines of text, barcodes and feeds, and the slip they make.

Data only: the printer makes it, `tools.handheld.paper` draws it, programs read its `lines`.
"""

from __future__ import annotations

from typing import NamedTuple

LINE_DOTS = 30  # the printer's line spacing after ESC @
CELL_DOTS = 12  # width of a character of font A


class Style(NamedTuple):
    """How characters look; widths and heights are factors."""

    bold: bool = False
    wide: int = 1
    tall: int = 1
    underlined: bool = False
    inverse: bool = False


class Span(NamedTuple):
    """Characters of one style."""

    text: str
    style: Style


class TextLine(NamedTuple):
    """One line of text; `align` is "left", "center" or "right"."""

    spans: tuple[Span, ...] = ()
    align: str = "left"

    @property
    def width(self) -> int:
        """In columns."""
        return sum(len(span.text) * span.style.wide for span in self.spans)


class Barcode(NamedTuple):
    """A CODE128 symbol; its text is `shown` nowhere (0), above (1), below (2), both (3)."""

    text: str
    words: tuple[int, ...]
    module_dots: int
    height_dots: int
    shown: int
    align: str


class Feed(NamedTuple):
    """Blank paper."""

    dots: int


Element = TextLine | Barcode | Feed


class Slip(NamedTuple):
    """A finished print job: its text, the bytes that the printer got, what is on paper."""

    lines: list[str]
    escpos: bytes
    elements: list[Element]
    columns: int


def _placed(text: str, width: int, align: str, columns: int) -> str:
    free = max(0, columns - width)
    indent = {"center": free // 2, "right": free}.get(align, 0)
    return (" " * indent + text).rstrip()


def text_lines(elements: list[Element], columns: int) -> list[str]:
    """The slip as a reader would type it: aligned, a barcode in brackets, no blank end."""
    lines: list[str] = []
    for element in elements:
        if isinstance(element, Feed):
            lines += [""] * (element.dots // LINE_DOTS)
        elif isinstance(element, Barcode):
            text = f"[CODE128 {element.text}]"
            lines.append(_placed(text, len(text), element.align, columns))
        else:
            text = "".join(span.text for span in element.spans)
            lines.append(_placed(text, element.width, element.align, columns))
    while lines and not lines[-1]:
        lines.pop()
    return lines
