"""What is to be written onto each device of a fleet, checked whole before the first is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tools import profile
from tools.deploy import fleet, prefixes, secrets
from tools.deploy.errors import UsageError


class Job(NamedTuple):
    """One device: where it is plugged in, its settings as files, and what it is called."""

    line: int
    port: str
    files: dict[str, bytes]
    store_id: str
    device_id: str
    prefix: str


def make(path: Path, csv: Path, port: str) -> list[Job]:
    """A job for each row of the CSV, with the shop's profile.

    Raises UsageError that tells all that is wrong, a line each, and ProfileFileError.
    """
    document = profile.read(path)
    rows = fleet.read(csv, port)
    faults: list[str] = []
    try:
        rows = prefixes.with_prefixes(rows, document, csv)
    except UsageError as fault:
        faults.append(str(fault).removeprefix(f"{csv}: "))
    hidden = secrets.missing(document)
    found: list[Job] = []
    wrong: dict[int, Sequence[str]] = {}
    for row in rows:
        try:
            if not row.fault:
                found.append(_job(path, row, hidden))
        except profile.ProfileFileError as fault:
            wrong[row.line] = fault.faults
    common = _common(wrong) if len(wrong) > 1 and not found else []
    faults += [f"every line: {each}" for each in common]
    twins = _twins(rows, document)
    for row in rows:
        own = [each for each in wrong.get(row.line, ()) if each not in common]
        told = [row.fault, *own, twins.get(row.line, "")]
        faults += [f"line {row.line}: {each}" for each in told if each]
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise UsageError("\n  ".join([f"{csv}: {count}, nothing was written", *faults]))
    return found


def one(path: Path, port: str) -> Job:
    """The one device that gets the profile as it is. Raises UsageError, ProfileFileError."""
    return _job(path, fleet.Row(0, port, {}, ""), secrets.missing(profile.read(path)))


def _job(path: Path, row: fleet.Row, hidden: profile.Sections) -> Job:
    changes = {section: dict(values) for section, values in row.changes.items()}
    for section, values in hidden.items():
        changes.setdefault(section, {}).update(values)
    files, document = profile.load(path, changes, for_shop=True)
    device: dict[str, Any] = document["device"]
    store_id = document["partner"]["store_id"]
    prefix = device["trace_prefix"]
    return Job(row.line, row.port, files, store_id, device["device_id"], prefix)


def _common(wrong: Mapping[int, Sequence[str]]) -> list[str]:
    """The faults that every row has: they are the profile's, and told once."""
    first, *others = wrong.values()
    return [each for each in first if all(each in faults for faults in others)]


def _twins(rows: Sequence[fleet.Row], document: Mapping[str, Any]) -> dict[int, str]:
    """{line: fault} of devices whose name another of their store has."""
    seen: dict[tuple[str, str], int] = {}
    found = {}
    for row in rows:
        store_id = prefixes.value_of(row, document, "partner", "store_id")
        device_id = prefixes.value_of(row, document, "device", "device_id")
        first = seen.setdefault((store_id, device_id), row.line)
        if first != row.line and device_id:
            found[row.line] = f"the same device_id as line {first}"
    return found
