"""Ledgers and reconciliation files go into the working database as rows of one shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools import progress
from tools.ledger import days, report
from tools.ledger.days import PlatformClock, Span
from tools.ledger.errors import LedgerToolError, Problems
from tools.ledger.firmware import LedgerEntry
from tools.ledger.layout import REDEEMED, REVERSED, TERMINAL_ID
from tools.ledger.options import UNIT, Unit
from tools.ledger.reader import Reader
from tools.ledger.sources import Identity, Source, read_sources
from tools.ledger.working import Row, Working

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
    kind = REDEEMED if entry.op == "redeem" else REVERSED
    return Row(
        file,
        entry.sequence,
        kind,
        stamp.date,
        stamp.time,
        entry.trace_id,
        entry.confirmation,
        entry.reverses,
        entry.miles,
        terminal,
        entry.unix_s,
        entry.outcome,
        entry.idempotency_key,
        entry.revision,
        entry.cents,
        entry.redeem_cents,
        entry.collector[-4:].strip("*"),
    )


def load_ledgers(
    work: Working,
    side: str,
    paths: Sequence[Path],
    clock: PlatformClock,
    template: str | None,
    each: Callable[[Source, str], None] = lambda source, terminal: None,
) -> int:
    """Loads every entry of every ledger; returns how many records are not whole.

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
                rows = (entry_row(entry, file, terminal, clock) for entry in entries)
                work.load(side, rows)
    problems.raise_all()
    return lost


def load_files(
    work: Working,
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
