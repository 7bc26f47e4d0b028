"""Puts what happened in order, and tells a screen as soon as its drawing is complete.

A display is drawn with many small writes, and on a busy machine the board may stand still
between two of them. So it says when a drawing is complete, and then its screen is told, however
soon the next one follows: who waits for a screen that passes by itself misses none because
this program had its turn late. Of a board that has never said so the screen is told a second
after the first write. What happens meanwhile is held back behind it, so that the order stays true.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tools.handheld.events import Outgoing

UNSAID_S = 1.0
STOPPED_S = 60.0  # so long a board may stand still in the middle of a drawing


class Outbox:
    """`tell` gets every event, in order; `lines` is asked what the display shows."""

    def __init__(self, tell: Callable[[Outgoing], None], lines: Callable[[], list[str]]):
        self._tell = tell
        self._lines = lines
        self._shown: list[str] | None = None
        self._held: list[Outgoing] = []
        self._timer: asyncio.TimerHandle | None = None
        self._patience_s = UNSAID_S

    def add(self, event: Outgoing) -> None:
        """Something happened."""
        if self._timer is None:
            self._tell(event)
        else:
            self._held.append(event)

    def display_written(self) -> None:
        """The display was written to; what it shows may have changed."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._patience_s, self._settle)

    def display_drawn(self) -> None:
        """What it was written to is complete."""
        self._patience_s = STOPPED_S
        if self._timer is not None:
            self._timer.cancel()
            self._settle()

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
        """The display has lost power: a half-drawn screen is never told, the rest is. The next
        board has said nothing yet.
        """
        self._patience_s = UNSAID_S
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for event in held:
            self._tell(event)
