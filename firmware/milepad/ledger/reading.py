"""What a ledger's store is read for: entries by number, and by what they hold.

It keeps no entry in memory: everything is read from its store when asked for, and lists
are generators. Every method raises StorageError when the store cannot be read.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import NO_ENTRY, StorageError
from milepad.base.transaction import Result, Transaction
from milepad.base.vocabulary import OPEN, REDEEM, REVERSE
from milepad.ledger import entries
from milepad.ledger.frames import INTENT, sequence_of

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.ledger.protocols import LedgerStore

_RECENT_ENTRIES = const(500)  # a busy day at one till has half as many
SAME_SALE_S = const(86400)  # a till's day: later the same basket is another sale


class Reading:
    """The entries that a store keeps."""

    _store: "LedgerStore"

    def _decoded(self, raw: bytes) -> Transaction:
        """Also with what firmware before version 2 kept beside the entries."""
        entry = entries.decode_entry(raw)
        if entry.version == 1 and not entry.revision:
            marked = self._store.get("copies")
            if marked and int.from_bytes(marked[:4], "big") == entry.sequence:
                entry.result = Result(outcome=OPEN, copies_sent=marked[4])
        return entry

    def entry(self, sequence: int) -> Transaction:
        """The entry of that number; StorageError when the ledger has none."""
        raw = self._store.read(sequence)
        if raw is None:
            raise StorageError(NO_ENTRY)
        return self._decoded(raw)

    def entries(self, from_sequence: int = 1) -> "Iterator[Transaction]":
        """Yields the kept entries from that number on, in order."""
        for raw in self._store.scan(from_sequence):
            try:
                yield self._decoded(raw)
            except StorageError:  # a whole frame that this version cannot read: left there
                self._store.damaged.add(sequence_of(raw, 0, INTENT))

    def unresolved(self) -> "Iterator[Transaction]":
        """Yields Cash's entries of which nobody knows the outcome, as the totals count them: those
        that were interrupted are among them until they are finished.
        """
        for entry in self.entries():
            if entry.is_unresolved and not entry.is_earning:
                yield entry

    def recent(self, count: int) -> list[Transaction]:
        """The last `count` entries at most, newest first."""
        found = list(self.entries(self._store.last - count + 1))
        found.reverse()
        return found

    def find_redemption(self, confirmation_number: str) -> Transaction | None:
        """The newest redemption whose result carries that confirmation number."""
        found = None
        for entry in self._with_text(confirmation_number):
            if (entry.op, entry.result.confirmation_number) == (
                REDEEM,
                confirmation_number,
            ):
                found = entry
        return found

    def reversal_of(self, confirmation_number: str) -> Transaction | None:
        """The newest reversal, in any state, of what has that confirmation number."""
        found = None
        for entry in self._with_text(confirmation_number):
            if (entry.op, entry.redemption_number) == (REVERSE, confirmation_number):
                found = entry
        return found

    def recent_unknown(
        self, collector_number: str, basket_cents: int, now_s: int
    ) -> Transaction | None:
        """The newest redemption of that card and basket whose outcome is not known.

        Only those that were begun within a day before `now_s`, among the latest entries.
        """
        found = None
        start = self._store.last - _RECENT_ENTRIES
        for entry in self._with_text(collector_number, start):
            if (
                (entry.op, entry.collector_number) == (REDEEM, collector_number)
                and entry.basket_cents == basket_cents
                and entry.unix_s >= now_s - SAME_SALE_S
                and entry.is_unresolved
            ):
                found = entry
        return found

    def _with_text(self, text: str, from_sequence: int = 1) -> "Iterator[Transaction]":
        """Yields the entries in whose bytes a text may stand: decoding each takes too long."""
        return self.holding(entries.text_bytes(text) if text else b"", from_sequence)

    def holding(self, needle: bytes, from_sequence: int = 1) -> "Iterator[Transaction]":
        """Yields the entries in whose bytes `needle` stands; none for b""."""
        for raw in self._store.scan(from_sequence):
            if needle and needle in raw:
                try:
                    yield self._decoded(raw)
                except StorageError:
                    self._store.damaged.add(sequence_of(raw, 0, INTENT))
