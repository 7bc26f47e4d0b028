"""A store in RAM for a device whose medium fails: it answers inquiries, and says so.

The ledger takes no intent with it: a power cut would leave a commitment nobody knows of.

A module of its own, so that boards which stop instead do without it and the ring.
"""

from milepad.base.errors import StorageError


def or_memory(make_store, cells: int = 24):
    """What `make_store()` returns; if that raises StorageError, a store in RAM."""
    try:
        return make_store()
    except StorageError as fault:
        from milepad.ledger.stores.ring import memory_store

        return memory_store(cells, str(fault))
