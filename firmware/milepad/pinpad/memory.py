"""What was asked before, and what it was answered: the latest in memory, what moves miles on
flash.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import StorageError
from milepad.pinpad import conditions, told
from milepad.pinpad.kept import Kept, Record
from milepad.pinpad.messages import Answer
from milepad.pinpad.settle import settle

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.messages import Request
    from milepad.workflows.device import Device


class Answered:
    """A request and the body of its response, None while that is not known."""

    def __init__(
        self,
        key: tuple[str, str],
        category: str,
        checksum: int,
        body: "dict[str, Any] | None",
    ):
        self.key = key
        self.category = category
        self.checksum = checksum
        self.body = body


class Memory:
    """One pad's. `kept` is on flash."""

    def __init__(self, kept: Kept):
        self.kept = kept
        self._last: Answered | None = None

    def remember(self, request: "Request", body: "dict[str, Any]") -> None:
        """The latest answer; what moved no miles is known until the next one."""
        key, category = request.key, request.category
        self._last = Answered(key, category, request.checksum(), body)

    def find(self, device: "Device", key: tuple[str, str]) -> Answered | None:
        """That request, or the latest of that till where its number is "". Raises StorageError."""
        last = self._last
        if last and (last.key == key or (last.key[0], "") == key):
            return last
        record = self.kept.find(key) if key[1] else self.kept.last_of(key[0])
        return self._of_record(device, record) if record else None

    def _of_record(self, device: "Device", record: Record) -> Answered | None:
        """None where the ledger has forgotten its entry."""
        body = None
        if record.is_done:
            entry = None
            if record.sequence:
                try:
                    entry = device.ledger.entry(record.sequence)
                except StorageError:
                    return None
            body = told.answer(device, record, entry).body()
        return Answered(record.key, record.category, record.checksum, body)

    def settle(self, device: "Device") -> None:
        """Ends what a power cut left open, as far as the pad knows by now."""
        if self.kept.open:
            try:
                settle(self.kept, device.ledger)
            except StorageError as fault:
                device.log("till: %s" % fault)


def used() -> "dict[str, Any]":
    """The body of a response to a request whose ServiceID is another one's: nobody may mean two
    things by one number.
    """
    return Answer(conditions.NOT_ALLOWED, {"serviceId": "used"}).body()
