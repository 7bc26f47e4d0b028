"""Writes a reconciliation file, a line at a time; a file is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tools.ledger import frame
from tools.ledger.days import PlatformClock, Span
from tools.ledger.details import Detail, Totals, to_line
from tools.ledger.errors import LedgerToolError
from tools.ledger.layout import DETAIL, HEADERS, NAME, NEWLINE, TRAILERS


def lines(
    sponsor_code: str,
    span: Span,
    made_s: int,
    clock: PlatformClock,
    details: Iterable[Detail],
) -> Iterator[str]:
    """The file's lines with their newlines. ValueError for what a field cannot hold."""
    span_stamps = (*clock.stamp(span.from_s), *clock.stamp(span.to_s))
    yield frame.encode(HEADERS[0], sponsor_code, *span_stamps) + NEWLINE
    yield frame.encode(HEADERS[1], NAME, *clock.stamp(made_s)[:2]) + NEWLINE
    totals = Totals()
    for detail in details:
        totals.add(detail.kind, detail.miles)
        try:
            yield frame.encode(DETAIL, *to_line(detail)) + NEWLINE
        except ValueError as fault:
            raise ValueError(f"trace id {detail.trace_id}: {fault}") from None
    for record, values in zip(TRAILERS, totals.trailers(), strict=True):
        yield frame.encode(record, *values) + NEWLINE


def check_output(path: Path, ledgers: Sequence[Path], force: bool) -> None:
    """Raises LedgerToolError where a file would be lost by writing there."""
    if path.exists() and not force:
        raise LedgerToolError(f"{path}: exists; --force writes over it")
    if path.resolve() in {ledger.resolve() for ledger in ledgers}:
        raise LedgerToolError(f"{path}: is one of the ledgers; give another -o")


def write(path: Path, texts: Iterable[str], encoding: str = "ascii") -> None:
    """Writes a whole file or none: beside it first, then over it."""
    if path.exists() and not path.is_file():  # a device would be replaced, not written to
        raise LedgerToolError(f"{path}: not a regular file; give another name to -o")
    beside = path.with_name(path.name + ".partial")
    try:
        with beside.open("w", encoding=encoding, newline="") as file:
            file.writelines(texts)
        os.replace(beside, path)
    except OSError as fault:
        raise LedgerToolError(f"{path}: {fault.strerror}") from None
    except ValueError as fault:
        raise LedgerToolError(f"{path}: not written: {fault}") from None
    finally:
        beside.unlink(missing_ok=True)
