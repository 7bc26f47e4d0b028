"""`reconcile`: the reconciliation file of one platform day (or of another span).

Only approved redemptions and reversals go in (spec, notes on file reconciliation: a failed
retry must not). An entry belongs to the day of its request's dateTime, which a retry repeats.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.ledger import coverage, days, frame, report, writer
from tools.ledger.database import OURS, Database, Row, temporary
from tools.ledger.days import PlatformClock, Span
from tools.ledger.details import Detail
from tools.ledger.errors import LedgerToolError
from tools.ledger.layout import DETAIL, HEADERS, REVERSED, Field
from tools.ledger.loading import load_ledgers
from tools.ledger.options import Reconcile
from tools.ledger.sources import Source

NOTHING_THERE = 3


@dataclass
class _Run:
    """What is met on the way, for the closing words."""

    span: Span
    sponsor_code: str
    unresolved: list[str] = field(default_factory=list)
    without_miles: list[str] = field(default_factory=list)
    written: int = 0
    net_miles: int = 0  # redeemed less reversed
    net_cents: int = 0


def span_from(options: Reconcile, clock: PlatformClock) -> Span:
    """The span that the options ask for. Raises LedgerToolError."""
    if options.day and not (options.since or options.until):
        return days.day(options.day, clock)
    if options.since and options.until and not options.day:
        return days.between(options.since, options.until, clock)
    raise LedgerToolError("expected either --day DATE, or both --from and --to")


def run(ledgers: Sequence[Path], options: Reconcile) -> int:
    """Writes the file; 3 when no entry at all lies in its span, else 0."""
    clock = PlatformClock(options.offset, options.zone)
    run_ = _Run(span_from(options, clock), options.sponsor or "")
    writer.check_output(options.output, ledgers, options.force)
    with temporary(options.work_dir) as work:
        lost = load_ledgers(
            work, OURS, ledgers, clock, options.terminal_id,
            lambda source, terminal: _check_identity(source, terminal, run_, options.sponsor),
        )  # fmt: skip
        work.index(OURS)
        report.warn_shared(work.shared_traces())
        details = _details(work, run_)
        made_s = int(time.time())
        writer.write(
            options.output,
            writer.lines(run_.sponsor_code, run_.span, made_s, clock, details),
        )
        is_empty = not work.holds(OURS, run_.span)
        held = coverage.stretches(work.dates(OURS)) or "no entries"
    _close(options.output, run_, lost)
    if not is_empty:
        return 0
    asked = coverage.days_of(run_.span, clock)
    report.warn(f"no entry is of {asked}; the ledgers hold {held}")
    return NOTHING_THERE


def _check_identity(source: Source, terminal: str, run_: _Run, sponsor: str | None) -> None:
    """Every device needs a terminal id that fits, and all of them the same sponsor code."""
    if not terminal:
        raise LedgerToolError(
            f"{source.name}: no profile tells who this device is; give --terminal-id"
        )
    problem = frame.problem_of(_field(DETAIL.fields, "terminal_id"), terminal)
    if problem:
        raise LedgerToolError(f"{source.name}: {problem}; see --terminal-id")
    code = sponsor or (source.identity.sponsor_code if source.identity else "")
    if not code:
        raise LedgerToolError(
            f"{source.name}: no profile tells its sponsor; give --sponsor"
        )
    if run_.sponsor_code not in ("", code):
        raise LedgerToolError(
            f"{source.name}: its sponsor is {code}, the others' {run_.sponsor_code}; "
            "write one file for each"
        )
    problem = frame.problem_of(_field(HEADERS[0].fields, "sponsor_code"), code)
    if problem:
        raise LedgerToolError(f"--sponsor: {problem}")
    run_.sponsor_code = code


def _field(fields: tuple[Field, ...], name: str) -> Field:
    return next(each for each in fields if each.name == name)


def _details(work: Database, run_: _Run) -> Iterator[Detail]:
    for row in work.in_order(OURS):
        if not run_.span.holds(row.unix_s):
            continue
        if row.outcome in ("open", "unknown"):
            run_.unresolved.append(row.trace_id)
        elif row.outcome == "approved":
            if row.miles == 0:
                run_.without_miles.append(row.trace_id)
            run_.written += 1
            sign = -1 if row.kind == REVERSED else 1
            run_.net_miles += sign * row.miles
            run_.net_cents += sign * row.cents
            yield detail_of(row)


def detail_of(row: Row) -> Detail:
    """The detail of a ledger's row."""
    return Detail(
        row.kind, row.date, row.time, row.trace_id, row.confirmation, row.reverses,
        row.miles, row.terminal_id,
    )  # fmt: skip


def _close(path: Path, run_: _Run, lost: int) -> None:
    net = f"net {run_.net_miles} miles, ${report.dollars(run_.net_cents)}"
    print(f"{path}: {run_.written} details, {net}")
    for trace_ids, what in (
        (
            run_.unresolved,
            "unresolved, not in the file; match will tell what became of them",
        ),
        (run_.without_miles, "approved without a number of miles; written with 0"),
    ):
        if trace_ids:
            shown = ", ".join(trace_ids[:20]) + (" ..." if len(trace_ids) > 20 else "")
            report.warn(f"{len(trace_ids)} {what}: {shown}")
    report.warn_lost(lost)
