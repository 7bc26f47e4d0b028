"""Reads a reconciliation file, a line at a time, whatever its size.

Everything that the layout promises is checked, down to the trailers' counts; the first thing
that is wrong ends it with a FrameError that names the file and the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tools.ledger import days, frame
from tools.ledger.details import Detail, Totals, from_line
from tools.ledger.errors import FrameError, LedgerToolError
from tools.ledger.layout import (
    DETAIL,
    HEADERS,
    REDEEMED,
    REVERSED,
    SEPARATOR,
    TRAILERS,
    Record,
)

_MAX_LINE_BYTES = 512


class Reader:
    """An open file whose headers have been read (`sponsor_code`, `span`); then `details()`."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.line = 0
        try:
            self.bytes = path.stat().st_size
            self._file: BinaryIO = path.open("rb")
        except OSError as fault:
            raise LedgerToolError(f"{path}: {fault.strerror}") from None
        try:
            self._read_headers()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _read_headers(self) -> None:
        first = self._values(HEADERS[0], self._next_line("its first header"))
        self._values(HEADERS[1], self._next_line("its second header"))
        self.sponsor_code = first["sponsor_code"]
        self.span = days.span_of(first)
        if self.span.from_s >= self.span.to_s:
            raise FrameError(self.name, 1, "the span ends before it begins")
        self.offsets = (first["from_offset"], first["to_offset"])
        self._dates = (first["from_date"], first["to_date"])

    @property
    def position(self) -> int:
        """How many bytes were read."""
        return self._file.tell()

    def _next_line(self, awaited: str) -> str:
        """The next line without its newline."""
        self.line += 1
        try:
            raw = self._file.readline(_MAX_LINE_BYTES)
        except OSError as fault:
            raise LedgerToolError(f"{self.name}: {fault.strerror}") from None
        if not raw:
            raise FrameError(
                self.name, self.line, f"the file ends here; expected {awaited}"
            )
        if raw[-1:] != b"\n":
            problem = (
                "is too long" if len(raw) == _MAX_LINE_BYTES else "is cut short: no newline"
            )
            raise FrameError(self.name, self.line, f"the line {problem}")
        if raw[-2:-1] == b"\r":
            raise FrameError(
                self.name, self.line, "ends in CR LF; expected a newline alone"
            )
        try:
            return raw[:-1].decode("ascii")
        except UnicodeDecodeError as fault:
            problem = f"byte {fault.start + 1} is not ASCII"
            raise FrameError(self.name, self.line, problem) from None

    def _decoded(self, record: Record, text: str) -> tuple[str, ...]:
        try:
            return frame.decode(record, text)
        except ValueError as fault:
            raise FrameError(self.name, self.line, str(fault)) from None

    def _values(self, record: Record, text: str) -> dict[str, str]:
        return dict(zip(record.names(), self._decoded(record, text), strict=True))

    def details(self) -> Iterator[Detail]:
        """Yields every detail, then checks the trailers; `line` tells where it stands."""
        totals = Totals()
        start = DETAIL.marker + SEPARATOR
        text = self._next_line("details or trailers")
        while text.startswith(start):
            detail = self._detail(text)
            totals.add(detail.kind, detail.miles)
            yield detail
            text = self._next_line("more details or the trailers")
        self._check_trailers(totals, text)

    def _detail(self, text: str) -> Detail:
        kind, date, time, trace, confirmation, reverses, miles, terminal = from_line(
            self._decoded(DETAIL, text)
        )
        detail = Detail(
            kind, date, time, trace, confirmation, reverses, int(miles), terminal
        )
        if detail.kind not in (REDEEMED, REVERSED):
            raise FrameError(
                self.name, self.line, f"kind: expected {REDEEMED} or {REVERSED}"
            )
        if not (detail.trace_id or detail.confirmation):
            raise FrameError(
                self.name, self.line, "has neither a trace id nor a confirmation"
            )
        if not self._dates[0] <= detail.date <= self._dates[1]:
            raise FrameError(
                self.name, self.line, "date: outside the span of the first header"
            )
        return detail

    def _check_trailers(self, totals: Totals, text: str) -> None:
        for record, expected in zip(TRAILERS, totals.trailers(), strict=True):
            values = tuple(int(value) for value in self._decoded(record, text))
            for name, said, counted in zip(record.names(), values, expected, strict=True):
                if said != counted:
                    problem = (
                        f"{name.replace('_', ' ')} is {said}; the details give {counted}"
                    )
                    raise FrameError(self.name, self.line, problem)
            if record is not TRAILERS[-1]:
                text = self._next_line("the second trailer")
        if self._file.read(1):
            raise FrameError(self.name, self.line + 1, "more follows the last trailer")
