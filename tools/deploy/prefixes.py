"""A trace prefix of its own for each device of a CSV.

A trace id is the device's four digits and eight that count, so two devices with one prefix can
send the same id. A device makes its prefix of its store's and its own name; of 1,000 devices
94 then share one with another. Here each row gets what its device would make, or the next
prefix that is free, in the order of the rows: to append rows changes nothing for the others.
There are 10,000 prefixes, for all devices of a sponsor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from milepad.ledger.trace_ids import PREFIXES, prefix_of
from tools.deploy.errors import UsageError
from tools.deploy.fleet import Row

_MAX_DIGITS = 4


def with_prefixes(
    rows: Sequence[Row], document: Mapping[str, Any], path: Path
) -> list[Row]:
    """The rows, each good one with a prefix that no other has.

    `document` is the shop's profile, whose values count where a row has none. Raises UsageError
    when two devices are given the same prefix, or more devices than there are prefixes.
    """
    taken: dict[str, int] = {}
    for row in rows:
        given = _given(row, document)
        if given:
            _take(taken, prefix_of("", "", given), row, path)
    return [_with_own(row, document, taken, path) for row in rows]


def value_of(row: Row, document: Mapping[str, Any], section: str, key: str) -> str:
    """What the row says, or else the profile; "" where neither has a text there."""
    kept = document.get(section)
    kept = kept.get(key) if isinstance(kept, dict) else None
    value = row.changes.get(section, {}).get(key, kept)
    return value if isinstance(value, str) else ""


def _given(row: Row, document: Mapping[str, Any]) -> str:
    """The prefix given by hand; one that is wrong is left to the profile's own check."""
    text = "" if row.fault else value_of(row, document, "device", "trace_prefix")
    good = text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS
    return text if good else ""


def _take(taken: dict[str, int], prefix: str, row: Row, path: Path) -> None:
    if prefix in taken:
        raise UsageError(
            f"{path}: lines {taken[prefix]} and {row.line} share the trace_prefix {prefix}; "
            "give each device its own, or none"
        )
    taken[prefix] = row.line


def _with_own(
    row: Row, document: Mapping[str, Any], taken: dict[str, int], path: Path
) -> Row:
    if row.fault or value_of(row, document, "device", "trace_prefix"):
        return row
    store_id = value_of(row, document, "partner", "store_id")
    device_id = value_of(row, document, "device", "device_id")
    if len(taken) >= PREFIXES:
        raise UsageError(f"{path}: more devices than the {PREFIXES} trace prefixes")
    number = int(prefix_of(store_id, device_id, ""))
    while f"{number:04d}" in taken:
        number = (number + 1) % PREFIXES
    _take(taken, f"{number:04d}", row, path)
    device = {**row.changes.get("device", {}), "trace_prefix": f"{number:04d}"}
    return row._replace(changes={**row.changes, "device": device})
