"""Which transactions have begun and not ended: two of one collector never run at once.

The documents say of ISSUE and RETURN that the second one fails. A copy of what is running
is the same transaction, and fails nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tools.emulator.issuance import operations
from tools.emulator.settings import Settings

_STATED = (operations.ISSUE, operations.RETURN)


class BusyError(Exception):
    """Another transaction of the same collector runs."""


class Running:
    """The transactions that have not ended, in the order in which they began."""

    def __init__(self, settings: Settings) -> None:
        self._rule = settings.issuance_parallel
        self._begun: list[tuple[str, str]] = []

    @contextmanager
    def noted(self, op: str, collector: str, identity: str) -> Iterator[None]:
        """Keeps a transaction in mind until the end of the `with`."""
        mine = (collector, identity)
        counts = bool(collector) and self._counts(op)
        if counts:
            self._begun.append(mine)
        try:
            yield
        finally:
            if mine in self._begun:
                self._begun.remove(mine)

    def forget(self) -> None:
        """Lets go of all that runs: what comes of it is of the time before."""
        self._begun.clear()

    def check(self, op: str, collector: str, identity: str) -> None:
        """Raises BusyError when another one of this collector began earlier."""
        for who, which in self._begun:
            if who != collector or not self._counts(op):
                continue
            if which != identity:
                raise BusyError
            return

    def _counts(self, op: str) -> bool:
        if self._rule == "all":
            return op in operations.MOVING
        return self._rule == "stated" and op in _STATED
