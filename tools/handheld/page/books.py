"""The device's own ledger, read from its live flash, entry by entry beside the platform's.

The flash is read as it is while the firmware writes: littlefs is whole at every moment, but
a copy of it that took a moment may not be. What cannot be read is read again later.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from milepad.base.money import format_dollars
from tools.handheld.page.state import LIMITS
from tools.ledger.entries import LedgerEntry
from tools.ledger.flash import FlashFiles
from tools.ledger.sources import Identity, open_source

_NOTHING_MOVED = ("declined", "not_sent")
_KINDS = {"redeem": "redemption", "reverse": "reversal"}


class Books(NamedTuple):
    """What a look at the flash found."""

    entries: list[LedgerEntry]
    identity: Identity | None
    ledger: dict[str, Any]
    flash: dict[str, int]


def stamp(flash: Path) -> tuple[int, int]:
    """Differs from what it was before when the image was written to."""
    try:
        found = os.stat(flash)
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino


def read(flash: Path) -> Books:
    """Reads the image. Raises LedgerToolError when there is nothing to be read now."""
    files = FlashFiles(flash)
    sizes = {"used": files.used_bytes, "size": flash.stat().st_size}
    source = open_source(flash)
    entries, state = source.read()
    ledger = {**asdict(state), "total": len(entries), "problem": None}
    return Books(entries, source.identity, ledger, sizes)


class Theirs(NamedTuple):
    """An entry of the platform, and in which of its lists it is."""

    of: str
    entry: Mapping[str, Any]


def compared(
    books: Books, lists: Mapping[str, Sequence[Mapping[str, Any]]] | None
) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
    """The device's latest entries as rows, matched; ids of each list that it has not.

    `lists` are the platform's `ledger` and `issuances`; None where nobody can see them.
    """
    theirs = {
        (str(each.get("kind") or each.get("op")), str(each["trace_id"])): Theirs(of, each)
        for of, entries in (lists or {}).items()
        for each in entries
        if _is_of(each, books.identity)
    }
    known = {_key(each) for each in books.entries}
    rows = [
        _row(each, theirs.get(_key(each)), lists is None)
        for each in books.entries[-LIMITS["ledger"] :]
    ]
    missing: dict[str, list[int]] = {"ledger": [], "issuances": []}
    for key, each in theirs.items():
        if key not in known:
            missing[each.of].append(each.entry["id"])
    return rows, missing


def queued(books: Books) -> list[dict[str, Any]]:
    """The earnings that the device still holds, oldest first."""
    names = ("sequence", "op", "trace_id", "when", "earning", "basket_cents", "revision")
    return [
        {name: getattr(each, name) for name in names}
        for each in books.entries
        if each.waits
    ][: LIMITS["ledger"]]


def _key(entry: LedgerEntry) -> tuple[str, str]:
    return _KINDS.get(entry.op, entry.op), entry.trace_id


def _is_of(entry: Mapping[str, Any], identity: Identity | None) -> bool:
    names = Identity.__slots__
    return identity is None or all(
        entry.get(name, getattr(identity, name)) == getattr(identity, name)
        for name in names
    )


def _row(entry: LedgerEntry, theirs: Theirs | None, is_unseen: bool) -> dict[str, Any]:
    different = _differences(entry, theirs.entry) if theirs else []
    names = ("sequence", "op", "outcome", "when", "trace_id", "collector", "miles", "cents")
    more = ("response_code", "confirmation", "reverses", "decision", "mismatch", "earning")
    amounts = ("basket_cents", "redeem_cents")
    return {
        **{name: getattr(entry, name) for name in (*names, *more, *amounts)},
        "match": None if is_unseen else _match(entry, theirs, different),
        "platform": theirs.entry["id"] if theirs else None,
        "platform_list": theirs.of if theirs else None,
        "differences": different,
    }


def _match(entry: LedgerEntry, theirs: Theirs | None, different: list[str]) -> str:
    if entry.is_unresolved:
        return "waiting"
    if entry.outcome in _NOTHING_MOVED:
        has_moved = theirs is not None and not theirs.entry.get("cancelled")
        return "differs" if has_moved else "none"
    if theirs is None:
        return "only_device"
    return "differs" if different else "same"


def _differences(entry: LedgerEntry, theirs: Mapping[str, Any]) -> list[str]:
    """Which fields of an approved entry the platform has otherwise."""
    if entry.outcome in _NOTHING_MOVED or entry.is_unresolved:
        return []
    ours: dict[str, object] = {
        "miles": entry.miles,
        "dollars": format_dollars(entry.cents),
        "confirmation": entry.confirmation,
        "cancelled": False,
    }
    if entry.earning and not entry.miles:
        del ours["miles"]  # the reply did not say
    return [name for name, value in ours.items() if theirs.get(name, value) != value]
