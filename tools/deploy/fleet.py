"""Many devices from one CSV: a row each, `port` and whatever differs from the profile.

A column is named like the profile's key (`device_id`), or `section.key` where two sections
have a key of that name. An empty cell keeps what the profile says.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tools.deploy.errors import UsageError
from tools.profile.settings import all_settings

_SECRETS = ("client_secret", "password")
PORT = "port"


class Row(NamedTuple):
    """`fault` is what is wrong with the row itself, "" when nothing is."""

    line: int
    port: str
    changes: dict[str, dict[str, object]]
    fault: str


def read(path: Path) -> list[Row]:
    """The devices of a CSV file. Raises UsageError when the file itself cannot be used."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UsageError(f"{path}: {getattr(fault, 'strerror', None) or fault}") from None
    if not rows or PORT not in rows[0]:
        raise UsageError(f"{path}: expected a first line such as port,device_id")
    columns = [_column(name.strip(), path) for name in rows[0]]
    found = [
        _row(line, cells, columns)
        for line, cells in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in cells)
    ]
    if not found:
        raise UsageError(f"{path}: there is no device in it")
    return _without_twins(found)


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


def _row(line: int, cells: list[str], columns: list[_Column]) -> Row:
    changes: dict[str, dict[str, object]] = {}
    port = fault = ""
    if len(cells) != len(columns):
        fault = f"expected {len(columns)} cells, not {len(cells)}"
    for text, column in zip((cell.strip() for cell in cells), columns, strict=False):
        if column.key == PORT:
            port = text
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


def _without_twins(rows: Iterable[Row]) -> list[Row]:
    """Two rows must not name one port, or give two devices one name."""
    seen: dict[tuple[str, object], int] = {}
    checked = []
    for row in rows:
        names = [
            (PORT, row.port),
            ("device_id", row.changes.get("device", {}).get("device_id")),
        ]
        twin = next((seen[n] for n in names if n[1] and n in seen), 0)
        for name in names:
            seen.setdefault(name, row.line)
        fault = f"the same port or device_id as line {twin}" if twin else row.fault
        checked.append(row._replace(fault=row.fault or fault))
    return checked
