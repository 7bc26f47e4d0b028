"""A device's ledger on the desktop, decoded with the firmware's own code that wrote it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from milepad.base.clock import iso8601_at
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import APPROVED, DECLINED, GIVING, OPEN, RECORD, REDEEM, TAKING
from milepad.card.collector_number import masked
from milepad.card.scan import may_be_card
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.ring import RingStore, fat_store
from milepad.ledger.totals import PENDING

FAT_FILE = "ledger.bin"  # the whole ledger of a board whose drive is FAT
_FAT_CELLS = (1000, 2000)  # of the boards, and of earlier firmware for them


# What an earning came to; "" of AM Cash. Deleted: by a supervisor, or given up for its age.
Earning = Literal[
    "",
    "issued",
    "returned",
    "recorded",
    "pending",
    "parked",
    "queued",
    "refused",
    "deleted",
]
WAITING: tuple[Earning, ...] = ("queued", "parked")


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry. `outcome` is `open` when none was written."""

    sequence: int
    op: str
    outcome: str
    unix_s: int  # of the request's dateTime
    offset_min: int
    trace_id: str
    idempotency_key: str
    collector: str  # masked
    redeem_cents: int  # asked for; of a reversal what is known of the redemption, or 0
    reverses: str  # confirmation number of the redemption that is reversed, see KeptLedger
    response_code: str
    confirmation: str
    miles: int
    cents: int
    revision: int
    decision: str  # what the cashier chose after a power cut: finish, void, later or ""
    mismatch: bool  # the reply said something else than was asked
    earning: Earning = ""
    basket_cents: int = 0  # what was paid; of an earning alone
    pre_tax_cents: int = -1  # the same before tax; -1: not known
    asked_miles: int = 0  # of an earning whose miles the partner worked out
    concluded_s: int = 0  # when its result was written; 0: it has none

    @property
    def is_unresolved(self) -> bool:
        """Whether it is not known what became of it."""
        return self.outcome in ("open", "unknown")

    @property
    def waits(self) -> bool:
        """Whether it is an earning that its device still holds, to be sent or decided on."""
        return self.earning in WAITING

    @property
    def takes_back(self) -> bool:
        """Whether it is an earning that takes miles back."""
        return self.op in TAKING

    @property
    def when(self) -> str:
        """ISO 8601 with the store's offset, as it was sent."""
        return iso8601_at(self.unix_s, self.offset_min * 60)


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What a ledger says of itself. `lost` counts records that are torn or foreign, or missing
    and not exported."""

    last: int
    lost: int
    exported: int


class _KeptFiles:
    """What the firmware's store asks of a filesystem, over bytes in memory; read-only.

    None stands for a file that is there and cannot be read.
    """

    def __init__(self, files: Mapping[str, bytes | None]) -> None:
        self._files = {"/ledger/" + name: raw for name, raw in files.items()}

    def open(self, path: str, mode: str) -> io.BytesIO:
        """Raises OSError for a file that is not there and for every way of writing."""
        if mode != "rb":
            raise OSError(30)
        raw = self._files.get(path)
        if raw is None:
            raise OSError(5 if path in self._files else 2)
        return io.BytesIO(raw)

    def ilistdir(self, folder: str) -> Iterator[tuple[str]]:
        """Yields tuples that start with a name."""
        names = (path.removeprefix(folder + "/") for path in self._files)
        return iter([(name,) for name in sorted(names) if "/" not in name])

    def stat(self, path: str) -> tuple[int, ...]:
        """Every folder that is asked for counts as there."""
        return (0x4000,)

    def mkdir(self, path: str) -> None:
        """Nothing can be made here."""
        raise OSError(30)

    def remove(self, path: str) -> None:
        """Nothing can be removed here."""
        raise OSError(30)

    def rename(self, old: str, new: str) -> None:
        """Nothing can be moved here."""
        raise OSError(30)


class _FatFile:
    """The one file of a FAT board's ledger, in memory; what is written to it is lost."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def open(self, path: str, mode: str) -> io.BytesIO:
        """The same bytes under every name and in every mode."""
        return io.BytesIO(self._raw)


def _fat_store(raw: bytes) -> RingStore:
    """The ring with the number of cells by which most of its records lie where they belong."""
    stores = [fat_store(_FatFile(raw), FAT_FILE, cells) for cells in _FAT_CELLS]
    return max(stores, key=lambda store: sum(1 for _ in store.scan(1)))


class KeptLedger:
    """A ledger's files, read with the firmware's own store. Raises MilepadError."""

    def __init__(
        self, files: Mapping[str, bytes | None], card_rules: Mapping[str, str | int]
    ) -> None:
        self._card_rules = dict(card_rules)
        on_fat = files.get(FAT_FILE)
        self._store = (
            LittlefsStore(_KeptFiles(files)) if on_fat is None else _fat_store(on_fat)
        )
        self._ledger = Ledger(self._store, 1 << 29)

    def read(self) -> tuple[list[LedgerEntry], LedgerState]:
        """All whole entries, in order (a device keeps a few thousand at most)."""
        kept = sorted(self._ledger.entries(), key=lambda entry: entry.sequence)
        own = {
            entry.result.confirmation_number
            for entry in kept
            if entry.op == REDEEM and entry.outcome != OPEN
        }
        entries = [_typed(entry, self._reverses(entry, own)) for entry in kept]
        last, exported = self._store.last, self._ledger.exported
        settled = {entry.sequence for entry in entries if entry.sequence > exported}
        held = {*self._store.pending, *self._store.queued}
        missing = self._store.used() - len(settled - held)
        return entries, LedgerState(last, max(missing, self._ledger.torn), exported)

    def _reverses(self, entry: Transaction, own: set[str]) -> str:
        """The number of what an entry reverses; a card's that was taken for it is masked.

        One that the platform reversed, or that this ledger's own redemption has, is no card's.
        """
        number = entry.redemption_number
        approved = entry.outcome == APPROVED
        if approved or number in own or not may_be_card(number, self._card_rules):
            return number
        return masked(number)


def _earning(entry: Transaction) -> Earning:
    if not entry.is_earning:
        return ""
    if entry.outcome == APPROVED:
        return _accepted(entry)
    if entry.is_parked:
        return "parked"
    if entry.outcome == DECLINED:
        return "refused"
    return "queued" if entry.outcome == OPEN else "deleted"


def _accepted(entry: Transaction) -> Earning:
    if entry.op == RECORD:
        return "recorded"
    if entry.result.response_code == PENDING:
        return "pending"
    return "issued" if entry.op in GIVING else "returned"


def _typed(entry: Transaction, reverses: str) -> LedgerEntry:
    result = entry.result
    return LedgerEntry(
        sequence=entry.sequence,
        op=entry.op,
        outcome=result.outcome,
        unix_s=entry.unix_s,
        offset_min=entry.offset_min,
        trace_id=entry.trace_id,
        idempotency_key=entry.idempotency_key,
        collector=masked(entry.collector_number),
        redeem_cents=entry.redeem_cents,
        reverses=reverses,
        response_code=result.response_code,
        confirmation=result.confirmation_number,
        miles=result.miles or (entry.miles if entry.outcome == APPROVED else 0),
        cents=entry.moved_cents,
        revision=entry.revision,
        decision=result.decision,
        mismatch=result.mismatch,
        earning=_earning(entry),
        basket_cents=entry.basket_cents if entry.is_earning else 0,
        pre_tax_cents=entry.pre_tax_cents,
        asked_miles=entry.miles,
        concluded_s=0 if entry.outcome == OPEN else result.unix_s,
    )
