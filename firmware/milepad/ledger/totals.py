"""What a span of time comes to."""

from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.vocabulary import APPROVED, GIVING, OPEN, REDEEM, TAKING

if TYPE_CHECKING:
    from milepad.base.timekeeper import Timekeeper
    from milepad.base.transaction import Transaction
    from milepad.ledger.reading import Reading

_LATEST = const(20)  # what is not sent without a time is dated by a guess: not every one is
PENDING = "202"  # accepted by AIR MILES, and delayed there (FACTS 6.2)


class Totals:
    """Counts, miles and cents of a span of time. An unresolved entry's miles are unknown.

    Of an earning the miles are those that the reply or the rules told; 0 where none did.
    """

    redeemed_count = redeemed_miles = redeemed_cents = 0
    reversed_count = reversed_miles = reversed_cents = 0
    unresolved_count = unresolved_cents = 0
    issued_count = issued_miles = 0  # done
    returned_count = returned_miles = 0  # done
    # Accepted, and posted later; the miles are those given less those taken back.
    pending_count = pending_miles = 0
    parked_count = 0  # refused, for a person to decide
    queued_count = 0  # waiting for the network

    def add(self, entry: "Transaction") -> None:
        """Counts one entry; declined ones and those that were not sent count nowhere."""
        if entry.is_earning:
            self._add_earning(entry)
        elif entry.is_unresolved:
            self.unresolved_count += 1
            self.unresolved_cents += entry.redeem_cents
        elif entry.outcome != APPROVED:
            return
        elif entry.op == REDEEM:
            self.redeemed_count += 1
            self.redeemed_miles += entry.result.miles
            self.redeemed_cents += entry.moved_cents
        else:
            self.reversed_count += 1
            self.reversed_miles += entry.result.miles
            self.reversed_cents += entry.moved_cents

    def _add_earning(self, entry: "Transaction") -> None:
        """A RECORD moves no miles: it counts while it waits, and nowhere when it is done."""
        miles = entry.result.miles
        if entry.outcome == OPEN:
            self.queued_count += 1
        elif entry.is_parked:
            self.parked_count += 1
        elif entry.outcome != APPROVED:
            return
        elif entry.result.response_code == PENDING:
            self.pending_count += 1
            self.pending_miles += -miles if entry.op in TAKING else miles
        elif entry.op in GIVING:
            self.issued_count += 1
            self.issued_miles += miles
        elif entry.op in TAKING:
            self.returned_count += 1
            self.returned_miles += miles

    def net_cents(self) -> int:
        """Redeemed less reversed: below zero where only earlier days' sales were refunded."""
        return self.redeemed_cents - self.reversed_cents

    def net_miles(self) -> int:
        """The same in miles."""
        return self.redeemed_miles - self.reversed_miles


def business_day(
    ledger: "Reading", time: "Timekeeper", zone: clock.Zone, hour: int
) -> tuple[int, int]:
    """(first second, first second after) of the business day that is meant by "today".

    After a power cut, until somebody has told the time, that is the day of the latest entry:
    the clock stands at some earlier moment, and its day would be an empty one. What was tried
    and not sent at such a moment is not the latest.
    Raises StorageError when the ledger cannot be read.
    """
    begun_s = [] if time.is_set() else [entry.unix_s for entry in ledger.recent(_LATEST)]
    return clock.day_span(max(begun_s or [time.now_s()]), zone, hour)


def between(ledger: "Reading", from_unix_s: int, to_unix_s: int) -> Totals:
    """Totals of the entries that were begun from one moment to before the other.

    Raises StorageError when the ledger cannot be read.
    """
    found = Totals()
    for entry in ledger.entries():
        if from_unix_s <= entry.unix_s < to_unix_s:
            found.add(entry)
    return found
