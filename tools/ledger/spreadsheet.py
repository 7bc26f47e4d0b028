"""Lines of a file that a spreadsheet saved as CSV, back in the layout's form.

A spreadsheet separates fields by its country's list separator (semicolons in French Canada,
commas in English), makes all lines equally long, and takes the zeros off the front of numbers.
Where a field's width is known the zeros are put back; anything else it did to a number shows
in the check that follows.
"""

from __future__ import annotations

import csv
import re

from tools.ledger.layout import DETAIL, HEADERS, SEPARATOR, TRAILERS, Field

_FIRST = re.compile(f'"?{HEADERS[0].marker}"?([;,\t])')
_RECORDS = {record.marker: record for record in (*HEADERS, DETAIL, *TRAILERS)}
_OFFSET = re.compile(r"([-+]?)(\d{1,4})", re.ASCII)


def delimiter_of(first_line: str) -> str:
    """What separates the fields of a spreadsheet's file; "" of any other file."""
    found = _FIRST.match(first_line)
    return found[1] if found else ""


def layout_line(line: str, delimiter: str) -> str:
    """The line as the layout has it."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return line
    while cells and not cells[-1].strip():
        cells.pop()
    record = _RECORDS.get(cells[0]) if cells else None
    if record is not None and len(cells) == len(record.fields):
        cells = [
            _with_zeros(field, cell)
            for field, cell in zip(record.fields, cells, strict=True)
        ]
    return SEPARATOR.join(cells)


def _with_zeros(field: Field, cell: str) -> str:
    text = cell.strip()
    if field.kind == "offset":
        found = _OFFSET.fullmatch(text)
        return f"{found[1] or '+'}{found[2]:>04}" if found else text
    has_width = field.kind == "time" or field.name == "trace_id"
    if has_width and text.isascii() and text.isdigit():
        return text.zfill(field.width)
    return text
