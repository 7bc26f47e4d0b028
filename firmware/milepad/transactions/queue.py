"""The earnings that wait for the network: entries of the ledger, and their bytes on flash.

An earning's bytes are written first, then its entry: an open entry has its bytes, and bytes
without one were never sent. Its outcome is on the ledger before the bytes are forgotten: what
is concluded is never sent again. The ledger alone says what waits; nothing here decides it anew
after a power cut.
"""

from binascii import crc32

from milepad.base.compat import TYPE_CHECKING, const, ticks_diff, ticks_ms
from milepad.base.errors import QUEUE_FULL, FieldError, StorageError
from milepad.base.transaction import Result
from milepad.base.vocabulary import NOT_SENT, OPEN, UNKNOWN
from milepad.issuance.attempts import asks_to_wait, first_due

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.protocols import Log
    from milepad.base.transaction import Transaction
    from milepad.ledger.ledger import Ledger
    from milepad.ledger.protocols import Bodies

_FLASH_FAILS_MS = const(60000)
_MASK = const(0x3FFFFFFF)  # of numbers that take no heap on a 32-bit MicroPython


def _tag(collector_number: str, without: int) -> int:
    """What stands for a collector; `without` for a sale without a card, which waits for none."""
    return crc32(collector_number.encode()) & _MASK if collector_number else without


class Queue:
    """What waits, oldest first. `bodies` keeps the bytes; `log` takes a line of text.

    In memory it holds eight bytes for each earning, and when those that rest may be tried.
    """

    def __init__(self, ledger: "Ledger", bodies: "Bodies", log: "Log"):
        self._ledger = ledger
        self._bodies = bodies
        self._log = log
        self._numbers: list[int] = []
        self._collectors: list[int] = []  # tags: all that is compared of a number
        self._until_ms: dict[int, int] = {}  # ticks until which an earning rests
        self._aside: set[int] = set()  # a person has to decide about them
        self._settled: dict[int, Result] = {}  # outcomes that the flash would not take
        self._copies: dict[int, int] = {}  # how many left, where the ledger stops counting
        self._left_s: dict[int, int] = {}  # when the first left, where it was in this life
        self._tried_before = bodies.tried  # up to which number one may have left before it
        self._flush_ms = 0  # ticks until which the flash is not tried; 0: it may be
        self._oldest = (0, 0)  # (its number, its time)
        self.asked_until_s = 0  # until when the platform had asked to wait before this life
        bodies.keep(ledger.queued)
        for entry in ledger.queued_entries():
            self._take(entry)

    def _take(self, entry: "Transaction") -> None:
        self._numbers.append(entry.sequence)
        self._collectors.append(_tag(entry.collector_number, -entry.sequence))
        if entry.is_parked:
            self._aside.add(entry.sequence)
        elif asks_to_wait(entry.result.response_code):
            self.asked_until_s = max(self.asked_until_s, entry.result.unix_s)

    def keep(self, transaction: "Transaction", body: bytes) -> None:
        """Takes an earning; when this returns, its bytes and its entry are on flash.

        Raises StorageError, or FieldError: then nothing is kept, and nothing may be sent.
        """
        if self._ledger.warning or self._bodies.warning:
            raise StorageError(self._ledger.warning or self._bodies.warning)
        if len(self._numbers) >= self._ledger.queue_capacity:
            raise StorageError(QUEUE_FULL)
        number = self._ledger.next_number
        self._bodies.add(number, body)
        try:
            self._ledger.begin(transaction)
        except (StorageError, FieldError):
            self._bodies.drop(number)
            if number in self._ledger.queued:  # its entry is there all the same
                transaction.sequence = number
                self._take(transaction)
                self.conclude(transaction, Result(outcome=NOT_SENT))
            raise
        self._take(transaction)
        if transaction.result.copies_sent:  # one is about to leave
            self._left_s[number] = transaction.unix_s

    def entry(self, number: int) -> "Transaction":
        """What the ledger says of one. Raises StorageError."""
        return self._ledger.entry(number)

    def body(self, entry: "Transaction") -> bytes | None:
        """The exact bytes of an earning; None when they are damaged."""
        return self._bodies.read(entry.sequence)

    def conclude(self, entry: "Transaction", result: Result) -> None:
        """What became of an earning: on the ledger, then out of the queue, or set aside.

        Where the flash does not take it, it is not sent again in this life of the device, and
        `flush` tries once more.
        """
        number = entry.sequence
        entry.result = result
        self._settled[number] = result
        self._aside.add(number)
        self._copies.pop(
            number, None
        )  # the result says how many: of one that is parked too
        self._flush_ms = 0
        self.flush()

    def flush(self) -> None:
        """Writes the outcomes that the flash would not take before; not at once again."""
        if self._flush_ms and ticks_diff(self._flush_ms, ticks_ms()) > 0:
            return
        self._flush_ms = 0
        for number in list(self._settled):
            result = self._settled[number]
            try:
                self._ledger.conclude(number, result)
            except StorageError as fault:
                self._log("queue: %s" % fault)
                self._flush_ms = ticks_ms() + _FLASH_FAILS_MS
                continue
            del self._settled[number]
            if number not in self._ledger.queued:
                self.release(number)

    def release(self, number: int) -> None:
        """It is concluded on the ledger: its bytes are not needed any more."""
        if number not in self._numbers:
            return
        self._bodies.drop(number)
        at = self._numbers.index(number)
        del self._numbers[at]
        del self._collectors[at]
        self._aside.discard(number)
        for known in (self._until_ms, self._copies, self._left_s):
            known.pop(number, None)

    def set_aside(self, number: int) -> None:
        """It is not sent by itself any more: a person has to decide."""
        self._aside.add(number)

    def is_aside(self, number: int) -> bool:
        """Whether it is left to a person, be it for this life of the device alone."""
        return number in self._aside

    def rest(self, number: int, copies: int, rest_s: int) -> None:
        """So many copies left, in this life or before; it is not tried for so long."""
        if number not in self._numbers:  # it was deleted meanwhile
            return
        self._copies[number] = copies
        if not copies:
            self._left_s.pop(number, None)
        self._until_ms[number] = ticks_ms() + rest_s * 1000

    def copies(self, entry: "Transaction") -> int:
        """How many copies of an open earning have left, as far as it is known."""
        return self._copies.get(entry.sequence, entry.result.copies_sent)

    def may_have_left(self, entry: "Transaction") -> bool:
        """Whether it is not certain that no copy ever left."""
        return self.copies(entry) > 0 or self.may_have_left_since(entry) > 0

    def may_have_left_since(self, entry: "Transaction") -> int:
        """When the first copy may have left, in seconds since 1970; 0 where none has.

        Of an earlier life only the earning's own time is known: it cannot have left before.
        """
        if entry.sequence in self._left_s:
            return self._left_s[entry.sequence]
        return entry.unix_s if self.may_have_left_before(entry) else 0

    def may_have_left_before(self, entry: "Transaction") -> bool:
        """Whether a copy may have left in an earlier life of the device."""
        number = entry.sequence
        if number in self._left_s:
            return False
        return entry.result.copies_sent > 0 or number <= self._tried_before

    def note_tried(self, entry: "Transaction", now_s: int) -> None:
        """Before a copy leaves it is on flash that one may have. Raises StorageError."""
        if not self.may_have_left_since(entry):
            self._left_s[entry.sequence] = now_s
        if entry.result.copies_sent or entry.sequence <= self._bodies.tried:
            return
        if not self._bodies.note_tried(entry.sequence):
            self._ledger.note(entry.sequence, 1, "")
            entry.result = Result(outcome=OPEN, copies_sent=1)

    def note_doubt(self, entry: "Transaction") -> None:
        """Before another copy leaves of what was refused for certain: it is not certain from
        then on. Raises StorageError.
        """
        was = entry.result
        doubt = Result(outcome=UNKNOWN, response_code=was.response_code, unix_s=was.unix_s)
        doubt.copies_sent, doubt.decision = was.copies_sent + 1, was.decision
        self._ledger.conclude(entry.sequence, doubt)

    def look(self) -> None:
        """Ends the rests that are over; to be called within days, before the ticks come round."""
        for number in list(self._until_ms):
            if ticks_diff(self._until_ms[number], ticks_ms()) <= 0:
                del self._until_ms[number]

    def next(self) -> int:
        """The number of the earning that is to be sent next; 0: none may be."""
        self.look()
        return first_due(self._sending(), lambda number: number in self._until_ms)

    def _sending(self) -> "Iterator[tuple[int, int]]":
        for at in range(len(self._numbers)):
            if self._numbers[at] not in self._aside:
                yield self._numbers[at], self._collectors[at]

    def has(self, collector_number: str) -> bool:
        """Whether an earning of that collector is to be sent before a new one."""
        tag = _tag(collector_number, 0)
        return bool(tag) and tag in [other for _, other in self._sending()]

    def is_behind(self, number: int) -> bool:
        """Whether an older earning of its collector is to be sent before it."""
        tag = self._collectors[self._numbers.index(number)]
        return any(other == tag and each < number for each, other in self._sending())

    def wake(self, number: int) -> None:
        """It rests no longer, nor is it left to a person."""
        self._until_ms.pop(number, None)
        self._aside.discard(number)

    @property
    def numbers(self) -> list[int]:
        """Those that wait to be sent or for a person, oldest first."""
        return [number for number in self._numbers if number not in self._settled]

    def waiting(self) -> tuple[int, int]:
        """(how many wait, when the oldest was made in seconds since 1970, 0 for none)."""
        numbers = self.numbers
        first = numbers[0] if numbers else 0
        if first != self._oldest[0]:
            try:
                self._oldest = (first, self._ledger.entry(first).unix_s if first else 0)
            except StorageError:
                return len(numbers), 0
        return len(numbers), self._oldest[1]
