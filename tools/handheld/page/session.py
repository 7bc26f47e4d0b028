"""What was done at the page, as the JSON lines that the headless program takes.

Before an event stands what its doer was waiting for: the title of the screen that was there,
and its last row where that names keys (`ENTER=GO ON`). So a replay is as slow as its network
and not as slow as its doer.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from tools.handheld.device import Device
from tools.handheld.events import Event

MOST_LINES = 20_000
MOST_CHARACTERS = 2 << 20


class Session:
    """The lines so far, the oldest forgotten where there are too many."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._lines: deque[str] = deque()
        self._characters = 0
        self._seen = ("", "")

    def note(self, event: Event) -> None:
        """An event that is about to happen."""
        lines = self._device.screens.lines
        title, keys = (lines[0].strip(), lines[-1].strip()) if lines else ("", "")
        seen, self._seen = self._seen, (title, keys)
        if title and title != seen[0]:
            self._add({"wait": {"screen": title}})
        if "=" in keys and self._seen != seen:
            self._add({"wait": {"screen": keys}})
        barcode = self._device.last_barcode
        if event.name == "scan" and barcode and event.value == barcode:
            self._add({"scan_slip": True})  # another day's slip has another number
        else:
            self._add({event.name: event.value})

    def _add(self, document: dict[str, Any]) -> None:
        self._lines.append(json.dumps(document))
        self._characters += len(self._lines[-1])
        while len(self._lines) > MOST_LINES or self._characters > MOST_CHARACTERS:
            self._characters -= len(self._lines.popleft())

    def text(self) -> str:
        """All of it."""
        return "".join(f"{line}\n" for line in self._lines)
