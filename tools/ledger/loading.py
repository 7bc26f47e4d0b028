"""Ledgers and reconciliation files go into the temporary database as rows of one shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from milepad.base.vocabulary import DECLINED, RECORD, REDEEM
from tools import progress
from tools.ledger import days, report
from tools.ledger.award_file import AwardFile
from tools.ledger.award_layout import AwardLayout
from tools.ledger.database import Database, Row
from tools.ledger.days import PlatformClock, Span
from tools.ledger.entries import LedgerEntry
from tools.ledger.errors import LedgerToolError, Problems
from tools.ledger.layout import ISSUED, REDEEMED, REVERSED, TERMINAL_ID, WITHDRAWN
from tools.ledger.options import UNIT, Unit
from tools.ledger.reader import Reader
from tools.ledger.sources import Identity, Source, read_sources

_STEP = 4096  # lines between two looks at the progress bar
_PLACES = re.compile(r"\{(\w*)\}")


def terminal_id(source: Source, template: str | None) -> str:
    """The Card Terminal ID of a device, "" when neither its profile nor the user tells it."""
    text = TERMINAL_ID if template is None else template
    names = _PLACES.findall(text)
    for name in names:
        if name not in Identity.__slots__:
            raise LedgerToolError(
                f"--terminal-id: {{{name}}} is unknown; expected {', '.join(Identity.__slots__)}"
            )
    if names and source.identity is None:
        return ""
    return _PLACES.sub(lambda found: str(getattr(source.identity, found[1])), text)


def device_name(source: Source) -> str:
    """What people call a device; the ledger's own name when its profile is not there."""
    return Path(source.name).name if source.identity is None else source.identity.device


def cents_of(miles: int, unit: Unit) -> int:
    """What miles are in cents; a part of a unit is rounded to a cent."""
    return (miles * unit.cents * 2 + unit.miles) // (unit.miles * 2)


def entry_row(entry: LedgerEntry, file: int, terminal: str, clock: PlatformClock) -> Row:
    """An entry with the date that the platform's clock gives its dateTime."""
    stamp = clock.stamp(entry.unix_s)
    return Row(
        file,
        entry.sequence,
        _kind(entry),
        stamp.date,
        stamp.time,
        entry.trace_id,
        entry.confirmation,
        entry.reverses,
        entry.miles,
        terminal,
        entry.unix_s,
        _outcome(entry),
        entry.idempotency_key,
        entry.revision,
        entry.cents,
        entry.redeem_cents,
        entry.collector[-4:].strip("*"),
        entry.op,
        entry.earning,
        entry.concluded_s,
        entry.basket_cents,
        entry.pre_tax_cents,
        entry.asked_miles,
    )


def _outcome(entry: LedgerEntry) -> str:
    """A refusal that waits for a person is no last word; one in doubt is unknown anyway."""
    is_certain = entry.earning == "parked" and entry.outcome == DECLINED
    return "parked" if is_certain else entry.outcome


def _kind(entry: LedgerEntry) -> str:
    if not entry.earning:
        return REDEEMED if entry.op == REDEEM else REVERSED
    return WITHDRAWN if entry.takes_back else ISSUED


def is_cash(entry: LedgerEntry) -> bool:
    """Whether an entry is a redemption or a reversal."""
    return not entry.earning


def moves_miles(entry: LedgerEntry) -> bool:
    """Whether an entry is an earning of the kind that moves miles: RECORD does not."""
    return bool(entry.earning) and entry.op != RECORD


def load_ledgers(
    work: Database,
    side: str,
    paths: Sequence[Path],
    clock: PlatformClock,
    template: str | None,
    each: Callable[[Source, str], None] = lambda source, terminal: None,
    wanted: Callable[[LedgerEntry], bool] = is_cash,
) -> int:
    """Loads the wanted entries of every ledger; returns how many records are not whole.

    `each` is called with every source and its Card Terminal ID before its entries.
    """
    lost, problems = 0, Problems()
    with progress.bar("reading ledgers", len(paths)) as bar, problems.gathered():
        for source, entries, state in read_sources(paths):
            lost += state.lost
            bar.advance(1)
            with problems.gathered():
                terminal = terminal_id(source, template)
                each(source, terminal)
                file = work.name(source.name, device_name(source), terminal)
                rows = (
                    entry_row(entry, file, terminal, clock)
                    for entry in entries
                    if wanted(entry)
                )
                work.load(side, rows)
    problems.raise_all()
    return lost


def load_files(
    work: Database,
    side: str,
    paths: Sequence[Path],
    clock: PlatformClock,
    unit: Unit = UNIT,
    without_trailers: bool = False,
) -> list[Span]:
    """Loads every detail of every file; returns the span that each file covers.

    Raises LedgerToolError, or SeveralErrors for all that is wrong with any of them.
    """
    spans, problems = [], Problems()
    total = sum(path.stat().st_size for path in paths if path.is_file())
    with progress.bar(f"reading files, {side}", total) as bar:
        for path in paths:
            with problems.gathered(), Reader(path, without_trailers) as reader:
                spans.append(reader.span)
                moments = days.FileClock(reader.span, reader.offsets, clock)
                file = work.name(str(path))
                rows = _file_rows(reader, file, moments, unit, bar.advance)
                work.load(side, rows)
                if not reader.has_trailers:
                    report.warn(f"{path}: no trailers; nothing tells whether it is whole")
    problems.raise_all()
    return spans


def load_award_files(
    work: Database,
    side: str,
    paths: Sequence[Path],
    clock: PlatformClock,
    layout: AwardLayout,
    span: Span | None,
) -> list[Span]:
    """Loads every earning of every file; returns the span that each of them covers.

    Without `span` it is the days of the earnings, from the first to the last; of a file whose
    layout has no days, all time. Raises LedgerToolError, or SeveralErrors.
    """
    spans, problems = [], Problems()
    with progress.bar(f"reading files, {side}", len(paths)) as bar:
        for path in paths:
            with problems.gathered(), closing(AwardFile(path, layout, clock)) as file:
                work.load(side, file.rows(number := work.name(str(path))))
                spans.append(span or work.days_of(side, number, clock, file.dated))
            bar.advance(1)
    problems.raise_all()
    return spans


def _file_rows(
    reader: Reader,
    file: int,
    moments: days.FileClock,
    unit: Unit,
    advance: Callable[[int], None],
) -> Iterator[Row]:
    done = 0
    for detail in reader.details():
        unix_s = moments.unix_s(detail.date, detail.time)
        cents = cents_of(detail.miles, unit)
        yield Row(file, reader.line, *detail, unix_s, cents=cents)
        if reader.line % _STEP == 0:
            advance(reader.position - done)
            done = reader.position
    advance(reader.bytes - done)
