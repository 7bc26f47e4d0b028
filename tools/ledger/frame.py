"""Lines of a reconciliation file: values to a line, a line to values, by the layout's table.

Nothing here opens a file or knows a moment. A line that breaks the table raises ValueError
with what is wrong and what was expected; the callers add the file and the line's number.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from tools.ledger.layout import SEPARATOR, Field, Record

_CHARACTERS = {
    "numeric": "[0-9]",
    "alphanumeric": "[0-9A-Za-z]",
    "date": "[0-9]",
}
# These have one width, and say all that there is to check.
_WHOLE = {
    "time": "(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]",
    "offset": "[-+](?:0[0-9]|1[0-5])[0-5][0-9]",
}
_EXPECTED = {
    "marker": "the marker",
    "numeric": "digits",
    "alphanumeric": "letters or digits",
    "date": "a date, YYYYMMDD",
    "time": "a time, HHMMSS",
    "offset": "an offset such as -0500",
}


@lru_cache(maxsize=1024)
def _is_date(text: str) -> bool:
    try:
        return 1970 <= date(int(text[:4]), int(text[4:6]), int(text[6:])).year <= 2105
    except ValueError:
        return False


def _pattern_of(field: Field) -> str:
    if field.kind in _WHOLE:
        return _WHOLE[field.kind]
    return f"{_CHARACTERS[field.kind]}{{{field.least},{field.width}}}"


@lru_cache(maxsize=32)
def _compiled(record: Record) -> tuple[re.Pattern[str], tuple[int, ...]]:
    """(the whole line, which of its values are dates: digits alone do not make one)."""
    parts = [re.escape(record.marker)]
    parts += [f"({_pattern_of(field)})" for field in record.fields[1:]]
    dates = [at for at, field in enumerate(record.fields[1:]) if field.kind == "date"]
    return re.compile(re.escape(SEPARATOR).join(parts)), tuple(dates)


def problem_of(field: Field, text: str) -> str:
    """What is wrong with a value, in words; "" when nothing is."""
    where = field.name.replace("_", " ")
    if len(text) > field.width:
        return f"{where} has {len(text)} characters; expected at most {field.width}"
    if len(text) < field.least:
        least = "a value" if field.least == 1 else f"{field.least} characters"
        return f"{where} is too short; expected {least}"
    fits = re.fullmatch(_pattern_of(field), text) is not None
    if fits and field.kind == "date":
        fits = _is_date(text)
    return "" if fits else f"{where}: expected {_EXPECTED[field.kind]}"


def encode(record: Record, *values: str | int) -> str:
    """The line of `values`, without its newline. ValueError for what does not fit."""
    texts = [str(value) for value in values]
    for field, text in zip(record.fields[1:], texts, strict=True):
        problem = problem_of(field, text)
        if problem:
            raise ValueError(problem)
    return SEPARATOR.join((record.marker, *texts))


def decode(record: Record, line: str) -> tuple[str, ...]:
    """The values of a line, in the table's order, after the marker. ValueError as above.

    >>> decode(TRAILERS[0], "T1%%2%%760")
    ('2', '760')
    """
    pattern, dates = _compiled(record)
    found = pattern.fullmatch(line)
    if found is None:
        raise ValueError(_why(record, line))
    values: tuple[str, ...] = found.groups()
    for at in dates:
        if not _is_date(values[at]):
            raise ValueError(problem_of(record.fields[at + 1], values[at]))
    return values


def _why(record: Record, line: str) -> str:
    """The first thing that is wrong with a line; never the line itself."""
    texts = line.split(SEPARATOR)
    if texts[0] != record.marker:
        return f"expected a {record.marker} record"
    if len(texts) != len(record.fields):
        return f"{len(texts)} fields in a {record.marker} record; expected {len(record.fields)}"
    for field, text in zip(record.fields[1:], texts[1:], strict=True):
        problem = problem_of(field, text)
        if problem:
            return problem
    return f"not a {record.marker} record"
