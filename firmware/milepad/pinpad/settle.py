"""After a power cut: what became of the requests that were under way, as far as it is known.

What is open is settled on the pad first, by its cashier; until then the till is told InProgress.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import APPROVED, OPEN, REDEEM, UNKNOWN
from milepad.pinpad import conditions, told

if TYPE_CHECKING:
    from milepad.base.transaction import Transaction
    from milepad.ledger.ledger import Ledger
    from milepad.pinpad.kept import Kept, Record


def settle(kept: "Kept", ledger: "Ledger") -> None:
    """Ends the records whose entries have an outcome. Nothing else may be under way: what a
    record without an entry would be taken for, does not exist yet. Raises StorageError.
    """
    waiting = list(kept.open)
    for at, record in enumerate(waiting):
        if record.is_done:  # its end is known, and the flash would not take it
            kept.finish(record)
            continue
        until = waiting[at + 1].after if at + 1 < len(waiting) else None
        entry = _entry_of(ledger, record, until)
        if entry is None:  # the power went first: nothing has left
            record.condition, record.note = conditions.ABORTED, "power=lost"
        elif not _is_settled(ledger, entry):
            continue
        else:
            _fill(ledger, record, entry)
        kept.finish(record)


def _entry_of(
    ledger: "Ledger", record: "Record", until: int | None
) -> "Transaction | None":
    """The ledger's first entry after the record began; `until`: the last that may be its own."""
    for entry in ledger.entries(record.after + 1):
        return None if until is not None and entry.sequence > until else entry
    return None


def _is_settled(ledger: "Ledger", entry: "Transaction") -> bool:
    if entry.is_earning:  # open or not, it is kept and will be sent
        return True
    waiting = [each.sequence for each in ledger.voids_pending()]
    return entry.outcome != OPEN and entry.sequence not in waiting


def _fill(ledger: "Ledger", record: "Record", entry: "Transaction") -> None:
    told.fill(record, entry)
    record.condition = conditions.of_call(entry.outcome, record.code)
    if entry.op != REDEEM or entry.outcome != APPROVED:
        return
    # No till could have asked for it yet: a reversal is the VOID of the pad's cashier.
    reversal = ledger.reversal_of(entry.result.confirmation_number)
    if reversal and reversal.outcome == APPROVED:
        record.condition, record.note = conditions.ABORTED, "voided=true"
        record.outcome, record.cents, record.miles = "", 0, 0
    elif reversal and reversal.outcome == UNKNOWN:
        record.condition, record.outcome = conditions.UNREACHABLE_HOST, UNKNOWN
        record.cents = record.miles = 0
