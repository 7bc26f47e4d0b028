"""What a span of time comes to."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import APPROVED, REDEEM

if TYPE_CHECKING:
    from milepad.base.transaction import Transaction


class Totals:
    """Counts, miles and cents of a span of time. An unresolved entry's miles are unknown."""

    redeemed_count = redeemed_miles = redeemed_cents = 0
    reversed_count = reversed_miles = reversed_cents = 0
    unresolved_count = unresolved_cents = 0

    def add(self, entry: "Transaction") -> None:
        """Counts one entry; declined ones and those that were not sent count nowhere."""
        if entry.is_unresolved:
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

    def net_cents(self) -> int:
        """Redeemed less reversed: below zero where only earlier days' sales were refunded."""
        return self.redeemed_cents - self.reversed_cents

    def net_miles(self) -> int:
        """The same in miles."""
        return self.redeemed_miles - self.reversed_miles
