"""Waits for a screen, as a person does before the next key."""

from __future__ import annotations

import asyncio

from tools.handheld.events import Outgoing

USUAL_S = 60.0  # a busy machine may take so long


class Screens:
    """What the display shows, and who waits for what: none misses a screen that is gone again
    before it has its turn.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._awaited: dict[asyncio.Event, str] = {}
        self._ended = asyncio.Event()

    def take(self, event: Outgoing) -> None:
        """An event of the handheld; only its screens matter."""
        lines = event.get("screen")
        if isinstance(lines, list):
            self.lines = lines
            for came, text in self._awaited.items():
                if self.show(text):
                    came.set()

    def end(self) -> None:
        """Nobody waits any more: every wait ends at once, in vain."""
        self._ended.set()
        for came in self._awaited:
            came.set()

    def show(self, text: str) -> bool:
        """Whether a row holds the text."""
        return any(text in line for line in self.lines)

    async def wait(self, text: str, longest_s: float = USUAL_S) -> bool:
        """Until a row holds the text; False when none did for so long."""
        if self.show(text) or self._ended.is_set():
            return self.show(text)
        came = asyncio.Event()
        self._awaited[came] = text
        try:
            await asyncio.wait_for(came.wait(), longest_s)
        except TimeoutError:
            return False
        finally:
            del self._awaited[came]
        return not self._ended.is_set() or self.show(text)

    async def pause(self, seconds: float) -> None:
        """So long, unless it ends."""
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return
