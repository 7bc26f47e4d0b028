"""What the drivers report and a person has not been answered for: a short queue of events."""

import asyncio

from milepad.base.compat import const, wait_for_ms
from milepad.base.errors import Cancelled

_MAX_EVENTS = const(16)  # a stuck key must not eat the heap


class Events:
    """Events in the order they came, as `base.protocols.Emit` names them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, str]] = []
        self._arrived = asyncio.Event()

    def add(self, kind: str, value: str) -> None:
        """Takes an event; of more than a person can mean, the later ones are lost."""
        if len(self._waiting) < _MAX_EVENTS:
            self._waiting.append((kind, value))
            self._arrived.set()

    async def take(self, timeout_ms: int) -> tuple[str, str]:
        """The next event. Raises Cancelled when none comes in time."""
        while not self._waiting:
            self._arrived.clear()
            try:
                await wait_for_ms(self._arrived.wait(), timeout_ms)
            except asyncio.TimeoutError:
                raise Cancelled("nothing was keyed")
        return self._waiting.pop(0)

    async def wait_new(self, timeout_ms: int) -> None:
        """Returns when something comes, which stays to be taken, at `wake`, or in time."""
        self._arrived.clear()
        try:
            await wait_for_ms(self._arrived.wait(), timeout_ms)
        except asyncio.TimeoutError:
            return

    def wake(self) -> None:
        """Ends `wait_new`: something else than a key is what was waited for."""
        self._arrived.set()

    def is_empty(self) -> bool:
        """Whether all that was keyed or read has been taken."""
        return not self._waiting

    def drop(self) -> None:
        """Drops what was keyed before the question was on the screen."""
        self._waiting.clear()
