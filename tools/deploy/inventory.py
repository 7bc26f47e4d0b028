"""The list of a fleet's devices as a run leaves it, a CSV that is renewed after each device.

A device that an earlier run did, and this one has not come to, keeps its row.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from tools import regular_file
from tools.deploy.errors import UsageError

COLUMNS = (
    "store_id",
    "device_id",
    "trace_prefix",
    "serial_number",
    "board",
    "version",
    "python",
    "result",
    "echo",
)
_KEY = COLUMNS[:2]
_MOST_BYTES = 1024 * 1024


class Inventory:
    """One such file. Raises UsageError where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        """Reads what is there, and writes it again: no device is done that cannot be noted."""
        self.path = path
        self._rows: dict[tuple[str, ...], dict[str, str]] = {}
        for row in self._read():
            self._rows[tuple(row[name] for name in _KEY)] = row
        self._write()

    def note(self, **cells: str) -> None:
        """What is known of one device; what is left out is empty."""
        row = {name: cells.get(name, "") for name in COLUMNS}
        self._rows[tuple(row[name] for name in _KEY)] = row
        self._write()

    def _read(self) -> list[dict[str, str]]:
        if not self.path.exists():
            return []
        try:
            text = regular_file.read(self.path, _MOST_BYTES).decode("utf-8-sig")
            reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
            rows = [{name: row[name] or "" for name in COLUMNS} for row in reader]
        except OSError as fault:
            raise UsageError(f"inventory {self.path}: {fault.strerror}") from None
        except (UnicodeDecodeError, csv.Error, KeyError):
            raise UsageError(
                f"inventory {self.path}: this is none; name another file, or remove it"
            ) from None
        return rows

    def _write(self) -> None:
        beside = self.path.with_name(f"{self.path.name}.new")
        try:
            with beside.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                writer.writerows(self._rows.values())
            os.replace(beside, self.path)
        except OSError as fault:
            raise UsageError(f"inventory {self.path}: {fault.strerror}") from None
