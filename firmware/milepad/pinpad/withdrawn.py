"""Requests that move miles and never will: their till was told that nothing has been done.

What was recorded on its way may come again years later, after a power cut as well. A request
that was carried out is known by its record (see `kept`); this is the list of those that were
not begun, and of those that a till has given up before they came.

    checksum of SaleID and ServiceID (4) | condition (1), the latest last
"""

from binascii import crc32

from milepad.base.compat import TYPE_CHECKING, const
from milepad.pinpad import conditions

if TYPE_CHECKING:
    from milepad.ledger.protocols import LedgerStore

_NAME = "withdrawn"
_KEPT = const(128)
_MARK_BYTES = const(4)
_ENTRY_BYTES = const(5)


class Withdrawn:
    """One pad's. `store` is that of its records; methods raise StorageError when it fails."""

    def __init__(self, store: "LedgerStore"):
        self._store = store
        self._entries = store.get(_NAME) or b""

    def add(self, key: tuple[str, str], condition: str) -> None:
        """Keeps that the request was told `condition`: once, and never anything else."""
        if self.find(key):
            return
        entry = _mark(key) + bytes((conditions.ALL.index(condition),))
        self._entries = self._entries[-_ENTRY_BYTES * (_KEPT - 1) :] + entry
        self._store.put(_NAME, self._entries)

    def find(self, key: tuple[str, str]) -> str:
        """What the request was told; "" for one that is not here. Raises nothing."""
        mark, entries = _mark(key), self._entries
        for at in range(0, len(entries), _ENTRY_BYTES):
            if entries[at : at + _MARK_BYTES] == mark:
                return conditions.ALL[entries[at + _MARK_BYTES]]
        return ""


def _mark(key: tuple[str, str]) -> bytes:
    return crc32(("%s/%s" % key).encode()).to_bytes(_MARK_BYTES, "big")
