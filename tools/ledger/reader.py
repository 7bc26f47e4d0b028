"""Reads a reconciliation file, a line at a time, whatever its size.

Everything that the layout promises is checked, down to the trailers' counts. What is wrong is
gathered and raised at the end, so that one run tells all of it; each names the file, the line
and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.ledger import days, frame, spreadsheet
from tools.ledger.days import Span
from tools.ledger.details import Detail, Totals, from_line
from tools.ledger.errors import FrameError, Problems
from tools.ledger.layout import (
    DETAIL,
    HEADERS,
    REDEEMED,
    REVERSED,
    SEPARATOR,
    TRAILERS,
    Record,
)
from tools.ledger.text_lines import Line, TextLines

_MOST_PROBLEMS = 20  # that are told of one file
_HEADERS = {record.marker: record for record in HEADERS}
_TRAILERS = {record.marker: record for record in TRAILERS}
_MARKERS = {*_HEADERS, DETAIL.marker, *_TRAILERS}
_AS_SENT = "use the file as it was sent, or ask its sender for a corrected one"
_UNLIKE_ITSELF = "a line is missing or doubled: fetch the file again"
_NO_TRAILERS = "it may be cut: fetch it again, or give --without-trailers"


class Reader:
    """An open file whose headers have been read (`sponsor_code`, `span`); then `details()`.

    What is wrong with the headers is raised by `details` too, unless nothing of the file is
    a record: that is raised at once.
    """

    def __init__(self, path: Path, without_trailers: bool = False) -> None:
        self._lines = TextLines(path)
        self._without_trailers = without_trailers
        self._problems = Problems()
        self._untold = 0
        self._delimiter: str | None = None
        self._put_back: Line | None = None
        self._dates = ("", "")
        self.sponsor_code = ""
        self.span = Span(0, 0)
        self.offsets = ("+0000", "+0000")
        self.has_trailers = False
        self._is_known = False  # whether any line is a record's
        try:
            self._read_headers()
        except BaseException:
            self._lines.close()
            raise

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    @property
    def line(self) -> int:
        """The number of the line that was read last."""
        return self._lines.number

    @property
    def bytes(self) -> int:
        """How long the file is."""
        return self._lines.bytes

    @property
    def position(self) -> int:
        """How many bytes were read."""
        return self._lines.position

    def _read_headers(self) -> None:
        found = [self._header(record) for record in HEADERS]
        if not self._is_known:
            self._problems.raise_all()
        if found[0]:
            first = dict(zip(HEADERS[0].names(), found[0], strict=True))
            self.sponsor_code = first["sponsor_code"]
            self.span = days.span_of(first)
            self.offsets = (first["from_offset"], first["to_offset"])
            self._dates = (first["from_date"], first["to_date"])
            if self.span.from_s >= self.span.to_s:
                self._wrong(1, "the span ends before it begins", _AS_SENT)

    def _header(self, record: Record) -> tuple[str, ...]:
        line = self._next()
        marker = "" if line is None else _marker_of(line)
        self._is_known |= marker in _MARKERS
        if line is not None and marker == record.marker:
            return self._values(record, line)
        if marker in _MARKERS:  # the header is missing, and this is the next line already
            self._put_back = line
        number, problem = self.line, f"expected a {record.marker} record"
        if line is None:
            number, problem = self.line + 1, f"the file ends here; {problem}"
        if not self._problems or marker in _MARKERS:  # of a foreign file once is enough
            self._wrong(number, problem, f"is this a reconciliation file? {_AS_SENT}")
        return ()

    def _next(self) -> Line | None:
        """The next line, with the layout's separator."""
        line, self._put_back = self._put_back, None
        if line is not None:
            return line
        line = self._lines.read()
        if line is None:
            return None
        if self._delimiter is None:
            self._delimiter = spreadsheet.delimiter_of(line.text)
        if self._delimiter:
            text = spreadsheet.layout_line(line.text, self._delimiter)
            return line._replace(text=text)
        return line

    def _wrong(self, number: int, problem: str, remedy: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.add(FrameError(self._lines.name, number, problem, remedy))
        else:
            self._untold += 1

    def _values(self, record: Record, line: Line) -> tuple[str, ...]:
        """The values of a line; none, after telling why, when it is wrong."""
        if line.problem:
            self._wrong(line.number, line.problem, line.remedy)
            return ()
        text = line.text
        if " " in text or "\t" in text:  # padding: no field of the layout may hold a blank
            text = SEPARATOR.join(part.strip() for part in text.split(SEPARATOR))
        try:
            return frame.decode(record, text)
        except ValueError as fault:
            cut = "" if line.is_whole else "the line is cut short: "
            self._wrong(line.number, f"{cut}{fault}", self._remedy())
            return ()

    def _remedy(self) -> str:
        spoilt = "a spreadsheet may have changed it: " if self._delimiter else ""
        return spoilt + _AS_SENT

    def details(self) -> Iterator[Detail]:
        """Yields every detail that is right; `line` tells where it stands.

        At the end it raises a FrameError, or SeveralErrors, for all that was wrong.
        """
        totals = Totals()
        trailers: dict[str, tuple[int, tuple[str, ...]]] = {}
        while (line := self._next()) is not None:
            marker = _marker_of(line)
            if marker in _HEADERS or len(trailers) == len(TRAILERS):
                after = "the last trailer" if trailers else "the headers and details"
                problem = f"more follows {after}"
                self._wrong(line.number, problem, "where two files were joined, split them")
                break
            if marker in _TRAILERS:
                trailers[marker] = (line.number, self._values(_TRAILERS[marker], line))
            elif detail := self._detail(line, bool(trailers)):
                totals.add(detail.kind, detail.miles)
                yield detail
        self.has_trailers = len(trailers) == len(TRAILERS)
        self._check_trailers(totals, trailers)
        if self._untold:
            problem = f"{self._untold} more are wrong up to here"
            self._problems.add(
                FrameError(self._lines.name, self.line, problem, self._remedy())
            )
        self._problems.raise_all()

    def _detail(self, line: Line, is_after_trailer: bool) -> Detail | None:
        values = self._values(DETAIL, line)
        if not values:
            return None
        kind, date, time, trace, confirmation, reverses, miles, terminal = from_line(values)
        problem = ""
        if is_after_trailer:
            problem = f"expected a {TRAILERS[-1].marker} record after the first trailer"
        elif kind not in (REDEEMED, REVERSED):
            problem = f"kind: expected {REDEEMED} or {REVERSED}"
        elif not (trace or confirmation):
            problem = "has neither a trace id nor a confirmation"
        elif self._dates[0] and not self._dates[0] <= date <= self._dates[1]:
            problem = "date: outside the span of the first header"
        if problem:
            self._wrong(line.number, problem, self._remedy())
            return None
        return Detail(kind, date, time, trace, confirmation, reverses, int(miles), terminal)

    def _check_trailers(
        self, totals: Totals, trailers: dict[str, tuple[int, tuple[str, ...]]]
    ) -> None:
        missing = [marker for marker in _TRAILERS if marker not in trailers]
        if missing and not self._without_trailers:
            problem = f"the file ends here; expected a {missing[0]} record"
            self._wrong(self.line + 1, problem, _NO_TRAILERS)
        if self._problems:  # what is counted below would be wrong for these reasons
            return
        for record, counted in zip(TRAILERS, totals.trailers(), strict=True):
            number, values = trailers.get(record.marker, (0, ()))
            for name, said, real in zip(record.names(), values, counted, strict=False):
                if int(said) != real:
                    what = name.replace("_", " ")
                    problem = f"{what} is {int(said)}; the details give {real}"
                    self._wrong(number, problem, _UNLIKE_ITSELF)


def _marker_of(line: Line) -> str:
    return line.text.partition(SEPARATOR)[0].strip()
