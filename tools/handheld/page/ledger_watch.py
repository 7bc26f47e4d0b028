"""Looks at the flash whenever it was written to, and tells what the device's ledger has now."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.handheld.events import Outgoing
from tools.handheld.page import books
from tools.ledger.errors import LedgerToolError

_EVERY_S = 0.4
_TRIES = 3  # a copy that was made during a write is no damage
_Lists = Mapping[str, Sequence[Mapping[str, Any]]]


class LedgerWatch:
    """`theirs` gives the platform's lists, or None; `tell` gets what changed."""

    def __init__(
        self,
        flash: Path,
        theirs: Callable[[], _Lists | None],
        tell: Callable[[Outgoing], None],
    ) -> None:
        self._flash = flash
        self._theirs = theirs
        self._tell = tell
        self._stamp = (0, 0)
        self._books: books.Books | None = None
        self._failures = 0  # in a row
        self._matched: tuple[object, ...] = ()
        self._known: dict[str, Any] = {}
        self._watcher: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Looks from now on."""
        self._watcher = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Looks no more."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher

    async def _watch(self) -> None:
        while True:
            if books.stamp(self._flash) != self._stamp:
                await asyncio.sleep(_EVERY_S)  # a write seldom comes alone
                self._stamp = books.stamp(self._flash)
                await self._read()
            self._match()
            await asyncio.sleep(_EVERY_S)

    async def _read(self) -> None:
        try:
            self._books = await asyncio.to_thread(books.read, self._flash)
        except LedgerToolError as fault:
            self._stamp = (0, 0)  # again, soon
            self._failures += 1
            if self._failures < _TRIES:
                return
            if self._failures == _TRIES:
                self._tell({"log": f"complaint: {fault}"})
            known = self._known.get("ledger", {})
            self._say({"ledger": {**known, "problem": "unreadable"}})
        else:
            self._failures = 0

    def _match(self) -> None:
        """Holds both ledgers against each other, and tells what is new."""
        lists = self._theirs()
        now = (self._books, *(lists or {}).values())
        if self._books is None or [*map(id, now)] == [*map(id, self._matched)]:
            return
        self._matched = now
        rows, missing = books.compared(self._books, lists)
        news = {
            "entries": rows,
            "only_platform": missing["ledger"],
            "only_platform_issuances": missing["issuances"],
            "queue": books.queued(self._books),
        }
        self._say({**news, "ledger": self._books.ledger, "flash": self._books.flash})

    def _say(self, news: dict[str, Any]) -> None:
        changed = {key: each for key, each in news.items() if self._known.get(key) != each}
        if changed:
            self._known |= changed
            self._tell({"device": changed})
