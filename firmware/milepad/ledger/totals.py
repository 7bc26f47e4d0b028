"""What a span of time comes to."""

from milepad.base.vocabulary import APPROVED, REDEEM
from milepad.ledger.entry import Entry


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
        elif result.outcome != APPROVED:
            return
        elif entry.intent.op == REDEEM:
            self.redeemed_count += 1
            self.redeemed_miles += result.miles
            self.redeemed_cents += entry.moved_cents
        else:
            self.reversed_count += 1
            self.reversed_miles += result.miles
            self.reversed_cents += entry.moved_cents

    def net_cents(self) -> int:
        """Redeemed less reversed: below zero where only earlier days' sales were refunded."""
        return self.redeemed_cents - self.reversed_cents

    def net_miles(self) -> int:
        """The same in miles."""
        return self.redeemed_miles - self.reversed_miles
