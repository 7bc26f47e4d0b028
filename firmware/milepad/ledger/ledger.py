"""The ledger: what was asked of AIR MILES, written before it was sent, and what came of it.

It keeps no entry in memory: everything is read from its store when asked for, and lists
are generators. Nothing is to be written while such a generator is being read. Every
method raises StorageError when the store cannot be read or written; after an error from
`begin` nothing may be sent.

A store (see `stores`) keeps numbered records; this module decides what they are, which
may be forgotten, and when no more may begin.
"""

from milepad.base.errors import LedgerFullError, StorageError
from milepad.base.pythons import const
from milepad.ledger.entry import Entry, Intent, Result
from milepad.ledger.frames import INTENT, sequence_of

_MAX_BEGUN_PAST_OPEN = const(32)

FULL = "The ledger is full. Export it, then go on."
INTERRUPTED = "Finish or void the interrupted entry first."


def _entries():
    """Loaded when first needed, so that a till may forget it while the link needs the heap."""
    from milepad.ledger import entries

    return entries


class Totals:
    """Counts, miles and cents of a span of time. An unresolved entry's miles are unknown."""

    redeemed_count = redeemed_miles = redeemed_cents = 0
    reversed_count = reversed_miles = reversed_cents = 0
    unresolved_count = unresolved_cents = 0

    def add(self, entry: Entry) -> None:
        """Counts one entry; declined ones and those that were not sent count nowhere."""
        result = entry.result
        if result is None or entry.state != "concluded":
            self.unresolved_count += 1
            self.unresolved_cents += entry.intent.redeem_cents
        elif result.outcome != "approved":
            return
        elif entry.intent.op == "redeem":
            self.redeemed_count += 1
            self.redeemed_miles += result.miles
            # A reply that names no amount approves what was asked.
            self.redeemed_cents += result.cents or entry.intent.redeem_cents
        else:
            self.reversed_count += 1
            self.reversed_miles += result.miles
            self.reversed_cents += result.cents or entry.intent.redeem_cents

    def net_cents(self) -> int:
        """Redeemed less reversed: below zero where only earlier days' sales were refunded."""
        return self.redeemed_cents - self.reversed_cents

    def net_miles(self) -> int:
        """The same in miles."""
        return self.redeemed_miles - self.reversed_miles


class Ledger:
    """Holds at most `capacity` entries that were not exported yet (or what fits)."""

    def __init__(self, store, capacity: int):
        self._store = store
        self._capacity = min(capacity, store.most)
        self._exported = int.from_bytes(store.get("exported") or b"", "big")
        # Where entries were lost, their numbers are not used again.
        store.last = max(store.last, self._exported)
        self._open = store.open

    @property
    def warning(self) -> str:
        """What a person must know about this storage; "" when all is well."""
        return self._store.warning

    @property
    def torn(self) -> int:
        """How many torn, corrupt or foreign records were met; they are left in place."""
        return len(self._store.bad)

    def free(self) -> int:
        """How many entries may begin before an export is needed."""
        return max(0, self._capacity - (self._store.last - self._exported))

    def is_full(self) -> bool:
        """Whether `begin` would raise LedgerFullError until something is exported."""
        return self.free() == 0

    def begin(self, intent: Intent) -> int:
        """Writes the intent; when this returns its sequence number, it is on flash.

        Raises LedgerFullError, whose text tells the cashier what to do, StorageError, or
        FieldError for a value that does not fit. After any of them, nothing may be sent.
        """
        store = self._store
        sequence = store.next()
        if sequence - self._exported > self._capacity:
            raise LedgerFullError(FULL)
        if self._open and sequence - self._open[0] > _MAX_BEGUN_PAST_OPEN:
            raise LedgerFullError(INTERRUPTED)
        if sequence - store.first >= self._capacity:
            store.drop(self._exported)
        raw = _entries().encode_intent(sequence, intent)
        try:
            store.append(sequence, raw)
        except LedgerFullError:
            raise
        except StorageError:  # perhaps for want of room: once more, with more of it
            if not store.drop(self._exported):
                raise
            store.append(sequence, raw)
        self._open.append(sequence)
        return sequence

    def conclude(self, sequence: int, result: Result) -> None:
        """Writes the entry's result; when this returns, it is on flash.

        A result may follow an open entry or an `unknown` one. The same outcome and
        confirmation number again changes nothing; any other raises StorageError.
        """
        entry = self.entry(sequence)
        was = entry.result
        if was is not None and entry.state == "concluded":
            if (was.outcome, was.confirmation_number) != (
                result.outcome,
                result.confirmation_number,
            ):
                raise StorageError("It has its outcome already.")
        else:
            raw = _entries().encode_result(sequence, result, entry.revision + 1)
            self._store.amend(sequence, raw)
        if sequence in self._open:
            self._open.remove(sequence)

    def mark_copies(self, sequence: int, copies: int) -> None:
        """Writes, before it happens, that so many copies of an open entry's request may leave.

        The first needs no mark: an intent without a result may have left once. Raises
        StorageError when that cannot be kept, another open entry's mark included; the copy
        must then not leave.
        """
        marked = self._store.get("copies")
        other = int.from_bytes(marked[:4], "big") if marked else 0
        if other != sequence and other in self._open:
            raise StorageError(INTERRUPTED)
        self._store.put("copies", sequence.to_bytes(4, "big") + bytes((copies,)))

    def copies(self, sequence: int) -> int:
        """How many copies of an open entry's request may have left the device."""
        marked = self._store.get("copies")
        if not marked or int.from_bytes(marked[:4], "big") != sequence:
            return 1
        return marked[4]

    def entry(self, sequence: int) -> Entry:
        """The entry of that number; StorageError when the ledger has none."""
        raw = self._store.read(sequence)
        if raw is None:
            raise StorageError("There is no such entry.")
        return _entries().decode_entry(raw)

    def entries(self, from_sequence: int = 1):
        """Yields the kept entries from that number on, in order."""
        for raw in self._store.scan(from_sequence):
            try:
                yield _entries().decode_entry(raw)
            except StorageError:  # a whole frame that this version cannot read: left there
                self._store.bad.add(sequence_of(raw, 0, INTENT))

    def open_entries(self) -> list[Entry]:
        """The entries without a result, oldest first: what to ask about after a cut."""
        return [self.entry(sequence) for sequence in self._open]

    def unresolved(self):
        """Yields the entries whose outcome is unknown."""
        for entry in self.entries():
            if entry.state == "unresolved":
                yield entry

    def recent(self, count: int) -> list[Entry]:
        """The last `count` entries at most, newest first."""
        found = list(self.entries(self._store.last - count + 1))
        found.reverse()
        return found

    def find(self, confirmation_number: str) -> Entry | None:
        """The newest entry whose result carries that confirmation number."""
        found = None
        for entry in self.entries():
            if (
                entry.result
                and entry.result.confirmation_number == confirmation_number != ""
            ):
                found = entry
        return found

    def totals(self, from_unix_s: int, to_unix_s: int) -> Totals:
        """Totals of the entries that were begun from one moment to before the other."""
        totals = Totals()
        for entry in self.entries():
            if from_unix_s <= entry.intent.unix_s < to_unix_s:
                totals.add(entry)
        return totals

    def mark_exported(self, up_to_sequence: int) -> None:
        """Says that all entries up to that number are safe elsewhere and may be forgotten.

        Raises StorageError beyond the last entry, or when an open one is among them.
        """
        if up_to_sequence > self._store.last or (
            self._open and up_to_sequence >= self._open[0]
        ):
            raise StorageError("Not all of these are concluded.")
        if up_to_sequence > self._exported:
            self._store.put("exported", up_to_sequence.to_bytes(4, "big"))
            self._exported = up_to_sequence
