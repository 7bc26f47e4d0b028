"""Lines of a text file, whichever program it went through on its way.

UTF-8 and UTF-16, with a byte-order mark or without, any ends of lines, blanks around a line and
blank lines are read as what they plainly mean. A line that cannot be meant is yielded with
what is wrong with it. Memory is bounded, whatever the file's length and its lines'.
"""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import NamedTuple

from tools import regular_file
from tools.ledger.errors import FrameError, LedgerToolError

_MAX_LINE = 512
_HEAD_BYTES = 1024
_BLANKS = " \t\v\f\x1a\xa0\ufeff"  # 1A: the end of a file for DOS
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_PACKED = ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "ZIP (or XLSX)"), (b"%PDF", "PDF"))
_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a")


class Line(NamedTuple):
    """A line without blanks around it; `problem` and `remedy` where it cannot be a record."""

    number: int
    text: str
    is_whole: bool  # it ends in a newline
    problem: str = ""
    remedy: str = ""


class TextLines:
    """An open file. Raises LedgerToolError when there is none or it holds no text."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.number = 0
        try:
            raw = regular_file.opened(path)
        except OSError as fault:
            raise LedgerToolError(f"{path}: {fault.strerror}") from None
        try:
            head = raw.read(_HEAD_BYTES)
            encoding = _encoding_of(head)
            _check_text(self.name, head, encoding)
            self.bytes = raw.seek(0, io.SEEK_END)
            raw.seek(0)
        except BaseException:
            raw.close()
            raise
        self._file = io.TextIOWrapper(raw, encoding, errors="replace")

    def close(self) -> None:
        """The file is of no more use."""
        self._file.close()

    @property
    def position(self) -> int:
        """How many bytes were read."""
        return self._file.buffer.tell()

    def read(self) -> Line | None:
        """The next line with something in it; None at the end. Raises LedgerToolError."""
        while True:
            text = self._read(_MAX_LINE)
            if not text:
                return None
            self.number += 1
            is_whole = text.endswith("\n")
            if not is_whole and len(text) == _MAX_LINE and self._skip_rest():
                problem = f"the line is longer than {_MAX_LINE} characters"
                return Line(
                    self.number, text, True, problem, "expected one record on a line"
                )
            text = text.strip(_BLANKS + "\n")
            if text:
                return self._line(text, is_whole)

    def _line(self, text: str, is_whole: bool) -> Line:
        if text.isascii():
            return Line(self.number, text, is_whole)
        at = next(at for at, letter in enumerate(text, 1) if not letter.isascii())
        problem = f"character {at} is not ASCII"
        return Line(self.number, text, is_whole, problem, "use the file as it was sent")

    def _read(self, most: int) -> str:
        try:
            return self._file.readline(most)
        except OSError as fault:
            raise LedgerToolError(f"{self.name}: {fault.strerror}") from None

    def _skip_rest(self) -> bool:
        """Reads to the end of a line; whether there was more of it."""
        text = more = self._read(_MAX_LINE)
        while more and not more.endswith("\n"):
            more = self._read(_MAX_LINE)
        return text.strip(_BLANKS + "\n") != ""


def _encoding_of(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head[1:2] == b"\0" != head[:1]:
        return "utf-16-le"
    return "utf-16-be" if head[:1] == b"\0" != head[1:2] else "utf-8"


def _check_text(name: str, head: bytes, encoding: str) -> None:
    for magic, packed in _PACKED:
        if head.startswith(magic):
            problem = f"is a {packed} file, no text"
            raise FrameError(name, 1, problem, "unpack it, or use the file as it was sent")
    first = head.decode(encoding, "replace").lstrip().partition("\n")[0]
    if any(ord(letter) in _NO_TEXT for letter in first):
        problem = "holds bytes that no text has"
        raise FrameError(name, 1, problem, "expected a reconciliation file, as it was sent")
