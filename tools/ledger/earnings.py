"""`earnings`: what was issued and taken back, what is pending, and what devices still hold.

A summary has a row for each device, so that it tells which of them holds what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from milepad.base.money import format_dollars
from tools import progress
from tools.ledger import report
from tools.ledger.entries import LedgerEntry
from tools.ledger.loading import device_name
from tools.ledger.options import Earnings
from tools.ledger.report import Value
from tools.ledger.sources import read_sources

COLUMNS = (
    "device", "entry", "when", "op", "earning", "code", "miles", "basket_dollars", "collector",
    "trace_id", "of", "source", "outcome",
)  # fmt: skip
IN_TABLE = tuple(name for name in COLUMNS if name != "source")


STATES = ("issued", "returned", "pending", "recorded", "parked", "queued")
WITH_MILES = ("issued", "returned", "pending")


class Sums:
    """Of one device, by what the earnings came to; what was refused or deleted counts nowhere.

    Miles are those that the reply or the rules told, 0 where none did; those that are pending
    are given less taken back.
    """

    def __init__(self) -> None:
        self._count = dict.fromkeys(STATES, 0)
        self._miles = dict.fromkeys(WITH_MILES, 0)
        self._oldest = ""  # when the oldest of those that wait was made

    def add(self, entry: LedgerEntry) -> None:
        """Counts one earning."""
        if entry.waits and not (self._oldest and self._oldest <= entry.when):
            self._oldest = entry.when
        if entry.earning in self._count:
            self._count[entry.earning] += 1
        if entry.earning in self._miles:
            is_less = entry.earning == "pending" and entry.takes_back
            self._miles[entry.earning] += -entry.miles if is_less else entry.miles

    def values(self) -> tuple[Value, ...]:
        """In the order of the columns."""
        return (*self._count.values(), *self._miles.values(), self._oldest)


SUMMARY_COLUMNS = (
    "device",
    *(f"{state}_count" for state in STATES),
    *(f"{state}_miles" for state in WITH_MILES),
    "oldest",
)


def run(ledgers: Sequence[Path], options: Earnings) -> int:
    """Prints the earnings and a summary for each device; 0."""
    sums: dict[str, Sums] = {}
    first = next(rows := _rows(ledgers, options, sums), None)
    if first is None:
        report.warn("no earning waits" if options.waiting else "there is no earning")
    report.write(options.form, COLUMNS, chain((first,) if first else (), rows), IN_TABLE)
    totals: list[tuple[Value, ...]] = [
        (name, *each.values()) for name, each in sums.items()
    ]
    report.summary(options.form, SUMMARY_COLUMNS, totals, list(sums))
    return 0


def _rows(
    ledgers: Sequence[Path], options: Earnings, sums: dict[str, Sums]
) -> Iterator[tuple[Value, ...]]:
    with progress.bar("reading ledgers", len(ledgers)) as bar:
        for source, entries, state in read_sources(ledgers):
            device = device_name(source)
            counted = sums.setdefault(device, Sums())
            for entry in entries:
                if entry.earning:
                    counted.add(entry)
                    if entry.waits or not options.waiting:
                        yield row_of(device, source.name, entry)
            report.warn_lost(state.lost, f"{source.name}: ")
            bar.advance(1)


def row_of(device: str, source: str, entry: LedgerEntry) -> tuple[Value, ...]:
    """The values of one earning, in the order of the columns."""
    return (
        device,
        entry.sequence,
        entry.when,
        entry.op,
        entry.earning,
        entry.response_code,
        entry.miles or entry.asked_miles,
        format_dollars(entry.basket_cents),
        entry.collector,
        entry.trace_id,
        entry.reverses,
        source,
        entry.outcome,
    )
