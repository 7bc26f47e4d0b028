"""Where a ledger's bytes live: each store is a `LedgerStore` of `milepad/ledger/protocols.py`."""

from milepad.base.errors import FAILED, READ_ONLY, StorageError
from milepad.ledger import frames, records

_EROFS = 30


def failed(fault: OSError) -> StorageError:
    """What to raise for an error of the medium."""
    number = fault.args[0] if fault.args else "?"
    return StorageError(READ_ONLY if number == _EROFS else FAILED, "error %s" % number)


class Store:
    """What all stores have in common: which records are pending, and which may go."""

    warning = ""

    def __init__(self) -> None:
        self.damaged: set[int] = set()
        self.pending: list[int] = []
        self.queued: list[int] = []
        self.last = self.exported = self.exports = 0

    def get(self, name: str) -> bytes | None:
        """A named value, or None."""
        raise NotImplementedError

    def put(self, name: str, raw: bytes) -> None:
        """Replaces a named value."""
        raise NotImplementedError

    def _read_exported(self) -> None:
        raw = self.get("exported") or b""  # 4 bytes, from earlier firmware, or 5
        self.exported = int.from_bytes(raw[:4], "big")
        self.exports = raw[4] if len(raw) > 4 else 0

    def mark_exported(self, up_to: int) -> None:
        """Moves the mark, never back. What is pending is kept until its own end is exported."""
        up_to = max(up_to, self.exported)
        exports = (self.exports + 1) & 255
        self.put("exported", up_to.to_bytes(4, "big") + bytes((exports,)))
        self.exported, self.exports = up_to, exports

    def used(self) -> int:
        """How many records wait for an export; what is pending fills nothing."""
        held = [number for number in self._held() if number > self.exported]
        return self.last - self.exported - len(held)

    def _held(self) -> list[int]:
        """The numbers of all that is pending: with a cashier, or in the queue."""
        return sorted(self.pending + self.queued) if self.queued else self.pending

    def may_go(self, record: bytes) -> bool:
        """Whether an export has seen all that will ever be known of a record."""
        number = frames.sequence_of(record, 0, frames.INTENT)
        return (
            number <= self.exported
            and not records.is_pending(record)
            and records.is_exported(record, self.exports)
        )

    def _track(self, number: int, record: bytes) -> None:
        """Keeps the lists of pending records true after one was written."""
        is_pending = records.is_pending(record)
        held = self.queued if records.is_earning(record) else self.pending
        if is_pending and number not in held:
            held.append(number)
            if number < held[-2:][0]:
                held.sort()
        elif not is_pending and number in held:
            held.remove(number)
