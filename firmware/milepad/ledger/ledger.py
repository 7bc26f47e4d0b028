"""The ledger: what was asked of AIR MILES, written before it was sent, and what came of it.

It keeps no entry in memory: everything is read from its store when asked for, and lists
are generators. Nothing is to be written while such a generator is being read. Every
method raises StorageError when the store cannot be read or written; after an error from
`begin` nothing may be sent.

A store (see `protocols`) keeps numbered records; this module decides what they are, which
may be forgotten, and when no more may begin.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import DAMAGED, FULL, HAS_OUTCOME, NO_ENTRY, StorageError
from milepad.base.transaction import Result, Transaction
from milepad.base.vocabulary import OPEN
from milepad.ledger import entries
from milepad.ledger.frames import INTENT, sequence_of
from milepad.ledger.reading import Reading

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.ledger.protocols import LedgerStore

_DAY_S = const(86400)
_MOST_QUEUED = const(1000)  # days of earnings; their numbers are held in memory
_MAX_UNIX_S = const(0xFFFFFFFF)  # what a clock that ran away is clamped to


class Ledger(Reading):
    """Holds at most `capacity` entries that were not exported yet (or what fits).

    Open entries, and earnings that wait in the queue, do not count: they stay, however many
    follow and whatever is exported. `earned` has what is asked about earnings alone.
    """

    def __init__(self, store: "LedgerStore", capacity: int):
        self._store = store
        self._capacity = min(capacity, store.capacity)
        # Where entries were lost, their numbers are not used again.
        store.last = max(store.last, store.exported)

    @property
    def warning(self) -> str:
        """Why this storage forgets, a reason of StorageError; "" when all is well.

        With a warning nothing may begin: a cut would leave a commitment nobody knows of.
        """
        return self._store.warning

    @property
    def torn(self) -> int:
        """How many torn, corrupt or foreign records were met; they are left in place."""
        return len(self._store.damaged)

    @property
    def exported(self) -> int:
        """Up to which number an export was made; open entries below it are still kept."""
        return self._store.exported

    @property
    def last(self) -> int:
        """The highest number that an entry has; 0: none."""
        return self._store.last

    def free(self) -> int:
        """How many entries may begin before an export is needed."""
        return max(0, min(self._capacity - self._store.used(), self._store.room()))

    def begin(self, transaction: Transaction) -> int:
        """Writes the intent; when this returns its sequence number, it is on flash.

        Raises StorageError (also where the storage forgets, see `warning`), or FieldError for
        a value that does not fit. After any of them, nothing may be sent.
        """
        store = self._store
        if store.warning:
            raise StorageError(store.warning)
        if store.used() >= self._capacity:
            raise StorageError(FULL)
        sequence = store.next_number()
        if store.kept >= self._capacity:
            store.drop()
        raw = entries.encode_intent(sequence, transaction)
        try:
            store.append(sequence, raw)
        except StorageError as fault:
            # Perhaps for want of room: once more, with more of it.
            if fault.reason == DAMAGED or not store.drop():
                raise
            if store.last < sequence:
                store.append(sequence, raw)
        transaction.sequence = sequence
        return sequence

    def conclude(self, sequence: int, result: Result) -> None:
        """Writes the entry's result; when this returns, it is on flash.

        A result may follow an open entry, an `unknown` or a parked one. The same outcome and
        confirmation number again may bring another decision, or a mismatch; without them it
        changes nothing. Any other raises StorageError. A value that is too large or no text
        is kept as far as it goes and marked as a mismatch.
        """
        entry = self.entry(sequence)
        was = entry.result
        if not entry.is_unresolved and not entry.is_parked:
            if (was.outcome, was.confirmation_number) != (
                result.outcome,
                result.confirmation_number,
            ):
                raise StorageError(HAS_OUTCOME)
            mismatch = was.mismatch or result.mismatch
            if (was.decision, was.mismatch) == (result.decision, mismatch):
                return
            was.decision, was.mismatch = result.decision, mismatch
            result = was
        self._write_result(entry, result)

    def note(
        self,
        sequence: int,
        copies_sent: int,
        decision: str,
        response_code: str = "",
        unix_s: int = 0,
    ) -> None:
        """Writes on an open entry, before it happens, what the device is about to do.

        `copies_sent`: how many copies of its request may have left then; an intent without a
        note may have left once. `decision`: the cashier's, "" for none. Of an earning also
        what was answered last and when it may be tried again (0: at once). Raises StorageError
        when that cannot be kept (nothing may then be sent) or when the entry has an outcome.
        """
        entry = self.entry(sequence)
        if entry.outcome != OPEN:
            raise StorageError(HAS_OUTCOME)
        note = Result(
            outcome=OPEN,
            copies_sent=copies_sent,
            decision=decision,
            response_code=response_code,
            unix_s=unix_s,
        )
        self._write_result(entry, note)

    def _write_result(self, entry: Transaction, result: Result) -> None:
        store = self._store
        revision = entry.revision + 1
        raw = entries.encode_result(entry.sequence, result, revision, store.exports)
        store.write_result(entry.sequence, raw)

    @property
    def queued(self) -> list[int]:
        """The numbers of the earnings that wait to be sent or for a person, oldest first."""
        return self._store.queued

    @property
    def queue_capacity(self) -> int:
        """How many earnings may wait: redemptions need the other half of the store."""
        return min(_MOST_QUEUED, self._store.capacity // 2)

    @property
    def next_number(self) -> int:
        """The number that the next entry gets. Raises StorageError."""
        return self._store.next_number()

    def queued_entries(self) -> "Iterator[Transaction]":
        """Yields the earnings that wait to be sent or for a person, oldest first."""
        wanted = set(self._store.queued)
        for raw in self._store.scan(min(wanted)) if wanted else ():
            if sequence_of(raw, 0, INTENT) in wanted:
                try:
                    yield self._decoded(raw)
                except StorageError:
                    self._store.damaged.add(sequence_of(raw, 0, INTENT))

    def open_entries(self) -> list[Transaction]:
        """Cash's entries without a result, oldest first: what to ask about after a cut."""
        return [entry for entry in self._pending() if entry.outcome == OPEN]

    def voids_pending(self) -> list[Transaction]:
        """The redemptions that were approved and whose VOID was decided, oldest first.

        When the VOID is settled the caller concludes them again, with the decision "".
        """
        return [entry for entry in self._pending() if entry.outcome != OPEN]

    def _pending(self) -> list[Transaction]:
        """The entries with something still to be done; one that nobody can read is left."""
        found = []
        for sequence in self._store.pending:
            try:
                found.append(self.entry(sequence))
            except StorageError:
                self._store.damaged.add(sequence)
        return found

    def time_floor_s(self) -> int:
        """The moment before which the clock cannot be, as far as the ledger knows; or 0.

        It is what was kept last, or the time of an entry that was begun since.
        """
        floor_s, up_to = self._kept_floor()
        for entry in self.recent(1):
            # In version 1 time had no ceiling: a forged one may stand there.
            is_sound = entry.version > 1 and entry.unix_s < _MAX_UNIX_S
            if entry.sequence > up_to and is_sound:
                floor_s = max(floor_s, entry.unix_s)
        return floor_s

    def keep_time_floor(self, unix_s: int) -> None:
        """Keeps a proven moment as the floor, a lower one than the last too.

        Writes about once a day: less than a day above the floor changes nothing. Raises
        StorageError.
        """
        if 0 <= unix_s - self.time_floor_s() < _DAY_S:
            return
        unix_s = max(0, min(unix_s, _MAX_UNIX_S - 1))
        raw = unix_s.to_bytes(4, "big") + self._store.last.to_bytes(4, "big")
        self._store.put("time", raw)

    def _kept_floor(self) -> tuple[int, int]:
        """(the kept floor, the number of the last entry before it)."""
        raw = self._store.get("time")
        if not raw or len(raw) != 8:
            return 0, 0
        return int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:], "big")

    def pin_tries(self) -> int:
        """How many tries of the supervisor's PIN were begun since the last right one."""
        raw = self._store.get("tries")
        return raw[0] if raw else 0

    def keep_pin_tries(self, count: int) -> None:
        """Keeps that number, up to 255. Raises StorageError."""
        self._store.put("tries", bytes((min(count, 255),)))

    def mark_exported(self, up_to_sequence: int) -> None:
        """Says that what is known of the entries up to that number is safe elsewhere.

        They may be forgotten then, but for the open ones among them: these stay, and wait
        for an export of their own when they are concluded. Raises StorageError beyond the
        last entry.
        """
        if up_to_sequence > self._store.last:
            raise StorageError(NO_ENTRY)
        if up_to_sequence >= self._store.exported:
            self._store.mark_exported(up_to_sequence)
