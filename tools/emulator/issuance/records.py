"""What Issuance committed, in the platform's SQLite file, and when its miles are posted.

Miles that are pending move the balances once their time has come; `post_due` does it, and
whoever reads balances calls it first.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS issuances (
    id INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, collector TEXT,
    miles INTEGER NOT NULL, cash INTEGER NOT NULL, dream INTEGER NOT NULL,
    posts_s REAL NOT NULL, posted INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL,
    trace_id TEXT NOT NULL, device_id TEXT, pre_tax_cents INTEGER, post_tax_cents INTEGER,
    reasons TEXT NOT NULL, idempotency_key TEXT, identity TEXT NOT NULL,
    committed_s REAL NOT NULL, delivered INTEGER NOT NULL DEFAULT 0);
"""
TABLE = "issuances"


@dataclass(frozen=True, slots=True)
class Issuance:
    """What is about to be committed. `cash` and `dream` are negative for a withdrawal."""

    op: str
    collector: str | None
    miles: int
    cash: int
    dream: int
    posts_s: float
    pending: bool
    trace_id: str
    device_id: str | None
    pre_tax_cents: int | None
    post_tax_cents: int | None
    reasons: str
    idempotency_key: str | None
    identity: str
    committed_s: float


class Issuances:
    """The table of what was committed. To be written to inside the store's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def commit(self, issuance: Issuance) -> int:
        """Writes an entry and returns its number; its miles move with `post_due`."""
        names = Issuance.__slots__
        cursor = self._db.execute(
            f"INSERT INTO issuances ({', '.join(names)})"  # noqa: S608 (names of the class)
            f" VALUES ({', '.join('?' * len(names))})",
            [getattr(issuance, name) for name in names],
        )
        return cursor.lastrowid or 0

    def post_due(self, now_s: float) -> None:
        """Moves the miles whose time has come."""
        due = self._db.execute(
            "SELECT * FROM issuances WHERE NOT posted AND posts_s <= ?", (now_s,)
        ).fetchall()
        for row in due:
            self._db.execute(
                "UPDATE collectors SET cash = cash + ?, dream = dream + ? WHERE number = ?",
                (row["cash"], row["dream"], row["collector"]),
            )
            self._db.execute("UPDATE issuances SET posted = 1 WHERE id = ?", (row["id"],))

    def mark_delivered(self, number: int) -> None:
        """The reply to this one left on a connection that was still open."""
        self._db.execute("UPDATE issuances SET delivered = 1 WHERE id = ?", (number,))

    def count(self) -> int:
        """How many there are."""
        (count,) = self._db.execute("SELECT count(*) FROM issuances").fetchone()
        return int(count)

    def entries(self, last: int = -1) -> list[dict[str, Any]]:
        """Every one, oldest first; `reasons` as it was sent or computed. `last`: see Store."""
        latest = "SELECT * FROM issuances ORDER BY id DESC LIMIT ?"
        rows = self._db.execute(f"SELECT * FROM ({latest}) ORDER BY id", (last,))  # noqa: S608
        return [dict(row) | {"reasons": json.loads(row["reasons"])} for row in rows]
