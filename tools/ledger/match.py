"""`match`: our ledgers, or our reconciliation files, against AIR MILES' files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools import progress
from tools.ledger import matching, report
from tools.ledger.days import PlatformClock
from tools.ledger.errors import LedgerToolError
from tools.ledger.flash import is_ledger
from tools.ledger.loading import load_files, load_ledgers
from tools.ledger.matching import DIFFERENCES, TITLES, Finding, Sums
from tools.ledger.options import Match
from tools.ledger.report import Value
from tools.ledger.working import OURS, THEIRS, Row, Working, working

COLUMNS = (
    "status", "kind", "trace_id", "confirmation", "terminal_id", "our_date", "their_date",
    "our_miles", "their_miles", "found_by", "note", "our_file", "their_file",
)  # fmt: skip
IN_TABLE = (
    "status", "kind", "trace_id", "confirmation", "our_date", "their_date", "our_miles",
    "their_miles", "note",
)  # fmt: skip
SUMMARY_COLUMNS = ("status", "count", "our_net_miles", "their_net_miles")
_STEP = 1024


def run(paths: Sequence[Path], options: Match) -> int:
    """Prints the report; 1 when there are differences, else 0."""
    clock = PlatformClock(options.offset, options.zone)
    ledgers, our_files, theirs = sides(paths, options.theirs)
    with working(options.work_dir) as work:
        lost = load_ledgers(work, OURS, ledgers, clock, options.terminal_id)
        load_files(work, OURS, our_files, clock)
        spans = load_files(work, THEIRS, theirs, clock)
        with progress.bar("indexing and pairing", None):
            for side in (OURS, THEIRS):
                work.index(side)
            matching.pair(work)
        sums = Sums()
        rows = _rows(work, matching.findings(work, spans), sums, options.differences)
        report.write(options.form, COLUMNS, rows, IN_TABLE)
        if lost:
            print(f"warning: {lost} records are torn, foreign or missing", file=sys.stderr)
    counted = [(key, *sums.rows[key]) for key in TITLES]
    report.summary(options.form, SUMMARY_COLUMNS, counted, list(TITLES.values()))
    return 1 if sums.has_differences() else 0


def sides(
    paths: Sequence[Path], given: Sequence[Path] | None
) -> tuple[list[Path], list[Path], list[Path]]:
    """(our ledgers, our files, their files). Without ledgers the first file is ours.

    With `given` those are theirs and all of `paths` are ours. Raises LedgerToolError.
    """
    ledgers = [path for path in paths if is_ledger(path)]
    files = [path for path in paths if path not in ledgers]
    if given is not None:
        ours, theirs = files, list(given)
    else:
        ours, theirs = ([], files) if ledgers else (files[:1], files[1:])
    if ledgers and ours:
        raise LedgerToolError(
            f"{ours[0]} is no ledger and {ledgers[0]} is one: give either ledgers or our files"
        )
    if not theirs:
        raise LedgerToolError("expected a file from AIR MILES after ours")
    return ledgers, ours, theirs


def _rows(
    work: Working, found: Iterator[Finding], sums: Sums, only_differences: bool
) -> Iterator[tuple[Value, ...]]:
    """Counts every finding; yields the values of those that are wanted."""
    with progress.bar("comparing", None) as bar:
        for number, each in enumerate(found, 1):
            sums.add(each)
            if number % _STEP == 0:
                bar.advance(_STEP)
            if not only_differences or each.status in DIFFERENCES:
                yield _values(work, each)


def _values(work: Working, found: Finding) -> tuple[Value, ...]:
    ours, theirs = found.ours, found.theirs
    shown = theirs if theirs is not None else ours
    if shown is None:
        raise ValueError("a finding of nothing")
    return (
        found.status,
        shown.kind,
        shown.trace_id or (ours.trace_id if ours else ""),
        shown.confirmation,
        shown.terminal_id,
        ours.date if ours else "",
        theirs.date if theirs else "",
        _miles(ours),
        _miles(theirs),
        found.by,
        found.note,
        _place(work, ours),
        _place(work, theirs),
    )


def _miles(row: Row | None) -> Value:
    """Nothing where no miles are known to have moved."""
    return row.miles if row is not None and row.outcome == "approved" else ""


def _place(work: Working, row: Row | None) -> str:
    return "" if row is None else f"{work.names[row.file]}:{row.line}"
