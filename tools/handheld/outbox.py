"""Puts what happened in order, and waits with a screen until the display is quiet.

A display is drawn with many small writes. A screen is told when none came for 15 ms (at the
latest after 250 ms); what happens meanwhile is held back behind it, so that the order stays
true.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tools.handheld.events import Outgoing

QUIET_S = 0.015
LONGEST_S = 0.25


class Outbox:
    """`tell` gets every event, in order; `lines` is asked what the display shows."""

    def __init__(self, tell: Callable[[Outgoing], None], lines: Callable[[], list[str]]):
        self._tell = tell
        self._lines = lines
        self._shown: list[str] | None = None
        self._held: list[Outgoing] = []
        self._timer: asyncio.TimerHandle | None = None
        self._since_s = 0.0

    def add(self, event: Outgoing) -> None:
        """Something happened."""
        if self._timer is None:
            self._tell(event)
        else:
            self._held.append(event)

    def display_written(self) -> None:
        """The display was written to; what it shows may have changed."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._since_s = loop.time()
        else:
            self._timer.cancel()
        when_s = min(loop.time() + QUIET_S, self._since_s + LONGEST_S)
        self._timer = loop.call_at(when_s, self._settle)

    def _settle(self) -> None:
        self._timer = None
        self.show_now()
        self._release()

    def show_now(self) -> None:
        """Tells the screen, if it is another one than was told last."""
        lines = self._lines()
        if lines != self._shown:
            self._shown = lines
            self._tell({"screen": lines})

    def mute(self) -> None:
        """From now on nothing is told."""
        self._tell = lambda _: None

    def interrupt(self) -> None:
        """The display has lost power: a half-drawn screen is never told, the rest is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for event in held:
            self._tell(event)
