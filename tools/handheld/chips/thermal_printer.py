"""A thermal printer: ESC/POS bytes become paper, status requests become answers.

A job ends with a cut (GS V), or with a feed of three lines or more and 150 ms of silence:
then it is a slip. While the paper is out or the cover open nothing is printed and what comes
is lost, or kept and printed afterwards by a printer that `buffers`; DLE EOT is answered. After
power-up and ESC @ the printer takes pairs of high bytes for one Chinese letter, as most 58 mm
printers do, until FS . ends that. What a real printer would print wrong is a complaint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tools.handheld.chips.complaints import Complaints
from tools.handheld.chips.escpos import Lexer, Token
from tools.handheld.chips.roll import Roll
from tools.handheld.chips.slip import LINE_DOTS, Element, Slip, Style, text_lines

# ESC t n of Epson's printers -> Python's codec.
EPSON_PAGES = {0: "cp437", 2: "cp850", 4: "cp863", 16: "cp1252", 19: "cp858"}
IDLE_MS = 150
_ENDING_DOTS = 3 * LINE_DOTS
_STATUS = b"\x10\x04"
_STATUS_FIXED = 0x12
# Line spacing, font, character set, heating, drawer: obeyed without a trace on the paper.
_WITHOUT_TRACE = (b"\x1b2", b"\x1b3", b"\x1bM", b"\x1bR", b"\x1b7", b"\x1bp", b"\x1df")


class ThermalPrinter:
    """One printer from its power-up on; times are milliseconds of any steady clock."""

    def __init__(
        self,
        columns: int = 32,
        pages: Mapping[int, str] = EPSON_PAGES,
        buffers: bool = False,
        on_printed: Callable[[Element], None] = lambda _: None,
    ):
        self.complaints = Complaints("printer")
        self.paper = True
        self.cover = True  # closed
        self._buffers = buffers
        self._kept: list[Token] = []
        self._pages = pages
        self._lexer = Lexer()
        self._roll = Roll(columns, self.complaints, on_printed)
        self._raw = bytearray()
        self._slips: list[Slip] = []
        self._replies = bytearray()
        self._now_ms = self._last_ms = 0.0
        self._ended = False  # by a long feed; silence makes it a slip
        self._codec = "ascii"
        self._double_byte = self._half_letter = False
        self._commands = self._command_table()
        self._initialise(b"")

    def receive(self, raw: bytes, now_ms: float) -> bytes:
        """Bytes from the UART; returns what the printer answers at once (status bytes)."""
        self._settle(now_ms)
        self._now_ms = now_ms
        for code in raw:
            if self._can_print:
                self._raw.append(code)
            token = self._lexer.feed(code)
            if token is not None:
                self._take(token)
        replies, self._replies = bytes(self._replies), bytearray()
        return replies

    def take_slips(self, now_ms: float) -> list[Slip]:
        """The jobs that are finished by now."""
        self._settle(now_ms)
        slips, self._slips = self._slips, []
        return slips

    def set_paper(self, present: bool) -> None:
        """Paper runs out, or a new roll comes: a half-printed job went with the old."""
        if present and not self.paper:
            self._forget_job()
            self._roll.reset()
        self.paper = present
        self._print_kept()

    def set_cover(self, closed: bool) -> None:
        """The cover is opened, which stops the paper where it is, or closed."""
        self.cover = closed
        self._print_kept()

    @property
    def _can_print(self) -> bool:
        return self.paper and self.cover

    def _print_kept(self) -> None:
        if self._can_print:
            kept, self._kept = self._kept, []
            for token in kept:
                self._take(token)

    def _take(self, token: Token) -> None:
        command, parameters = token
        if command == _STATUS:
            if self._can_print:
                del self._raw[-3:]  # answered in real time, no part of a job
            self._replies.append(self._status(parameters[0]))
            return
        self._last_ms = self._now_ms
        if not self._can_print:
            if self._buffers:
                self._kept.append(token)
            return
        if not command:
            self._text(parameters[0])
        elif command in self._commands:
            self._commands[command](parameters)
        elif command not in _WITHOUT_TRACE:
            self.complaints.add(f"unknown command {command.hex(' ').upper()}")

    def _command_table(self) -> dict[bytes, Callable[[bytes], None]]:
        """Command -> what it does with its parameter bytes."""
        roll = self._roll
        return {
            b"\x1b@": self._initialise,
            b"\x1bd": lambda n: self._feed(n[0] * LINE_DOTS),
            b"\x1bJ": lambda n: self._feed(n[0]),
            b"\x1bE": lambda n: self._restyle(bold=bool(n[0] & 1)),
            b"\x1bG": lambda n: self._restyle(bold=bool(n[0] & 1)),
            b"\x1b-": lambda n: self._restyle(underlined=n[0] not in (0, 48)),
            b"\x1dB": lambda n: self._restyle(inverse=bool(n[0] & 1)),
            b"\x1d!": lambda n: self._restyle(
                wide=(n[0] >> 4 & 7) + 1, tall=(n[0] & 7) + 1
            ),
            b"\x1b!": self._print_mode,
            b"\x1ba": lambda n: roll.align(n[0]),
            b"\x1bt": self._select_page,
            b"\x1c.": lambda _: self._set_double_byte(False),
            b"\x1c&": lambda _: self._set_double_byte(True),
            b"\x1dV": lambda _: self._cut(),
            b"\x1dk": self._barcode,
            b"\x1dh": lambda n: setattr(roll, "bar_height", max(1, n[0])),
            b"\x1dw": self._bar_module,
            b"\x1dH": lambda n: setattr(roll, "bar_text", n[0] & 3),
            b"\x1dr": lambda _: self._replies.append(0x00),  # not answered without paper
        }

    def _initialise(self, _: bytes) -> None:
        self._roll.reset()
        self._codec = self._pages.get(0, "ascii")
        self._set_double_byte(True)

    def _status(self, kind: int) -> int:
        offline = 0x20 * (not self.paper) | 0x04 * (not self.cover)
        paper_end = 0 if self.paper else 0x6C
        bits = {1: 0x08 if offline else 0, 2: offline, 3: 0, 4: paper_end}
        if kind not in bits:
            self.complaints.add(f"DLE EOT {kind} is no status request")
        return _STATUS_FIXED | bits.get(kind, 0)

    def _text(self, code: int) -> None:
        self._ended = False
        if self._half_letter:
            self._half_letter = False
            self._roll.put("?")
        elif code == 0x0A:
            self._roll.end_line()
        elif code == 0x09:
            self._roll.put(" " * (8 - self._roll.column % 8))
        elif code >= 0x80 and self._double_byte:
            self._half_letter = True
            self.complaints.add(
                f"0x{code:02X} begins a double-byte letter: FS . is missing"
            )
        elif code >= 0x80 or 0x20 <= code < 0x7F:
            self._roll.put(self._decoded(code))
        elif code not in (0x00, 0x0D):
            self.complaints.add(f"control byte 0x{code:02X}")

    def _decoded(self, code: int) -> str:
        try:
            return bytes((code,)).decode(self._codec)
        except UnicodeDecodeError:
            self.complaints.add(f"{self._codec} has no letter 0x{code:02X}")
            return "?"

    def _feed(self, dots: int) -> None:
        self._roll.feed(dots)
        self._ended = dots >= _ENDING_DOTS

    def _restyle(self, **changed: Any) -> None:
        self._roll.style = self._roll.style._replace(**changed)

    def _print_mode(self, parameters: bytes) -> None:
        mode = parameters[0]
        if mode & 0x01:
            self.complaints.add("ESC ! selects font B: the columns are those of font A")
        self._roll.style = Style(
            bold=bool(mode & 0x08),
            tall=2 if mode & 0x10 else 1,
            wide=2 if mode & 0x20 else 1,
            underlined=bool(mode & 0x80),
        )

    def _select_page(self, parameters: bytes) -> None:
        codec = self._pages.get(parameters[0])
        if codec is None:
            self.complaints.add(f"there is no code page {parameters[0]}")
        else:
            self._codec = codec

    def _set_double_byte(self, on: bool) -> None:
        self._double_byte, self._half_letter = on, False

    def _bar_module(self, parameters: bytes) -> None:
        if 1 <= parameters[0] <= 6:
            self._roll.bar_module = parameters[0]
        else:
            self.complaints.add(f"GS w {parameters[0]}: a module is 1 to 6 dots")

    def _barcode(self, parameters: bytes) -> None:
        self._ended = False
        if parameters[0] == 73:
            self._roll.barcode(parameters[2:])
        else:
            self.complaints.add(f"GS k {parameters[0]}: only CODE128 (73) is in use here")

    def _cut(self) -> None:
        self._roll.flush()
        self._finish()

    def _settle(self, now_ms: float) -> None:
        if self._ended and now_ms - self._last_ms >= IDLE_MS:
            self._finish()

    def _finish(self) -> None:
        roll = self._roll
        lines = text_lines(roll.elements, roll.columns)
        if lines:
            self._slips.append(Slip(lines, bytes(self._raw), roll.elements, roll.columns))
        self._forget_job()

    def _forget_job(self) -> None:
        self._roll.clear()
        self._raw, self._ended = bytearray(), False
