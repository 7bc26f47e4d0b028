"""The page's server as its page has it: a WebSocket, the ready message, then events."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Self

import httpx
from websockets.sync.client import ClientConnection, connect

from host_tests.kit.until import LONG_S


def get(address: str, **headers: str) -> httpx.Response:
    """What the page's server answers there."""
    return httpx.get(address, headers=headers, trust_env=False, timeout=LONG_S)


def session_of(address: str) -> str:
    """The page's session so far, as lines."""
    return get(address.replace("/?", "/session.jsonl?")).text


def parts(address: str) -> tuple[str, str]:
    """An address's origin and its token."""
    origin, _, token = address.partition("/?token=")
    return origin, token


class PageSocket:
    """One page that looks; `events` is everything that it was told after `ready`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._stack = ExitStack()
        self.ready: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self._seen = 0
        self._mark = 0  # a screen is looked for from this event on

    def __enter__(self) -> Self:
        origin, token = parts(self._address)
        where = f"{origin.replace('http', 'ws')}/ws?token={token}"
        # What nobody waits for is taken all the same: else closing takes ten seconds.
        how: dict[str, Any] = {"open_timeout": LONG_S, "ping_interval": None}
        how |= {"origin": origin, "max_size": None, "max_queue": None}
        opened = connect(where, **how)
        self._socket: ClientConnection = self._stack.enter_context(opened)
        self.ready = self._read(LONG_S)["ready"]
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _read(self, timeout_s: float) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout_s))
        return message

    def _take(self, deadline_s: float) -> dict[str, Any]:
        """The next message. Of a page that was too slow for it the server drops what happened,
        and sends the whole state anew: its screen is then what is shown."""
        try:
            message = self._read(max(0.0, deadline_s - time.monotonic()))
        except TimeoutError:
            raise AssertionError(self._story()) from None
        if "ready" in message:
            message["screen"] = message["ready"]["screen"]
        self.events.append(message)
        return message

    def _story(self) -> str:
        """What was told last, for a test that waits in vain."""
        told = [
            each for each in self.events if "ready" not in each and "pixels" not in each
        ]
        heard = [each for each in told if "switches" not in each and "device" not in each]
        return f"it did not come; shown: {self.screen}; told last: {heard[-12:]}"

    def send(self, message: dict[str, Any]) -> None:
        """Any message of the page's README."""
        self._mark = self._shown()
        self._socket.send(json.dumps(message))

    def press(self, *keys: str) -> None:
        """Key names, or digits to press one by one, as a person does: until the click is heard,
        or may have been among what the server dropped. None is pressed again: the simulated
        keypad sees each, however late.
        """
        for name in keys:
            for key in name if name.isdigit() else [name]:
                self._press(key)

    def _press(self, key: str) -> None:
        self.send({"key": key})
        deadline_s = time.monotonic() + LONG_S
        while True:
            message = self._take(deadline_s)
            if "ready" in message or message.get("sound") == "key":
                return

    def wait(self, holds: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The first message that holds, of those since the last one that was waited for."""
        deadline_s = time.monotonic() + LONG_S
        while True:
            while self._seen < len(self.events):
                self._seen += 1
                if holds(self.events[self._seen - 1]):
                    return self.events[self._seen - 1]
            self._take(deadline_s)

    @property
    def screen(self) -> list[str]:
        """What the display shows, as far as was told."""
        return self._rows(self._shown())

    def _shown(self) -> int:
        """Which message told the newest screen: 0 is `ready`, 1 the first event."""
        at = len(self.events)
        while at and "screen" not in self.events[at - 1]:
            at -= 1
        return at

    def _rows(self, at: int) -> list[str]:
        """What that message says of the display; nothing where it is about something else."""
        rows: list[str] = (self.events[at - 1] if at else self.ready).get("screen", [])
        return rows

    def wait_screen(self, text: str) -> list[str]:
        """The first screen that holds the text, of that at the last thing that was sent and
        those that came since: also one that is gone again."""
        deadline_s = time.monotonic() + LONG_S
        while True:
            while self._mark <= len(self.events):
                rows = self._rows(self._mark)
                if any(text in row for row in rows):
                    return rows
                self._mark += 1
            self._take(deadline_s)
