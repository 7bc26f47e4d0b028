"""Many devices from one CSV: a row each, `port` and whatever differs from the profile.

A column is named like the profile's key (`device_id`), or `section.key` where two sections
have a key of that name. An empty cell keeps what the profile says. Rows with one port are
devices that are plugged in there one after another. Spreadsheets' ways of writing a CSV are
taken as they are: separated by commas, semicolons or tabs, UTF-8 or UTF-16 with a mark, blanks
around names and values, empty rows, empty columns at the end.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tools import regular_file
from tools.deploy.errors import UsageError
from tools.profile.settings import all_settings

_SECRETS = ("client_secret", "password", "pin", "passphrase")
_MOST_BYTES = 1024 * 1024
_SEPARATORS = ",;\t"
_HINT = "sep="  # Excel's own first line
PORT = "port"
# What the reader of CSV says, for a person.
_SAID = {"unexpected end of data": "a quotation mark is opened there and closed nowhere"}


class Row(NamedTuple):
    """`fault` is what is wrong with the row itself, "" when nothing is."""

    line: int
    port: str
    changes: dict[str, dict[str, object]]
    fault: str


def read(path: Path, port: str = "") -> list[Row]:
    """The devices of a CSV file. Raises UsageError when the file itself cannot be used.

    `port` is where the devices of rows without one are plugged in.
    """
    lines = list(io.StringIO(_text(path), newline=""))
    if lines and lines[0].lower().startswith(_HINT):
        lines[0] = "\n"
    rows = _table(path, lines)
    if not rows:
        raise UsageError(f"{path}: expected a first line such as port,device_id")
    columns = _columns(rows[0][1], path)
    if not port and PORT not in [column.key for column in columns]:
        raise UsageError(
            f"{path}: expected a first line such as port,device_id; without that column PORT "
            "is where one device after another is plugged in"
        )
    found = [_row(line, cells, columns, port) for line, cells in rows[1:]]
    if not found:
        raise UsageError(f"{path}: there is no device in it")
    return found


def _text(path: Path) -> str:
    try:
        raw = regular_file.read(path, _MOST_BYTES)
        is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return raw.decode("utf-16" if is_wide else "utf-8-sig")
    except OSError as fault:
        raise UsageError(f"{path}: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text: save it as CSV UTF-8") from None


def _table(path: Path, lines: Sequence[str]) -> list[tuple[int, list[str]]]:
    """(line, cells without blanks around them) of each row that is not empty."""
    head = next((line for line in lines if line.strip(_SEPARATORS + " \r\n")), _SEPARATORS)
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(lines, strict=True, delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as fault:
        said = _SAID.get(str(fault), str(fault))
        raise UsageError(f"{path}: line {line}: {said}") from None
    return found


def _columns(names: Iterable[str], path: Path) -> list[_Column]:
    """The columns of the first line, whose names may have blanks for underscores."""
    plain = ["_".join(name.split()).lower() for name in names]
    while plain and not plain[-1]:
        plain.pop()
    columns = [_column(name, path) for name in plain]
    for at, column in enumerate(columns):
        if column in columns[:at]:
            raise UsageError(f"{path}: column {plain[at]} stands there twice")
    return columns


class _Column(NamedTuple):
    section: str
    key: str
    default: object


def _column(name: str, path: Path) -> _Column:
    if name == PORT:
        return _Column("", PORT, "")
    key = name.rpartition(".")[2]
    if key in _SECRETS:
        raise UsageError(f"{path}: {key} has no place in a CSV; leave the column out")
    places = [
        _Column(each.section, each.key, each.default)
        for each in all_settings()
        if name in (each.key, f"{each.section}.{each.key}")
    ]
    if len(places) == 1:
        return places[0]
    if not places:
        raise UsageError(f"{path}: column {name}: the profile has no such key")
    names = " or ".join(f"{place.section}.{place.key}" for place in places)
    raise UsageError(f"{path}: column {name}: expected {names}")


def _row(line: int, cells: list[str], columns: list[_Column], port: str) -> Row:
    changes: dict[str, dict[str, object]] = {}
    fault = ""
    while len(cells) > len(columns) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(columns):
        fault = f"expected {len(columns)} cells, not {len(cells)}"
    for text, column in zip(cells, columns, strict=False):
        if column.key == PORT:
            port = text or port
        elif text:
            changes.setdefault(column.section, {})[column.key] = _value(text, column)
    return Row(line, port, changes, fault or ("" if port else "the port is missing"))


def _value(text: str, column: _Column) -> object:
    """As the profile has it; what does not fit is refused by the profile's own check."""
    if isinstance(column.default, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    if isinstance(column.default, int) and text.lstrip("-").isdecimal():
        return int(text)
    return text
