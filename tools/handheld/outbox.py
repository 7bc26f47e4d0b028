"""Puts what happened in order, and waits with a screen until the display is quiet.

A display is drawn with many small writes, and on a busy machine the board may stand still
between two of them. So it says when a drawing is complete, and a screen is told when none
came for 15 ms after that (or, after 250 ms, at once). Of a board that says nothing the screen
is told a second after the first write. What happens meanwhile is held back behind it, so that
the order stays true.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tools.handheld.events import Outgoing

QUIET_S = 0.015
LONGEST_S = 0.25
UNSAID_S = 1.0


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
        if self._timer is None:
            self._since_s = asyncio.get_running_loop().time()
        self._settle_at(self._since_s + UNSAID_S)

    def display_drawn(self) -> None:
        """What it was written to is complete."""
        now_s = asyncio.get_running_loop().time()
        if self._timer is not None and now_s < self._since_s + LONGEST_S:
            self._settle_at(now_s + QUIET_S)
        elif self._timer is not None:
            self._timer.cancel()
            self._settle()

    def _settle_at(self, when_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(when_s, self._settle)

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
