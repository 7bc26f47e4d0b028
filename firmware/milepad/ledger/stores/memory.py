"""A store in RAM for a device whose medium fails: it answers inquiries, and says so.

The ledger takes no intent with it: a power cut would leave a commitment nobody knows of.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import StorageError
from milepad.ledger.stores.ring import memory_store

if TYPE_CHECKING:
    from typing import Callable

    from milepad.ledger.protocols import LedgerStore


def or_memory(make_store: "Callable[[], LedgerStore]", cells: int = 24) -> "LedgerStore":
    """What `make_store()` returns; if that raises StorageError, a store in RAM."""
    try:
        return make_store()
    except StorageError as fault:
        return memory_store(cells, fault.reason)
