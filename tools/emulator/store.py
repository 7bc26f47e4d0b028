"""The platform's ledger and accounts in SQLite.

Whoever writes does so inside `transaction()`: a commitment, the miles that it moves and the
reply that a repeated request gets are on disk together, or none of them is. The store keeps
and finds; it decides nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.emulator.collectors import COLLECTORS
from tools.emulator.issuance import records

_SCHEMA = """
CREATE TABLE IF NOT EXISTS collectors (
    number TEXT PRIMARY KEY, cash INTEGER NOT NULL, dream INTEGER NOT NULL,
    state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, collector TEXT NOT NULL,
    units INTEGER NOT NULL, miles INTEGER NOT NULL, cents INTEGER NOT NULL,
    confirmation TEXT NOT NULL DEFAULT '', redemption TEXT, trace_id TEXT NOT NULL,
    sponsor_code TEXT NOT NULL, store_id TEXT NOT NULL, device_id TEXT NOT NULL,
    idempotency_key TEXT, identity TEXT NOT NULL, committed_s REAL NOT NULL,
    reversed INTEGER NOT NULL DEFAULT 0, cancelled INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0, basket_cents INTEGER);
CREATE INDEX IF NOT EXISTS by_confirmation ON entries (confirmation);
CREATE INDEX IF NOT EXISTS by_collector ON entries (collector, committed_s);
CREATE TABLE IF NOT EXISTS replies (
    identity TEXT PRIMARY KEY, digest TEXT NOT NULL, code TEXT NOT NULL,
    status INTEGER NOT NULL, body BLOB NOT NULL, entry INTEGER, made_s REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A redemption or reversal that is about to be committed."""

    kind: str
    collector: str
    units: int
    miles: int
    cents: int
    basket_cents: int | None
    redemption: str | None
    trace_id: str
    sponsor_code: str
    store_id: str
    device_id: str
    idempotency_key: str | None
    identity: str
    committed_s: float


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a request was answered the first time. `digest` is of the request."""

    digest: str
    code: str
    status: int
    body: bytes
    entry: int | None


class Store:
    """One SQLite file. Raises sqlite3.Error when the file is no such thing."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self.issuances = records.Issuances(self._db)
        try:
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA + records.SCHEMA)
            self._grow()
            with self.transaction():
                self._seed()
        except sqlite3.Error:
            self._db.close()
            raise

    def _grow(self) -> None:
        """A file of an earlier version gets the column that it lacks."""
        columns = {row["name"] for row in self._db.execute("PRAGMA table_info(entries)")}
        if "basket_cents" not in columns:
            self._db.execute("ALTER TABLE entries ADD COLUMN basket_cents INTEGER")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is committed together, or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def reset(self) -> None:
        """Forgets every entry and reply; the collectors are as at the beginning."""
        with self.transaction():
            for table in ("entries", "replies", "collectors", records.TABLE):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 (names above)
            self._seed()

    def _seed(self) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO collectors VALUES (?, ?, ?, ?)",
            [(each.number, each.cash, each.dream, each.state) for each in COLLECTORS],
        )

    def collector(self, number: str) -> dict[str, Any] | None:
        """`number`, `cash`, `dream`, `state`; None when there is no such collector."""
        row = self._db.execute(
            "SELECT * FROM collectors WHERE number = ?", (number,)
        ).fetchone()
        return None if row is None else dict(row)

    def collectors(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self._db.execute("SELECT * FROM collectors")]

    def spent_since(self, number: str, since_s: float) -> int:
        """Miles redeemed since then and neither reversed nor cancelled."""
        (miles,) = self._db.execute(
            "SELECT COALESCE(SUM(miles), 0) FROM entries WHERE collector = ? AND"
            " kind = 'redemption' AND NOT reversed AND NOT cancelled AND committed_s >= ?",
            (number, since_s),
        ).fetchone()
        return int(miles)

    def redemption(self, confirmation: str) -> dict[str, Any] | None:
        row = self._db.execute(
            "SELECT * FROM entries WHERE kind = 'redemption' AND confirmation = ?",
            (confirmation,),
        ).fetchone()
        return None if row is None else dict(row)

    def commit_entry(self, entry: Entry) -> tuple[int, str]:
        """Writes an entry and moves its miles. Returns its id and confirmation number."""
        names = Entry.__slots__
        cursor = self._db.execute(
            f"INSERT INTO entries ({', '.join(names)})"  # noqa: S608 (names of the class)
            f" VALUES ({', '.join('?' * len(names))})",
            [getattr(entry, name) for name in names],
        )
        number = cursor.lastrowid or 0
        confirmation = _confirmation(number)
        self._db.execute(
            "UPDATE entries SET confirmation = ? WHERE id = ?", (confirmation, number)
        )
        gain = entry.miles if entry.kind == "reversal" else -entry.miles
        self._move(entry.collector, gain)
        if entry.redemption is not None:
            self._db.execute(
                "UPDATE entries SET reversed = 1 WHERE confirmation = ?",
                (entry.redemption,),
            )
        return number, confirmation

    def mark_delivered(self, entry: int) -> None:
        """The reply to this entry left on a connection that was still open."""
        self._db.execute("UPDATE entries SET delivered = 1 WHERE id = ?", (entry,))

    def cancel_undelivered(self, before_s: float) -> None:
        """Cancels redemptions of then or before whose reply never left, and forgets it."""
        due = self._db.execute(
            "SELECT * FROM entries WHERE kind = 'redemption' AND NOT delivered"
            " AND NOT cancelled AND NOT reversed AND committed_s <= ?",
            (before_s,),
        ).fetchall()
        for row in due:
            self._db.execute("UPDATE entries SET cancelled = 1 WHERE id = ?", (row["id"],))
            self._db.execute("DELETE FROM replies WHERE identity = ?", (row["identity"],))
            self._move(row["collector"], row["miles"])

    def remembered(self, identity: str, since_s: float) -> Remembered | None:
        """The reply to this request, if it was given since then; older ones are dropped."""
        self._db.execute("DELETE FROM replies WHERE made_s < ?", (since_s,))
        row = self._db.execute(
            "SELECT digest, code, status, body, entry FROM replies WHERE identity = ?",
            (identity,),
        ).fetchone()
        return None if row is None else Remembered(*row)

    def remember(self, identity: str, reply: Remembered, made_s: float) -> None:
        self._db.execute(
            "INSERT INTO replies VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                identity,
                reply.digest,
                reply.code,
                reply.status,
                reply.body,
                reply.entry,
                made_s,
            ),
        )

    def entries(self, last: int = -1) -> list[dict[str, Any]]:
        """Every entry, oldest first; the latest `last` of them, if that is not negative."""
        latest = "SELECT * FROM entries ORDER BY id DESC LIMIT ?"
        rows = self._db.execute(f"SELECT * FROM ({latest}) ORDER BY id", (last,))  # noqa: S608
        return [dict(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many entries and issuances there are."""
        (entries,) = self._db.execute("SELECT count(*) FROM entries").fetchone()
        return {"ledger": entries, "issuances": self.issuances.count()}

    def _move(self, collector: str, miles: int) -> None:
        self._db.execute(
            "UPDATE collectors SET cash = cash + ? WHERE number = ?", (miles, collector)
        )


def _confirmation(number: int) -> str:
    """Eleven digits that look like no count, so that nobody can lean on their order."""
    return f"{(number * 7368787 + 3000000019) % 10**11:011d}"
