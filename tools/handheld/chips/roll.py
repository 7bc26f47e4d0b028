"""The paper that leaves a thermal printer: characters become lines, lines become a slip.

Knows widths and alignment, no commands: `chips.thermal_printer` reads those.
"""

from __future__ import annotations

from collections.abc import Callable

from tools.handheld.chips import code128
from tools.handheld.chips.complaints import Complaints
from tools.handheld.chips.slip import (
    CELL_DOTS,
    LINE_DOTS,
    Barcode,
    Element,
    Feed,
    Span,
    Style,
    TextLine,
)

_ALIGNMENTS = ("left", "center", "right")


class Roll:
    """What was printed since the last `clear`; `style` is that of what comes next."""

    def __init__(
        self,
        columns: int,
        complaints: Complaints,
        on_printed: Callable[[Element], None] = lambda _: None,
    ):
        self.columns = columns
        self._on_printed = on_printed
        self.elements: list[Element] = []
        self._complaints = complaints
        self._line: list[Span] = []
        self.reset()

    def reset(self) -> None:
        """As after power-up: the unfinished line and every setting are forgotten."""
        self.style = Style()
        self.bar_height, self.bar_module, self.bar_text = 162, 3, 0
        self._alignment = "left"
        self._line = []

    def clear(self) -> None:
        """The paper is torn off."""
        self.elements = []

    @property
    def column(self) -> int:
        """Where the next character goes, in columns from the line's beginning."""
        return TextLine(tuple(self._line)).width

    def put(self, text: str) -> None:
        """Characters; those that do not fit go to the next line."""
        for letter in text:
            if self._line and self.column + self.style.wide > self.columns:
                self.end_line()
            if self._line and self._line[-1].style == self.style:
                self._line[-1] = Span(self._line[-1].text + letter, self.style)
            else:
                self._line.append(Span(letter, self.style))

    def _print(self, element: Element) -> None:
        self.elements.append(element)
        self._on_printed(element)

    def end_line(self) -> None:
        """Prints the line, even an empty one."""
        self._print(TextLine(tuple(self._line), self._alignment))
        self._line = []

    def flush(self) -> None:
        """Prints the line if there is anything in it."""
        if self._line:
            self.end_line()

    def feed(self, dots: int) -> None:
        """Prints the line and moves the paper by so many dots, the line's own included."""
        if self._line:
            self.end_line()
            dots -= LINE_DOTS
        if dots > 0:
            self._print(Feed(dots))

    def align(self, number: int) -> None:
        """0 left, 1 center, 2 right (or their ASCII digits); only at a line's beginning."""
        place = number - 48 if number >= 48 else number
        if place not in (0, 1, 2):
            self._complaints.add(f"ESC a {number} is no alignment")
        elif self._line:
            self._complaints.add("ESC a within a line has no effect")
        else:
            self._alignment = _ALIGNMENTS[place]

    def barcode(self, raw: bytes) -> None:
        """The data of `GS k 73`: a symbol, or a complaint and nothing, as printers do."""
        if self._line:
            self._complaints.add("GS k within a line: the line is printed first")
            self.end_line()
        try:
            words, text = code128.parse(raw)
        except code128.Code128Error as fault:
            self._complaints.add(f"CODE128: {fault}; nothing is printed")
            return
        width = len(code128.modules(words)) * self.bar_module
        if width > self.columns * CELL_DOTS:
            self._complaints.add(
                f"CODE128: {width} dots are wider than the paper; nothing is printed"
            )
            return
        symbol = (tuple(words), self.bar_module, self.bar_height, self.bar_text)
        self._print(Barcode(text, *symbol, self._alignment))
