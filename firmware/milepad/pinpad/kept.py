"""What tills asked and were answered, over a power cut: a request moves miles once.

A record begins before the ledger's entry does, and ends when the till's answer is certain;
what the entry knows stands there alone. In a store of the ledger's own kind (see
`ledger.stores`), an intent's frame is

    number (4) | kind | checksum (4) | unix_s (4) | the ledger's last number (4)
    | SaleID | ServiceID

with each text after its length, and a result's

    number (4) | revision | condition | outcome | the entry's number (4) | cents (4) | miles (4)
    | code | note

A record without an end has an entry, or the power went before there was one: whichever is the
first above the ledger's last number is its own, for the pad does one thing at a time.
"""

from binascii import crc32

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import StorageError
from milepad.base.text import printable
from milepad.base.vocabulary import APPROVED, DECLINED, NOT_SENT, OPEN, UNKNOWN
from milepad.ledger import frames
from milepad.pinpad import conditions

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.ledger.protocols import LedgerStore

# On flash each is its index: the order is part of the records.
MOVING = ("Loyalty", "Reversal")  # the categories that these come in
KINDS = ("Redemption", "RedemptionRefund", "Award", "AwardRefund", "Reversal")
OUTCOMES = (APPROVED, DECLINED, NOT_SENT, UNKNOWN, OPEN, "")
_TILL_PRINTS = const(128)  # beside the kind
_KEPT = const(1000)  # records: two busy days of a till's requests that move miles
_HEAD_BYTES = const(17)  # of an intent's payload, before its texts
_END_BYTES = const(19)  # of a result's payload, before its code


class Record:
    """One request of a till that may move miles, and what it was answered once `is_done`."""

    number = 0
    kind = KINDS[0]
    till_prints = False  # the slip stands in the response, for the till's own printer
    checksum = 0
    unix_s = 0  # when it came; 0: the pad did not know the time
    after = 0  # the ledger's last number before it
    sale_id = ""
    service_id = ""
    is_done = False
    condition = ""
    outcome = ""  # "": there is no entry
    sequence = 0  # of the ledger's entry; 0: there is none
    cents = 0
    miles = 0
    code = ""  # the response code
    note = ""  # what else a refusal says, as name=value, at most 24 characters

    @property
    def key(self) -> tuple[str, str]:
        """What the till knows it by."""
        return self.sale_id, self.service_id

    @property
    def category(self) -> str:
        """Of its request."""
        return "Reversal" if self.kind == "Reversal" else "Loyalty"


class Kept:
    """The records of one pad. Methods raise StorageError when the flash fails."""

    def __init__(self, store: "LedgerStore"):
        self.store = store
        self._limit = min(_KEPT, store.capacity * 3 // 4)
        # Two bytes for each key: most requests are new, and need no look at the flash.
        self._marks = bytearray()
        self.open: list[Record] = []  # without an end on flash, oldest first
        for record in self._all():
            self._marks += _mark(record.key)
            if not record.is_done:
                self.open.append(record)

    def begin(self, record: Record) -> None:
        """Puts it on flash, before its transaction is."""
        store = self.store
        if store.warning:
            raise StorageError(store.warning)
        if store.last - store.exported > self._limit + self._limit // 10:
            store.mark_exported(store.last - self._limit)
            while store.drop():
                pass
            self._marks = bytearray()
            for each in self._all():
                self._marks += _mark(each.key)
        record.number = store.next_number()
        store.append(record.number, intent_bytes(record))
        self._marks += _mark(record.key)
        self.open.append(record)

    def finish(self, record: Record) -> None:
        """Puts its end on flash, before the till is told. Where the flash does not take it, it
        stays in `open` with its end, is found there, and may be finished again.
        """
        record.is_done = True
        self.store.write_result(record.number, result_bytes(record))
        if record in self.open:
            self.open.remove(record)

    def find(self, key: tuple[str, str]) -> Record | None:
        """The latest record of that request."""
        for record in self.open:
            if record.key == key:
                return record
        mark, found = _mark(key), None
        if any(self._marks[at : at + 2] == mark for at in range(0, len(self._marks), 2)):
            for record in self._all():
                if record.key == key:
                    found = record
        return found

    def last_of(self, sale_id: str) -> Record | None:
        """The latest record of that till."""
        found = None
        for record in self._all():
            if record.sale_id == sale_id:
                found = record
        for record in self.open:  # it may know more than the flash
            if found and record.number == found.number:
                found = record
        return found

    def since_s(self) -> int:
        """From when on every record is here; 0 where none was ever forgotten."""
        if self.store.exported:
            for record in self._all():
                if record.unix_s:
                    return record.unix_s
        return 0

    def holds(self, sequence: int) -> bool:
        """Whether that entry of the ledger came of a record here: of an open one it is the
        first that was made after it.
        """
        return any(
            sequence == (record.sequence if record.is_done else record.after + 1)
            for record in self._all()
        )

    def _all(self) -> "Iterator[Record]":
        """Yields what can be read, in order."""
        for raw in self.store.scan(1):
            record = read(raw)
            if record:
                yield record


def _mark(key: tuple[str, str]) -> bytes:
    return (crc32(("%s/%s" % key).encode()) & 0xFFFF).to_bytes(2, "big")


def _text(text: str, limit: int) -> bytes:
    raw = printable(text, limit).encode()
    return bytes((len(raw),)) + raw


def intent_bytes(record: Record) -> bytes:
    """The frame that begins a record, at most 60 bytes."""
    kind = KINDS.index(record.kind) | (_TILL_PRINTS if record.till_prints else 0)
    payload = record.number.to_bytes(4, "big") + bytes((kind,))
    for value in (record.checksum, record.unix_s, record.after):
        payload += (value & 0xFFFFFFFF).to_bytes(4, "big")
    payload += _text(record.sale_id, 24) + _text(record.service_id, 10)
    return frames.seal(frames.INTENT, payload)


def result_bytes(record: Record) -> bytes:
    """The frame that ends it, at most 56 bytes."""
    payload = record.number.to_bytes(4, "big") + bytes(
        (0, conditions.ALL.index(record.condition), OUTCOMES.index(record.outcome))
    )
    for value in (record.sequence, record.cents, record.miles):
        payload += (value & 0xFFFFFFFF).to_bytes(4, "big")
    payload += _text(record.code, 4) + _text(record.note, 24)
    return frames.seal(frames.RESULT, payload)


def read(raw: bytes) -> Record | None:
    """The record in a store's bytes; None for what this version cannot read."""
    size = frames.measure(raw, 0, frames.INTENT)
    intent = frames.payload_of(raw, 0, frames.INTENT) or b""
    end = frames.payload_of(raw, size, frames.RESULT)
    record = Record()
    try:
        record.number = int.from_bytes(intent[:4], "big")
        record.till_prints = bool(intent[4] & _TILL_PRINTS)
        record.kind = KINDS[intent[4] & ~_TILL_PRINTS]
        record.checksum = int.from_bytes(intent[5:9], "big")
        record.unix_s = int.from_bytes(intent[9:13], "big")
        record.after = int.from_bytes(intent[13:17], "big")
        record.sale_id, at = _text_at(intent, _HEAD_BYTES)
        record.service_id, _ = _text_at(intent, at)
        if end and end[:4] == intent[:4]:
            record.condition = conditions.ALL[end[5]]
            record.outcome = OUTCOMES[end[6]]
            record.sequence = int.from_bytes(end[7:11], "big")
            record.cents = int.from_bytes(end[11:15], "big")
            record.miles = int.from_bytes(end[15:19], "big")
            record.code, at = _text_at(end, _END_BYTES)
            record.note, _ = _text_at(end, at)
            record.is_done = True
    except (IndexError, UnicodeError):
        return None
    return record


def _text_at(raw: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + raw[at]
    if end > len(raw):
        raise IndexError
    return raw[at + 1 : end].decode(), end
