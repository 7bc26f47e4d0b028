"""`match`: our ledgers, or our reconciliation files, against AIR MILES' files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tools import progress
from tools.ledger import award_layout, coverage, matching, periods, report
from tools.ledger.database import OURS, THEIRS, Database, Row, temporary
from tools.ledger.days import PlatformClock, Span
from tools.ledger.errors import LedgerToolError, Problems
from tools.ledger.flash import is_ledger
from tools.ledger.loading import (
    is_cash,
    load_award_files,
    load_files,
    load_ledgers,
    moves_miles,
)
from tools.ledger.matching import DIFFERENCES, TITLES, Finding, Status, Sums
from tools.ledger.options import Match, unit_from
from tools.ledger.report import Value

COLUMNS = (
    "status", "kind", "trace_id", "confirmation", "terminal_id", "our_date", "their_date",
    "our_miles", "their_miles", "found_by", "note", "our_file", "their_file", "when",
    "device", "last_four", "our_dollars", "their_dollars",
)  # fmt: skip
IN_TABLE = (
    "status", "when", "device", "last_four", "kind", "trace_id", "confirmation",
    "our_dollars", "their_dollars", "our_miles", "their_miles", "note",
)  # fmt: skip
SUMMARY_COLUMNS = (
    "status", "count", "our_net_miles", "their_net_miles", "our_net_dollars",
    "their_net_dollars",
)  # fmt: skip
NOTHING_COMPARED = 3
_Load = Callable[[Database, str, Sequence[Path]], list[Span]]
_STEP = 1024


def run(paths: Sequence[Path], options: Match) -> int:
    """Prints the report; 1 when there are differences, 3 when nothing was compared, else 0."""
    clock, unit = PlatformClock(options.offset, options.zone), unit_from(options.unit)
    ledgers, our_files, theirs = sides(paths, options.theirs)
    with temporary(options.work_dir) as work:
        load: _Load = partial(
            load_files, clock=clock, unit=unit, without_trailers=options.without_trailers
        )
        wanted = is_cash
        if options.earnings:
            load, wanted = _of_earnings(options, our_files, clock), moves_miles
        problems = Problems()
        with problems.gathered():
            lost = load_ledgers(
                work, OURS, ledgers, clock, options.terminal_id, wanted=wanted
            )
        with problems.gathered():
            our_spans = load(work, OURS, our_files)
        with problems.gathered():
            spans = load(work, THEIRS, theirs)
        with progress.bar("indexing and pairing", None):
            for side in (OURS, THEIRS):
                with problems.gathered():
                    work.index(side, options.earnings)
            problems.raise_all()
            matching.pair(work)
        report.warn_shared(work.shared_traces())
        sums = Sums()
        rows = _rows(work, matching.findings(work, spans), sums, options.differences)
        report.write(options.form, COLUMNS, rows, _in_table(options))
        report.warn_lost(lost)
        is_compared = _told_outside(
            work, sums, clock, our_spans, list(zip(theirs, spans, strict=True))
        )
    counted = [_summed(key, *sums.rows[key]) for key in TITLES]
    report.summary(options.form, SUMMARY_COLUMNS, counted, list(TITLES.values()))
    if sums.has_differences():
        return 1
    return 0 if is_compared else NOTHING_COMPARED


def _in_table(options: Match) -> list[str]:
    """The table's columns: no dollars are earned."""
    return [
        each for each in IN_TABLE if not (options.earnings and each.endswith("dollars"))
    ]


def _of_earnings(options: Match, our_files: Sequence[Path], clock: PlatformClock) -> _Load:
    """What loads files of earnings. Raises LedgerToolError."""
    if our_files:
        raise LedgerToolError(f"{our_files[0]} is no ledger: --earnings needs ledgers")
    span = None
    if options.day is not None:
        span = periods.span_of(options.period, options.day, clock)
    layout = award_layout.read(options.layout)
    return partial(load_award_files, clock=clock, layout=layout, span=span)


def _told_outside(
    work: Database,
    sums: Sums,
    clock: PlatformClock,
    our_spans: Sequence[Span],
    theirs: Sequence[tuple[Path, Span]],
) -> bool:
    """Says which days lie outside; whether any file of theirs covers a time of ours."""
    ours = coverage.stretches(work.dates(OURS)) or "no entries"
    strange = [
        (path, span)
        for path, span in theirs
        if not (work.holds(OURS, span) or coverage.overlap(our_spans, span))
    ]
    for path, span in strange:
        days = coverage.days_of(span, clock) if span.to_s else "no day: it holds nothing"
        report.warn(f"{path} covers {days}, and nothing of ours is of then; ours: {ours}")
    if sums.dates_outside:
        days = coverage.stretches(sorted(sums.dates_outside))
        report.warn(f"{sums.count('outside')} of ours lie outside their files: {days}")
    return len(strange) < len(theirs)


def _summed(
    status: Status, count: int, our_miles: int, their_miles: int, *cents: int
) -> tuple[Value, ...]:
    return (status, count, our_miles, their_miles, *map(report.dollars, cents))


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
    work: Database, found: Iterator[Finding], sums: Sums, only_differences: bool
) -> Iterator[tuple[Value, ...]]:
    """Counts every finding; yields the values of those that are wanted."""
    with progress.bar("comparing", None) as bar:
        for number, each in enumerate(found, 1):
            sums.add(each)
            if number % _STEP == 0:
                bar.advance(_STEP)
            wanted = not only_differences and each.status != "outside"
            if wanted or each.status in DIFFERENCES:
                yield _values(work, each)


def _values(work: Database, found: Finding) -> tuple[Value, ...]:
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
        ours.miles if ours and ours.is_approved else "",
        theirs.miles if theirs else "",
        found.by,
        found.note,
        _place(work, ours),
        _place(work, theirs),
        coverage.when((ours or shown).date, (ours or shown).time),
        work.device_of(ours or shown),
        ours.last_four if ours else "",
        report.dollars(ours.cents) if ours and ours.is_approved else "",
        report.dollars(theirs.cents) if theirs else "",
    )


def _place(work: Database, row: Row | None) -> str:
    return "" if row is None else f"{work.names[row.file]}:{row.line}"
