"""A store in RAM for a device whose medium fails: it answers inquiries, and says so.

The ledger takes no intent with it: a power cut would leave a commitment nobody knows of. So
it keeps named values, and no records.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import NO_ENTRY, StorageError
from milepad.ledger.stores import Store

if TYPE_CHECKING:
    from typing import Callable, Iterator

    from milepad.ledger.protocols import LedgerStore


class MemoryStore(Store):
    """Values that are lost with the power; `reason`, of a StorageError, is its warning."""

    capacity = 0
    kept = 0

    def __init__(self, reason: str):
        super().__init__()
        self.warning = reason
        self._values: dict[str, bytes] = {}

    def next_number(self) -> int:
        """There is none: raises StorageError."""
        raise StorageError(self.warning)

    def room(self) -> int:
        """No record fits."""
        return 0

    def append(self, number: int, raw: bytes) -> None:
        """Raises StorageError."""
        raise StorageError(self.warning)

    def write_result(self, number: int, raw: bytes) -> None:
        """Raises StorageError."""
        raise StorageError(NO_ENTRY)

    def read(self, number: int) -> bytes | None:
        """None."""
        return None

    def scan(self, from_number: int) -> "Iterator[bytes]":
        """Yields nothing."""
        return iter(())

    def drop(self) -> bool:
        """There is nothing to drop."""
        return False

    def get(self, name: str) -> bytes | None:
        """A named value, or None."""
        return self._values.get(name)

    def put(self, name: str, raw: bytes) -> None:
        """Replaces a named value."""
        self._values[name] = raw


def or_memory(make_store: "Callable[[], LedgerStore]") -> "LedgerStore":
    """What `make_store()` returns; if that raises StorageError, a store in RAM."""
    try:
        return make_store()
    except StorageError as fault:
        return MemoryStore(fault.reason)
