"""Pairs our rows with theirs in the temporary database, and says of each row what it is.

A pair is found by trace id and confirmation number, then by trace id on the same terminal, then
by trace id alone, then by confirmation number. Every row is in one pair at most. Where several
would do, it is the one that is alike in kind, day and time, and was not refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from milepad.base.money import format_dollars
from tools.ledger.database import OURS, THEIRS, Database, Row
from tools.ledger.days import Span
from tools.ledger.layout import DETAIL, ISSUED, REVERSED, WITHDRAWN

Status = Literal[
    "matched",
    "differing",
    "ours_only",
    "theirs_only",
    "committed",
    "declined_committed",
    "not_sent_committed",
    "unresolved",
    "outside",
]

TITLES: Mapping[Status, str] = {
    "matched": "matched",
    "differing": "differing",
    "ours_only": "ours only",
    "theirs_only": "theirs only",
    "committed": "unresolved here, committed there",
    "declined_committed": "declined here, committed there",
    "not_sent_committed": "not sent here, committed there",
    "unresolved": "unresolved here, unknown there",
    "outside": "ours, outside their files",
}
DIFFERENCES: frozenset[Status] = frozenset(TITLES) - {"matched", "unresolved", "outside"}
NEAR_CUT_OFF_S = 900

# Two devices may have made the same trace id: first what is alike in every other way.
_LIKELY = (
    " AND o.kind = t.kind AND o.date = t.date AND o.outcome NOT IN ('declined', 'not_sent')"
)
_SAME_TIME = _LIKELY + " AND o.time = t.time"
# Where their layout has no day, and of a return and its sale under one number.
_SAME_EARNING = f" AND o.kind = t.kind AND o.kind IN ('{ISSUED}', '{WITHDRAWN}')"
_BY_TERMINAL = (
    "o.trace_id = t.trace_id AND o.terminal_id = t.terminal_id AND o.trace_id <> ''"
)
_BY_TRACE = "o.trace_id = t.trace_id AND o.trace_id <> ''"
_PASSES = (
    (
        "trace id and confirmation",
        "by_trace",
        "o.trace_id = t.trace_id AND o.confirmation = t.confirmation "
        "AND o.trace_id <> '' AND o.confirmation <> ''",
    ),
    *(
        ("trace id and terminal", "by_trace", _BY_TERMINAL + more)
        for more in (_SAME_TIME, _LIKELY, "")
    ),
    *(("trace id", "by_trace", _BY_TRACE + more) for more in (_SAME_TIME, _LIKELY)),
    ("trace id", "by_trace", _BY_TRACE + _SAME_EARNING),
    # A return may go under the number of its sale.
    ("trace id of its sale", "", "o.reverses = t.trace_id" + _SAME_EARNING),
    ("trace id", "by_trace", _BY_TRACE),
    (
        "confirmation",
        "by_confirmation",
        "o.confirmation = t.confirmation AND o.kind = t.kind AND o.confirmation <> ''",
    ),
)
_COMMITTED: Mapping[str, Status] = {  # by what our ledger says
    "open": "committed",
    "unknown": "committed",
    "declined": "declined_committed",
    "not_sent": "not_sent_committed",
    "parked": "declined_committed",
}
_COMPARED = tuple(field.name for field in DETAIL.fields if field.compared)
_values_of = itemgetter(*(Row._fields.index(name) for name in _COMPARED))


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `by` is what the pair was found by."""

    status: Status
    ours: Row | None
    theirs: Row | None
    by: str = ""
    note: str = ""


def pair(work: Database) -> None:
    """Fills the table of pairs."""
    work.db.execute(
        "CREATE TABLE pairs (ours INTEGER PRIMARY KEY, theirs INTEGER UNIQUE, by INTEGER)"
    )
    for number, (_, index, condition) in enumerate(_PASSES):
        left = "" if number == 0 else (
            " AND o.id NOT IN (SELECT ours FROM pairs)"
            " AND NOT EXISTS (SELECT 1 FROM pairs WHERE theirs = t.id)"
        )  # fmt: skip
        work.db.execute(
            f"INSERT OR IGNORE INTO pairs SELECT o.id, t.id, {number} "  # noqa: S608
            f"FROM ours o{' INDEXED BY ours_' + index if index else ''} "
            f"CROSS JOIN theirs t INDEXED BY theirs_{index or 'by_trace'} "
            f"WHERE {condition}{left}"
        )


def findings(work: Database, spans: Sequence[Span]) -> Iterator[Finding]:
    """What every row is. Of ours, those that were settled without miles are left out
    unless they were paired.
    """
    width = len(Row._fields)
    mine, yours = (", ".join(f"{side}.{name}" for name in Row._fields) for side in "ot")
    rows = work.db.execute(
        f"SELECT p.by, {mine}, {yours} FROM pairs p CROSS JOIN ours o ON o.id = p.ours "  # noqa: S608
        "CROSS JOIN theirs t ON t.id = p.theirs"
    )
    for values in rows:
        yield _of_pair(Row(*values[1 : width + 1]), Row(*values[width + 1 :]), values[0])
    for row in _alone(work, OURS):
        found = _ours_alone(row, spans)
        if found:
            yield found
    for row in _alone(work, THEIRS):
        yield Finding("theirs_only", None, row)


def _alone(work: Database, side: str) -> Iterator[Row]:
    columns = ", ".join(Row._fields)
    found = work.db.execute(
        f"SELECT {columns} FROM {side} s "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM pairs WHERE {side} = s.id)"
    )
    return (Row(*values) for values in found)


def _of_pair(ours: Row, theirs: Row, by: int) -> Finding:
    name = _PASSES[by][0]
    if not ours.is_approved:
        note = "" if ours.kind == theirs.kind else "kind differs"
        return Finding(_COMMITTED[ours.outcome], ours, theirs, name, note)
    if ours.earning:
        unlike = _unlike_earning(ours, theirs)
        note = ", ".join(unlike) or _is_pending(ours)
        return Finding("differing" if unlike else "matched", ours, theirs, name, note)
    if _values_of(ours) == _values_of(theirs):
        return Finding("matched", ours, theirs, name)
    unlike = [each for each in _COMPARED if getattr(ours, each) != getattr(theirs, each)]
    told = [f"date (theirs: {theirs.date})" if each == "date" else each for each in unlike]
    return Finding("differing", ours, theirs, name, ", ".join(told))


def _unlike_earning(ours: Row, theirs: Row) -> list[str]:
    """What differs, of the values that both sides have: their layout may lack some."""
    unlike = [] if ours.kind == theirs.kind else ["kind"]
    our_miles = ours.asked_miles or ours.miles
    if our_miles and our_miles != theirs.miles:  # 0: the reply did not say how many
        unlike.append("miles")
    if theirs.date and ours.date != theirs.date:
        unlike.append(f"date (theirs: {theirs.date})")
    if ours.last_four and theirs.last_four and ours.last_four != theirs.last_four:
        unlike.append("collector")
    return unlike


def _is_pending(row: Row) -> str:
    return "accepted, and posted later" * (row.earning == "pending")


def _ours_alone(row: Row, spans: Sequence[Span]) -> Finding | None:
    if row.outcome in ("declined", "not_sent"):
        return None
    if not any(span.holds(row.unix_s) for span in spans):
        return Finding("outside", row, None)
    if not row.is_approved:
        note = f"{row.outcome}; {format_dollars(row.asked_cents)} asked"
        if row.earning:
            note = f"{row.earning}; {row.asked_miles or row.miles} miles"
        return Finding("unresolved", row, None, note=note)
    near = any(
        min(abs(row.unix_s - span.from_s), abs(row.unix_s - span.to_s)) <= NEAR_CUT_OFF_S
        for span in spans
    )
    note = _is_pending(row) or "near the cut-off: see the next file" * near
    return Finding("ours_only", row, None, note=note)


class Sums:
    """Count, and net miles and cents (redeemed less reversed) of either side, by status."""

    def __init__(self) -> None:
        self.rows: dict[Status, list[int]] = {status: [0] * 5 for status in TITLES}
        self.dates_outside: set[str] = set()

    def add(self, found: Finding) -> None:
        """Counts one finding."""
        ours, theirs = _net(found.ours), _net(found.theirs)
        values = (1, ours[0], theirs[0], ours[1], theirs[1])
        for at, value in enumerate(values):
            self.rows[found.status][at] += value
        if found.status == "outside" and found.ours is not None:
            self.dates_outside.add(found.ours.date)

    def count(self, status: Status) -> int:
        """How many findings there were."""
        return self.rows[status][0]

    def has_differences(self) -> bool:
        """Whether there is anything to look into."""
        return any(self.count(status) for status in DIFFERENCES)


def _net(row: Row | None) -> tuple[int, int]:
    if row is None or not row.is_approved:
        return 0, 0
    sign = -1 if row.kind in (REVERSED, WITHDRAWN) else 1
    return sign * row.miles, sign * row.cents
