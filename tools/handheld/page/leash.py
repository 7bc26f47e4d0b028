"""A till's way to its pad that can be taken away, whatever the till is waiting for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tools.till.links import Link


class GivenUpError(Exception):
    """Nobody waits for the pad any more."""


class Leash(Link):
    """A new link of `make` for each call. After `cut` the till's thread ends within a second
    or two: whatever it sends, hears or waits for raises GivenUpError.
    """

    def __init__(self, make: Callable[[], Link]) -> None:
        self._make = make
        self._link: Link | None = None
        self._is_cut = threading.Event()

    def cut(self) -> None:
        """From any thread."""
        self._is_cut.set()

    def mend(self) -> None:
        """Hangs up; what comes next has a connection of its own."""
        self.close()
        self._link = None
        self._is_cut.clear()

    def pause(self, delay_s: float) -> None:
        """Waits so long, or until it is cut: then GivenUpError."""
        self._is_cut.wait(delay_s)
        self._check()

    def _check(self) -> Link:
        if self._is_cut.is_set():
            raise GivenUpError
        if self._link is None:
            self._link = self._make()
        return self._link

    def send(self, raw: bytes) -> None:
        """See Link."""
        self._check().send(raw)

    def receive(self, wait_s: float) -> bytes | None:
        """See Link."""
        return self._check().receive(wait_s)

    def close(self) -> None:
        """See Link."""
        if self._link is not None:
            self._link.close()
