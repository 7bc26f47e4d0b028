"""Rows for a person or a program: a table, CSV, or one JSON object a line; all of them stream."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

Form = Literal["table", "csv", "json"]
Value = str | int
_PAGE = 500  # rows of one table: more would have to be measured, so kept, together
_NUMBERS = ("miles", "dollars", "count", "entry")
# Their wide forms count in some countries' spreadsheets.
_FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNSEEN = re.compile(r"[\s\x80-\x9f\u200b-\u200f\u2060\ufeff]+")  # before a first letter
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_WIDTH = 180  # of a table that goes into a file or a pipe


def console() -> Console:
    """Standard output; wide enough where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)


def warn(text: str) -> None:
    """A line for a person, beside the report."""
    print(f"warning: {text}", file=sys.stderr)


def counted(count: int, one: str, more: str) -> str:
    """So many of something: "1 entry", "2 entries"."""
    return f"{count} {one if count == 1 else more}"


def warn_lost(count: int, where: str = "") -> None:
    """Says how many records of a ledger cannot be read, if any."""
    if count:
        warn(f"{where}{counted(count, 'record', 'records')} torn, foreign or missing")


def warn_shared(found: Iterable[tuple[str, str, int]]) -> None:
    """Says which ledgers made the same trace ids: (one, another, how many)."""
    for one, other, count in found:
        warn(f"{one} and {other} share {count} trace ids: give each its own trace_prefix")


def dollars(cents: int) -> str:
    """The amount with its sign: -4000 is "-40.00"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def write(
    form: Form,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    in_table: Sequence[str] = (),
) -> None:
    """Writes all rows. `columns` are names in snake_case; a table may show some only."""
    if form == "table":
        shown = [columns.index(name) for name in in_table or columns]
        names = [columns[at] for at in shown]
        _tables(names, ([row[at] for at in shown] for row in rows))
    else:
        {"csv": _csv, "json": _json}[form](columns, rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    write_csv(sys.stdout, columns, rows)


def write_csv(
    file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Value]]
) -> None:
    """Rows under their names; no text among them is a formula to a spreadsheet."""
    write_row(file, columns)
    for row in rows:
        write_row(file, row)


def write_row(file: TextIO, row: Sequence[Value]) -> None:
    """One row as CSV."""
    values = [each if isinstance(each, int) else plain(each) for each in row]
    csv.writer(file, lineterminator="\n").writerow(values)


def plain(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front.

    An amount with its sign is a number, and stays. Control characters become blanks.
    """
    text = _CONTROL.sub(" ", text)
    is_formula = _UNSEEN.sub("", text)[:1] in _FORMULA and not _AMOUNT.fullmatch(text)
    return f"'{text}" if is_formula else text


def _json(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    for row in rows:
        print(json.dumps(dict(zip(columns, row, strict=True))))


def _tables(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    out, rest = console(), iter(rows)
    while page := list(islice(rest, _PAGE)):
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in columns:
            number = name.endswith(_NUMBERS)
            justify: Literal["left", "right"] = "right" if number else "left"
            table.add_column(name.replace("_", " "), justify=justify, overflow="fold")
        for row in page:
            table.add_row(*(Text(str(value)) for value in row))
        out.print(table)


def summary(
    form: Form,
    columns: Sequence[str],
    rows: Sequence[Sequence[Value]],
    titles: Sequence[str],
) -> None:
    """The sums at the end: after a table, as the last JSON line, beside a CSV file.

    The first value of a row is its key; `titles` are the rows' keys in words.
    """
    if form == "json":
        sums = {str(row[0]): dict(zip(columns[1:], row[1:], strict=True)) for row in rows}
        print(json.dumps({"summary": sums}))
        return
    worded = [(title, *row[1:]) for title, row in zip(titles, rows, strict=True)]
    if form == "table":
        print()
        _tables(columns, worded)
        return
    sys.stdout.flush()
    for first, *rest in worded:
        told = zip(columns[1:], rest, strict=True)
        values = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told)
        print(f"{first}: {values}", file=sys.stderr)
