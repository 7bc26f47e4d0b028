"""What a page has to know, kept up to date message by message: `ready` is made of it.

Every list has a length that it never exceeds, so that a day left open costs what a minute
does.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from tools.handheld.events import Outgoing

LIMITS = {
    "log": 200,
    "slips": 20,
    "strips": 400,
    "ledger": 200,
    "issuances": 200,
    "requests": 100,
    "till_messages": 40,
}


class State:
    """The newest of everything. `fixed` is what never changes while the program runs."""

    def __init__(self, fixed: dict[str, Any]) -> None:
        self._fixed = fixed
        self._latest: dict[str, Any] = {
            "screen": [" " * 20] * 4,
            "pixels": None,
            "power": "off",
            "queue": None,
            "till": None,
            "register": None,
            "switches": None,
            "scenario": {"playing": None},
        }
        self._latest["language"] = fixed["language"]
        self._log: deque[str] = deque(maxlen=LIMITS["log"])
        self._slips: deque[Any] = deque(maxlen=LIMITS["slips"])
        self._strips: deque[Any] = deque(maxlen=LIMITS["strips"])
        self._till_messages: deque[Any] = deque(maxlen=LIMITS["till_messages"])
        self._parts: dict[str, dict[str, Any]] = {"platform": {}, "device": {}}

    def take(self, message: Outgoing) -> None:
        """Remembers what a message says."""
        for name, value in message.items():
            if name in self._latest:
                self._latest[name] = value
            elif name in self._parts and isinstance(value, dict):
                self._merge(self._parts[name], value)
            elif name == "log":
                self._log.append(str(value))
            elif name == "slip":
                self._slips.append(value)
            elif name == "strip":
                self._strips.append(value)
            elif name == "till_message":
                self._till_messages.append(value)

    def latest(self, name: str) -> Any:
        """What was told last of one of the messages that replace each other."""
        return self._latest[name]

    @staticmethod
    def _merge(part: dict[str, Any], news: dict[str, Any]) -> None:
        for name, value in news.items():
            if name == "requests":
                rows = {row["number"]: row for row in (*part.get(name, []), *value)}
                part[name] = [rows[number] for number in sorted(rows)][-LIMITS[name] :]
            else:
                part[name] = value

    def forget_requests(self) -> None:
        """The platform has forgotten them, too."""
        self._parts["platform"]["requests"] = []

    def ready(self) -> dict[str, Any]:
        """The whole state, for one who knows nothing yet."""
        printer = {**self._fixed["printer"], "strips": [*self._strips]}
        return {
            **self._fixed,
            **self._latest,
            "log": [*self._log],
            "slips": [*self._slips],
            "till_messages": [*self._till_messages],
            "printer": printer,
            "platform": dict(self._parts["platform"]) or None,
            "device": dict(self._parts["device"]),
            "limits": LIMITS,
        }
