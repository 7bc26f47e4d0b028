"""`bill`: the log of earnings by which AIR MILES bills a partner who computes the miles.

Published (FACTS 6.1): such a partner keeps a detailed log and sends it daily, weekly, bi-weekly
or monthly. Its layout is not: the columns here are OURS. Nothing says that it goes by offer,
and a ledger keeps one number of miles for each earning. An entry belongs to the span in which
AIR MILES accepted it, so that one that waited offline over a span's end is in the next log and
not in none; `--by bought` goes by the sale's own day instead.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from milepad.base.money import format_dollars
from milepad.base.vocabulary import POST, POST_EVENT, REVERSE_EVENT, REVERSE_POST, UNKNOWN
from tools.ledger import coverage, days, periods, report, writer
from tools.ledger.database import OURS, Database, Row, temporary
from tools.ledger.days import PlatformClock, Span
from tools.ledger.entries import WAITING
from tools.ledger.errors import LedgerToolError
from tools.ledger.layout import WITHDRAWN
from tools.ledger.loading import load_ledgers, moves_miles
from tools.ledger.options import Bill
from tools.ledger.report import Value
from tools.ledger.sources import Source

COLUMNS = (
    "device", "bought", "accepted", "operation", "transaction_id", "of", "collector",
    "before_tax_dollars", "paid_dollars", "miles", "status",
)  # fmt: skip
NOTHING_THERE = 3
_PARTNERS = (POST, POST_EVENT, REVERSE_POST, REVERSE_EVENT)


@dataclass
class _Sums:
    """What is met on the way, for the closing words."""

    written: int = 0
    given_miles: int = 0
    taken_miles: int = 0
    pending: int = 0
    without_miles: int = 0
    of_amrp: int = 0
    in_doubt: int = 0
    waiting: dict[str, int] = field(default_factory=dict)

    def totals(self) -> dict[str, int]:
        """What stands at the end of a log that has an end."""
        net = self.given_miles - self.taken_miles
        return {
            "entries": self.written,
            "given_miles": self.given_miles,
            "taken_miles": self.taken_miles,
            "net_miles": net,
            "pending": self.pending,
        }


def run(ledgers: Sequence[Path], options: Bill) -> int:
    """Writes the log; 3 when nothing lies in its span, else 0."""
    clock = PlatformClock(options.offset, options.zone)
    span = _span(options, clock)
    writer.check_output(options.output, ledgers, options.force)
    sums, late = _Sums(), []

    def noted(source: Source, terminal: str) -> None:
        if source.pulled_s is not None and source.pulled_s < span.to_s:
            late.append(source.name)

    with temporary(options.work_dir) as work:
        lost = load_ledgers(
            work, OURS, ledgers, clock, options.terminal_id, noted, moves_miles
        )
        work.index(OURS)
        report.warn_shared(work.shared_traces())
        rows = _rows(work, span, options, clock, sums)
        texts = _json(rows, span, clock, sums) if options.json else _csv(rows)
        writer.write(options.output, texts, "utf-8")
    _close(options, sums, lost, late)
    return 0 if sums.written else NOTHING_THERE


def _span(options: Bill, clock: PlatformClock) -> Span:
    if options.day and not (options.since or options.until):
        return periods.span_of(options.period, options.day, clock)
    if options.since and options.until and not options.day:
        return days.between(options.since, options.until, clock)
    raise LedgerToolError("expected either --day DATE, or both --from and --to")


def _rows(
    work: Database, span: Span, options: Bill, clock: PlatformClock, sums: _Sums
) -> Iterator[tuple[Value, ...]]:
    for row in work.in_order(OURS):
        if not (options.all or row.op in _PARTNERS):
            sums.of_amrp += 1
        elif row.earning in WAITING:
            if row.unix_s < span.to_s:
                device = work.device_of(row)
                sums.waiting[device] = sums.waiting.get(device, 0) + 1
        elif row.outcome == UNKNOWN:
            sums.in_doubt += span.holds(row.unix_s)
        elif row.is_approved and span.holds(_when_s(row, options)):
            yield _counted(row, work.device_of(row), clock, sums)


def _when_s(row: Row, options: Bill) -> int:
    return row.concluded_s if options.by == "accepted" else row.unix_s


def _counted(row: Row, device: str, clock: PlatformClock, sums: _Sums) -> tuple[Value, ...]:
    """A line of the log; miles that are taken back are negative."""
    miles = row.asked_miles or row.miles
    sums.written += 1
    sums.pending += row.earning == "pending"
    sums.without_miles += miles == 0
    if row.kind == WITHDRAWN:
        sums.taken_miles += miles
    else:
        sums.given_miles += miles
    return (
        device,
        _moment(row.unix_s, clock),
        _moment(row.concluded_s, clock),
        row.op,
        row.trace_id,
        row.reverses,
        f"*{row.last_four}" if row.last_four else "",
        "" if row.pre_tax_cents < 0 else format_dollars(row.pre_tax_cents),
        format_dollars(row.basket_cents),
        -miles if row.kind == WITHDRAWN else miles,
        "pending" if row.earning == "pending" else "done",
    )


def _moment(unix_s: int, clock: PlatformClock) -> str:
    """On the platform's clock, with its offset."""
    date, time, offset = clock.stamp(unix_s)
    return f"{coverage.when(date, time).replace(' ', 'T')}{offset}"


def _csv(rows: Iterable[tuple[Value, ...]]) -> Iterator[str]:
    for row in _with_head(rows):
        line = io.StringIO()
        report.write_row(line, row)
        yield line.getvalue()


def _with_head(rows: Iterable[tuple[Value, ...]]) -> Iterator[Sequence[Value]]:
    yield COLUMNS
    yield from rows


def _json(
    rows: Iterable[tuple[Value, ...]], span: Span, clock: PlatformClock, sums: _Sums
) -> Iterator[str]:
    """One object: the span, the entries and their totals. Amounts are texts, so exact."""
    head = {"from": _moment(span.from_s, clock), "to": _moment(span.to_s, clock)}
    yield json.dumps(head).removesuffix("}") + ', "entries": ['
    before = "\n"
    for row in rows:
        yield before + json.dumps(dict(zip(COLUMNS, row, strict=True)))
        before = ",\n"
    yield f'\n], "totals": {json.dumps(sums.totals())}}}\n'


def _close(options: Bill, sums: _Sums, lost: int, late: Sequence[str]) -> None:
    totals = sums.totals()
    entries = partial(report.counted, one="entry", more="entries")
    print(
        f"{options.output}: {entries(sums.written)}, {sums.given_miles} miles given, "
        f"{sums.taken_miles} taken back, net {totals['net_miles']}"
    )
    for name in late:
        report.warn(f"{name} was pulled before the span ended: pull again after it")
    for device, count in sums.waiting.items():
        held = report.counted(count, "earning", "earnings")
        report.warn(
            f"{device} still holds {held} from before the end: a later log has them"
        )
    if sums.pending:
        report.warn(f"{entries(sums.pending)} accepted, which AIR MILES posts later")
    if sums.without_miles:
        report.warn(
            f"{entries(sums.without_miles)} without a number of miles, written with 0"
        )
    if sums.in_doubt:
        report.warn(
            f"{entries(sums.in_doubt)} deleted without an answer, and left out: AIR MILES may "
            "have it all the same; see match --earnings"
        )
    if sums.of_amrp:
        told = report.counted(sums.of_amrp, "earning", "earnings")
        report.warn(f"{told} that AIR MILES computes left out; see --all")
    report.warn_lost(lost)
