"""Reads a file of earnings from AIR MILES, a line at a time, by a layout that was described."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tools import regular_file
from tools.ledger.award_layout import OUR_LOG, AwardLayout, Place
from tools.ledger.database import Row
from tools.ledger.days import PlatformClock
from tools.ledger.errors import FrameError, LedgerToolError, Problems
from tools.ledger.layout import ISSUED, WITHDRAWN

_MAX_LINE = 4096
_YEARS = range(1992, 2100)  # since the programme began
_MOST_PROBLEMS = 20
_TRACE_DIGITS = 12
_POSITIVE, _NEGATIVE = "{ABCDEFGHI", "}JKLMNOPQR"
_REMEDY = "is this the file that the layout describes?"


class AwardFile:
    """An open file. `rows` are its earnings; `dated` tells whether they have days."""

    def __init__(self, path: Path, layout: AwardLayout, clock: PlatformClock) -> None:
        self._path, self._layout, self._clock = path, layout, clock
        self.dated = layout.columns.date is not None
        self._problems = Problems()
        self._names: list[str] = []
        self._separator = layout.separator
        try:
            raw = regular_file.opened(path)
            self._file = io.TextIOWrapper(raw, layout.encoding, "strict", newline="")
        except OSError as fault:
            raise LedgerToolError(f"{path}: {fault.strerror}") from None

    def close(self) -> None:
        """The file is of no more use."""
        self._file.close()

    def rows(self, file: int) -> Iterator[Row]:
        """Yields every earning; raises at the end for all that is wrong with the file."""
        wants_names = self._layout.kind == "csv" and self._layout.header
        for number, line in enumerate(self._lines(), 1):
            if not line.strip() or not (
                line.startswith(self._layout.details) or wants_names
            ):
                continue
            if wants_names and self._layout is OUR_LOG and "," not in line:
                self._separator = ";"  # as a spreadsheet saves our log in French Canada
            values = self._split(line)
            if wants_names:
                self._names, wants_names = values, False
                self._check_names(number)
                continue
            try:
                yield self._row(values, file, number)
            except ValueError as fault:
                self._problems.add(FrameError(str(self._path), number, str(fault), _REMEDY))
                if len(self._problems) >= _MOST_PROBLEMS:
                    break
        self._problems.raise_all()

    def _lines(self) -> Iterator[str]:
        number = 0
        try:
            while line := self._file.readline(_MAX_LINE):
                number += 1
                if len(line) == _MAX_LINE:  # what follows would read as a line of its own
                    problem = f"is longer than {_MAX_LINE - 1} characters"
                    self._problems.add(
                        FrameError(str(self._path), number, problem, _REMEDY)
                    )
                    return
                yield line.rstrip("\r\n").removeprefix("\ufeff" if number == 1 else "")
        except (OSError, ValueError) as fault:
            raise LedgerToolError(
                f"{self._path}: no text in {self._layout.encoding} ({fault})"
            ) from None

    def _split(self, line: str) -> list[str]:
        if self._layout.kind == "fixed":
            return [line]
        try:
            return next(csv.reader([line], delimiter=self._separator))
        except csv.Error:
            return []

    def _check_names(self, number: int) -> None:
        for _, place in self._layout.columns:
            if isinstance(place, str) and place not in self._names:
                problem = f"has no column {place}"
                self._problems.add(FrameError(str(self._path), number, problem, _REMEDY))
        self._problems.raise_all()

    def _value(self, values: Sequence[str], place: Place | None) -> str:
        """The text at a place; "" where the layout has none. Raises ValueError."""
        if place is None:
            return ""
        if isinstance(place, tuple):
            first, length = place
            return values[0][first - 1 : first - 1 + length].strip()
        at = self._names.index(place) if isinstance(place, str) else place - 1
        if at >= len(values):
            raise ValueError(f"has {len(values)} columns; expected more")
        return values[at].strip().removeprefix("'")  # which a spreadsheet may show or keep

    def _row(self, values: Sequence[str], file: int, number: int) -> Row:
        columns = self._layout.columns
        miles = self._miles(self._value(values, columns.miles))
        takes = self._value(values, columns.operation) in self._layout.taking_back
        unix_s = self._moment_s(self._value(values, columns.date))
        collector = self._value(values, columns.collector)
        return Row(
            file,
            number,
            WITHDRAWN if miles < 0 or takes else ISSUED,
            self._clock.stamp(unix_s).date if self.dated else "",
            "",
            _trace_id(self._value(values, columns.trace_id)),
            "",
            "",
            abs(miles),
            "",
            unix_s,
            last_four=collector[-4:].strip("*"),
        )

    def _miles(self, text: str) -> int:
        if self._layout.miles == "overpunch":
            return _overpunched(text)
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", text, re.ASCII):
            raise ValueError("miles: expected a whole number")
        return int(text)

    def _moment_s(self, text: str) -> int:
        """A day is its midnight on the platform's clock; 0 where the layout has none."""
        if not self.dated:
            return 0
        try:
            moment = datetime.strptime(text, self._layout.date)
        except ValueError:
            raise ValueError(f"date: expected the form {self._layout.date}") from None
        if moment.year not in _YEARS:
            raise ValueError(f"date: expected a year from {_YEARS[0]} to {_YEARS[-1]}")
        if moment.tzinfo is not None:
            return int(moment.timestamp())
        wall_s = int((moment - datetime(1970, 1, 1)).total_seconds())
        return self._clock.unix_s(wall_s)


def _trace_id(text: str) -> str:
    """A transaction's number as ours has it: 12 digits, whatever stands in front of them."""
    digits = text.lstrip("0")
    if not re.fullmatch(r"[0-9]{1,20}", text, re.ASCII) or len(digits) > _TRACE_DIGITS:
        raise ValueError("trace_id: expected up to 12 digits, with zeros in front")
    return digits.zfill(_TRACE_DIGITS)


def _overpunched(text: str) -> int:
    """A number whose last digit is a letter for its sign as well: 12C is 123, 12L is -123."""
    last = text[-1:]
    for sign, letters in ((1, _POSITIVE), (-1, _NEGATIVE)):
        if last and last in letters:
            text, factor = text[:-1] + str(letters.index(last)), sign
            break
    else:
        factor = 1
    if not re.fullmatch(r"[0-9]{1,12}", text, re.ASCII):
        raise ValueError("miles: expected digits, the last of them with the sign")
    return factor * int(text)
