"""A temporary database on disk, so that a chain's year needs no more memory than a day.

Two tables of the same shape, `ours` and `theirs`; the cache is bounded, everything else is on
disk and gone at the end. Loading finds duplicates: a detail that stands twice in one file is an
error; the same entry in an older and a newer copy of a ledger counts once, as the newer has it.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tools.ledger import coverage, days
from tools.ledger.days import PlatformClock, Span
from tools.ledger.errors import FrameError, LedgerToolError, Problems

_CACHE_KIB = 16384
_MOST_PROBLEMS = 20
OURS, THEIRS = "ours", "theirs"


class Row(NamedTuple):
    """A detail of a file, or an entry of a ledger. `file` and `line` (sequence) say where."""

    file: int
    line: int
    kind: str
    date: str
    time: str
    trace_id: str
    confirmation: str
    reverses: str
    miles: int
    terminal_id: str
    unix_s: int = 0
    outcome: str = "approved"
    request: str = ""  # an entry's idempotency key: one of its kind
    revision: int = 0
    cents: int = 0  # what moved
    asked_cents: int = 0
    last_four: str = ""  # of the collector number
    # Of an earning: what was asked of whom, what it came to and when, what was paid for.
    op: str = ""
    earning: str = ""
    concluded_s: int = 0
    basket_cents: int = 0
    pre_tax_cents: int = -1
    asked_miles: int = 0

    @property
    def is_approved(self) -> bool:
        """Whether miles moved."""
        return self.outcome == "approved"


_COLUMNS = ", ".join(Row._fields)
_MARKS = ", ".join("?" * len(Row._fields))
_TABLE = """
CREATE TABLE {side} (id INTEGER PRIMARY KEY, file INTEGER, line INTEGER, kind TEXT,
    date TEXT, time TEXT, trace_id TEXT, confirmation TEXT, reverses TEXT, miles INTEGER,
    terminal_id TEXT, unix_s INTEGER, outcome TEXT, request TEXT, revision INTEGER,
    cents INTEGER, asked_cents INTEGER, last_four TEXT, op TEXT, earning TEXT,
    concluded_s INTEGER, basket_cents INTEGER, pre_tax_cents INTEGER, asked_miles INTEGER);
"""
# All that the matching reads, so that it never has to look into the tables.
_INDEXES = (
    "CREATE INDEX {side}_by_trace ON {side} (trace_id, terminal_id, confirmation, request)",
    "CREATE INDEX {side}_by_confirmation ON {side} (confirmation, kind, terminal_id)",
)


class Database:
    """The database. `names` are the files' names, by the number that a row's `file` is."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.names: list[str] = []
        self._devices: list[str] = []
        self._by_terminal: dict[str, str] = {}
        for side in (OURS, THEIRS):
            db.executescript(_TABLE.format(side=side))

    def name(self, text: str, device: str = "", terminal: str = "") -> int:
        """The number for a file's name, and whose ledger it is."""
        self.names.append(text)
        self._devices.append(device)
        if self._by_terminal.setdefault(terminal, device) != device:
            self._by_terminal[terminal] = terminal  # several devices go by it
        return len(self.names) - 1

    def device_of(self, row: Row) -> str:
        """The device's name as far as it is known, else its Card Terminal ID."""
        name = self._devices[row.file] or self._by_terminal.get(row.terminal_id)
        return name or row.terminal_id

    def load(self, side: str, rows: Iterable[Row]) -> None:
        """Adds rows, a few at a time."""
        self.db.executemany(f"INSERT INTO {side} ({_COLUMNS}) VALUES ({_MARKS})", rows)  # noqa: S608

    def index(self, side: str, of_earnings: bool = False) -> None:
        """To be called once, when a side is loaded. Raises LedgerToolError for duplicates.

        Of earnings one transaction may take miles back under the number of another, and a file
        may have a line for each of its reasons: these are added up.
        """
        problems = Problems()
        if of_earnings:
            self._add_up(side)
        for command in _INDEXES:
            self.db.execute(command.format(side=side))
        groups = (
            ("trace_id, terminal_id, request", "trace_id <> '' AND request <> ''"),
            (
                "trace_id, terminal_id, confirmation" + ", kind" * of_earnings,
                "trace_id <> '' AND request = ''",
            ),
            ("confirmation, kind, terminal_id", "trace_id = ''"),
        )
        for columns, condition in groups:
            self.db.execute(
                f"CREATE TEMP TABLE repeated AS SELECT {columns} FROM {side} "  # noqa: S608
                f"WHERE {condition} GROUP BY {columns} HAVING count(*) > 1"
            )
            for values in self.db.execute("SELECT * FROM repeated"):
                with problems.gathered():
                    self._settle(side, columns, condition, values)
                if len(problems) >= _MOST_PROBLEMS:
                    problems.raise_all()
            self.db.execute("DROP TABLE repeated")
        problems.raise_all()

    def _add_up(self, side: str) -> None:
        """Makes one row of the lines of a file that are about the same miles."""
        same = "request = '' GROUP BY file, trace_id, kind"
        self.db.execute(
            f"CREATE TEMP TABLE added AS SELECT min(id) AS first, sum(miles) AS miles "  # noqa: S608
            f"FROM {side} WHERE {same}"
        )
        self.db.execute(
            f"DELETE FROM {side} WHERE request = '' AND id NOT IN (SELECT first FROM added)"  # noqa: S608
        )
        self.db.execute(
            f"UPDATE {side} SET miles = (SELECT miles FROM added WHERE first = id) "  # noqa: S608
            "WHERE request = ''"
        )
        self.db.execute("DROP TABLE added")

    def _settle(
        self, side: str, columns: str, condition: str, values: tuple[str, ...]
    ) -> None:
        """Keeps one of the rows that are the same entry; refuses two that contradict."""
        same = " AND ".join(f"{name} = ?" for name in columns.split(", "))
        order = "outcome IN ('open', 'parked'), outcome = 'unknown', revision DESC, id"
        found = self.db.execute(
            f"SELECT id, {_COLUMNS} FROM {side} WHERE {condition} AND {same} "  # noqa: S608
            f"ORDER BY {order}",
            values,
        ).fetchall()
        kept, others = found[0], found[1:]
        for other in others:
            self._agree(Row(*kept[1:]), Row(*other[1:]))
            self.db.execute(f"DELETE FROM {side} WHERE id = ?", (other[0],))  # noqa: S608

    def _agree(self, one: Row, other: Row) -> None:
        if one.request:
            later = (one.outcome, "open", "parked", "unknown")  # may still change
            if other.outcome in later and one.file != other.file:
                return
            problem = (
                f"entry {other.line} contradicts {self.names[one.file]}, entry {one.line}"
            )
            raise LedgerToolError(
                f"{self.names[other.file]}: {problem}; leave one of them out"
            )
        first, second = sorted((one, other), key=lambda row: (row.file, row.line))
        if first.file == second.file:
            problem, remedy = f"repeats line {first.line}", "only one of them may stay"
        elif first[2:] == second[2:]:
            return
        else:
            problem = f"contradicts {self.names[first.file]}, line {first.line}"
            remedy = "leave the file out that was replaced"
        raise FrameError(self.names[second.file], second.line, problem, remedy)

    def shared_traces(self) -> list[tuple[str, str, int]]:
        """Of every two ledgers with the same trace ids their names, and how many."""
        found = self.db.execute(
            "SELECT a.file, b.file, count(*) FROM ours a CROSS JOIN ours b "
            "ON b.trace_id = a.trace_id AND a.file < b.file AND a.request <> b.request "
            "WHERE a.request <> '' AND a.trace_id <> '' GROUP BY a.file, b.file"
        )
        return [(self.names[a], self.names[b], count) for a, b, count in found]

    def dates(self, side: str) -> list[str]:
        """The days of a side's rows, YYYYMMDD, in order."""
        found = self.db.execute(f"SELECT DISTINCT date FROM {side} ORDER BY date")  # noqa: S608
        return [str(date) for (date,) in found]

    def holds(self, side: str, span: Span) -> bool:
        """Whether a side has a row in the span."""
        found = self.db.execute(
            f"SELECT 1 FROM {side} WHERE unix_s >= ? AND unix_s < ? LIMIT 1",  # noqa: S608
            span,
        )
        return found.fetchone() is not None

    def days_of(self, side: str, file: int, clock: PlatformClock, dated: bool) -> Span:
        """The days from a file's first row to its last; all time where rows have no days."""
        if not dated:
            return Span(0, 1 << 32)
        first_s, last_s = self.db.execute(
            f"SELECT min(unix_s), max(unix_s) FROM {side} WHERE file = ?",  # noqa: S608
            (file,),
        ).fetchone()
        if first_s is None:
            return Span(0, 0)
        begin, end = (
            days.day(coverage.when(*clock.stamp(each)[:2])[:10], clock)
            for each in (first_s, last_s)
        )
        return Span(begin.from_s, end.to_s)

    def in_order(self, side: str) -> Iterator[Row]:
        """Every row of a side by its time; sorted on disk."""
        found = self.db.execute(
            f"SELECT {_COLUMNS} FROM {side} ORDER BY unix_s, trace_id, id"  # noqa: S608
        )
        return (Row(*values) for values in found)


@contextmanager
def temporary(folder: Path | None = None) -> Iterator[Database]:
    """A database in `folder` (None: the system's for temporary files), gone afterwards."""
    try:
        temporary = tempfile.TemporaryDirectory(prefix="milepad-", dir=folder)
    except OSError as fault:
        raise LedgerToolError(f"{fault.filename or folder}: {fault.strerror}") from None
    try:
        with temporary as home:
            os.environ["SQLITE_TMPDIR"] = home  # what is sorted lies there too
            db = sqlite3.connect(Path(home) / "rows.db", isolation_level=None)
            try:
                db.execute("PRAGMA journal_mode = OFF")
                db.execute("PRAGMA synchronous = OFF")
                db.execute("PRAGMA locking_mode = EXCLUSIVE")
                db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
                db.execute("PRAGMA temp_store = FILE")
                db.execute("BEGIN")
                yield Database(db)
            finally:
                db.close()
    except sqlite3.Error as fault:
        where = folder or tempfile.gettempdir()
        raise LedgerToolError(
            f"the temporary database in {where} failed: {fault}"
        ) from None
