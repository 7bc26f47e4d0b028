"""What was done at the page, as the JSON lines that the headless program takes.

Before an event stands what its doer was waiting for: the screen that was there. So a replay
is as slow as its network and not as slow as its doer.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from tools.handheld.events import Event

MOST_LINES = 20_000


class Session:
    """The lines so far, the oldest forgotten where there are too many."""

    def __init__(self, screen: Callable[[], list[str]]) -> None:
        self._screen = screen
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._seen: list[str] = []

    def note(self, event: Event) -> None:
        """An event that is about to happen."""
        screen = self._screen()
        title = screen[0].strip()
        if screen != self._seen and title:
            self._seen = screen
            self._add({"wait": {"screen": title}})
        self._add({event.name: event.value})

    def _add(self, document: dict[str, Any]) -> None:
        self._lines.append(json.dumps(document))

    def text(self) -> str:
        """All of it."""
        return "".join(f"{line}\n" for line in self._lines)
