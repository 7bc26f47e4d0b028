"""What was asked before, and what it was answered: the latest in memory, what moves miles on
flash.
"""

from milepad.base.compat import TYPE_CHECKING, const, ticks_diff, ticks_ms
from milepad.base.errors import StorageError
from milepad.pinpad import conditions, told
from milepad.pinpad.kept import MOVING, Kept, Record
from milepad.pinpad.messages import Answer
from milepad.pinpad.settle import settle
from milepad.pinpad.withdrawn import Withdrawn

if TYPE_CHECKING:
    from typing import Any

    from milepad.card.collector_number import Card
    from milepad.pinpad.messages import Node, Request
    from milepad.workflows.device import Device


_ACQUIRED = const(4)  # cards that were read for a till and may be named by reference
_ACQUIRED_MS = const(900000)  # for as long as a sale may take


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
    """One pad's. `kept` is on flash, and so is `withdrawn`."""

    def __init__(self, kept: Kept):
        self.kept = kept
        self.withdrawn = Withdrawn(kept.store)
        self._last: Answered | None = None
        self._acquired: "list[tuple[str, Card, int]]" = []

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

    def withdraw(
        self, device: "Device", category: str, key: tuple[str, str], condition: str
    ) -> None:
        """Has a request that might move miles never be carried out; see `Withdrawn`."""
        if category in MOVING:
            try:
                self.withdrawn.add(key, condition)
            except StorageError as fault:  # it is forgotten with the power, then
                device.log("till: %s" % fault)

    def given_up(
        self, device: "Device", request: "Request", about: "Node", key: tuple[str, str]
    ) -> None:
        """A till has given up a request of its own, or is told that it never came: should it
        come now, late or from somebody else, nothing is done. Raises StorageError.
        """
        category = about.text("MessageCategory") or "Loyalty"
        is_own = key[0] == request.sale_id
        if is_own and key[1] and self.find(device, key) is None:
            self.withdraw(device, category, key, conditions.ABORTED)

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

    def acquire(self, reference: str, card: "Card") -> None:
        """Keeps a card that was read for a till, for a while."""
        self._acquired = self._acquired[1 - _ACQUIRED :] + [(reference, card, ticks_ms())]

    def acquired(self, reference: str) -> "Card | None":
        """The card of a reference; None where it is not known, or not any more."""
        now_ms = ticks_ms()
        self._acquired = [
            each for each in self._acquired if ticks_diff(now_ms, each[2]) < _ACQUIRED_MS
        ]
        for kept, card, _ in self._acquired:
            if kept == reference:
                return card
        return None


def used() -> "dict[str, Any]":
    """The body of a response to a request whose ServiceID is another one's: nobody may mean two
    things by one number.
    """
    return Answer(conditions.NOT_ALLOWED, {"serviceId": "used"}).body()
