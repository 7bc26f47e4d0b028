"""`show`: the entries of ledgers, as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from milepad.base.money import format_dollars
from tools import progress
from tools.ledger import report
from tools.ledger.entries import LedgerEntry
from tools.ledger.options import Show
from tools.ledger.report import Value
from tools.ledger.sources import read_sources

COLUMNS = (
    "source", "entry", "when", "op", "outcome", "code", "dollars", "miles", "collector",
    "trace_id", "confirmation", "reverses", "decision", "mismatch", "earning",
    "basket_dollars",
)  # fmt: skip


def run(ledgers: Sequence[Path], options: Show) -> int:
    """Prints every entry; 0. Where there is none, that is said."""
    first = next(rows := _rows(ledgers, options), None)
    if first is None:
        report.warn("no entry is unresolved" if options.unresolved else "there is no entry")
    report.write(options.form, COLUMNS, chain((first,) if first else (), rows))
    return 0


def _rows(ledgers: Sequence[Path], options: Show) -> Iterator[tuple[Value, ...]]:
    with progress.bar("reading ledgers", len(ledgers)) as bar:
        for source, entries, state in read_sources(ledgers):
            for entry in entries:
                if not options.unresolved or entry.is_unresolved:
                    yield row_of(source.name, entry)
            report.warn_lost(state.lost, f"{source.name}: ")
            bar.advance(1)


def row_of(name: str, entry: LedgerEntry) -> tuple[Value, ...]:
    """The values of one entry, in the order of the columns."""
    return (
        name,
        entry.sequence,
        entry.when,
        entry.op,
        entry.outcome,
        entry.response_code,
        format_dollars(entry.cents if entry.outcome == "approved" else entry.redeem_cents),
        entry.miles,
        entry.collector,
        entry.trace_id,
        entry.confirmation,
        entry.reverses,
        entry.decision,
        "yes" if entry.mismatch else "",
        entry.earning,
        format_dollars(entry.basket_cents) if entry.earning else "",
    )
