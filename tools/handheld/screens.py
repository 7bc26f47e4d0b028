"""Waits for a screen, as a person does before the next key."""

from __future__ import annotations

import asyncio

from tools.handheld.events import Outgoing

USUAL_S = 15.0


class Screens:
    """What the display shows, and who waits for what."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._news = asyncio.Event()
        self._ended = asyncio.Event()

    def take(self, event: Outgoing) -> None:
        """An event of the handheld; only its screens matter."""
        lines = event.get("screen")
        if isinstance(lines, list):
            self.lines = lines
            self._news.set()

    def end(self) -> None:
        """Nobody waits any more: every wait ends at once, in vain."""
        self._ended.set()
        self._news.set()

    def show(self, text: str) -> bool:
        """Whether a row holds the text."""
        return any(text in line for line in self.lines)

    async def wait(self, text: str, longest_s: float = USUAL_S) -> bool:
        """Until a row holds the text; False when none did for so long."""
        deadline_s = asyncio.get_running_loop().time() + longest_s
        while not self.show(text):
            left_s = deadline_s - asyncio.get_running_loop().time()
            if left_s <= 0 or self._ended.is_set():
                return False
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left_s)
            except TimeoutError:
                return False
        return True

    async def pause(self, seconds: float) -> None:
        """So long, unless it ends."""
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return
