"""What a till has asked, on disk before it is sent: a till that falls over asks again.

One SQLite file a till. A ServiceID is never used twice, also when the file was lost: the
first one is the second in which the file was made.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_TABLE = """
CREATE TABLE IF NOT EXISTS asked (
    service_id INTEGER PRIMARY KEY,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    asked_s INTEGER NOT NULL,
    request TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '',
    transaction_id TEXT NOT NULL DEFAULT ''
)
"""
_LARGEST_ID = 9_999_999_999  # ten characters


class JournalError(Exception):
    """The journal cannot be used; one line says why."""


class Intent(NamedTuple):
    """One request; `outcome` is empty until it is known what came of it."""

    service_id: str
    category: str
    kind: str  # of a Loyalty request its LoyaltyTransactionType, else the category
    asked_s: int
    request: str
    outcome: str
    transaction_id: str


class Journal:
    """A till's journal in the file `path`. Raises JournalError when it cannot be used."""

    def __init__(self, path: Path, now_s: Callable[[], float] = time.time) -> None:
        self._now_s = now_s
        try:
            self._book = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False
            )
            self._book.execute("PRAGMA synchronous = FULL")
            self._book.execute(_TABLE)
        except sqlite3.Error as fault:
            raise JournalError(f"{path}: {fault}") from None

    def new_id(self) -> str:
        """A ServiceID that no request has had."""
        (last,) = self._book.execute("SELECT MAX(service_id) FROM asked").fetchone()
        return str((last or int(self._now_s())) % _LARGEST_ID + 1)

    def intend(self, service_id: str, category: str, kind: str, request: str) -> None:
        """On disk when it returns."""
        self._book.execute(
            "INSERT INTO asked (service_id, category, kind, asked_s, request) VALUES (?,?,?,?,?)",
            (int(service_id), category, kind, int(self._now_s()), request),
        )

    def kind(self, service_id: str) -> str:
        """What a request was; "" for one that this till never made."""
        row = self._book.execute(
            "SELECT kind FROM asked WHERE service_id = ?", (service_id,)
        ).fetchone()
        return str(row[0]) if row else ""

    def conclude(self, service_id: str, outcome: str, transaction_id: str = "") -> None:
        """It is known what came of a request."""
        self._book.execute(
            "UPDATE asked SET outcome = ?, transaction_id = ? WHERE service_id = ?",
            (outcome, transaction_id, int(service_id)),
        )

    def open(self) -> list[Intent]:
        """What nobody knows the outcome of, oldest first."""
        rows = self._book.execute(
            "SELECT * FROM asked WHERE outcome = '' ORDER BY service_id"
        )
        return [Intent(str(row[0]), *row[1:]) for row in rows]

    def close(self) -> None:
        """Frees the file."""
        with contextlib.suppress(sqlite3.Error):
            self._book.close()
