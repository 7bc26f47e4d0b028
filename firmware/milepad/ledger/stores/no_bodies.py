"""A queue that takes nothing, for a device whose medium fails: it says so, and redeems."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import StorageError

if TYPE_CHECKING:
    from typing import Callable

    from milepad.ledger.protocols import Bodies


class NoBodies:
    """Keeps none, and says why; `reason` is one of a StorageError."""

    def __init__(self, reason: str):
        self.warning = reason

    tried = 0

    def note_tried(self, number: int) -> bool:
        """It is not kept here."""
        return False

    def keep(self, numbers: list[int]) -> None:
        """There is nothing to forget."""

    def add(self, number: int, body: bytes) -> None:
        """Raises StorageError: a power cut would lose what the collector was promised."""
        raise StorageError(self.warning)

    def read(self, number: int) -> bytes | None:
        """None."""
        return None

    def drop(self, number: int) -> None:
        """There is nothing to drop."""


def or_none(make_bodies: "Callable[[], Bodies]") -> "Bodies":
    """What `make_bodies()` returns; if that raises StorageError, a queue that takes nothing."""
    try:
        return make_bodies()
    except StorageError as fault:
        return NoBodies(fault.reason)
