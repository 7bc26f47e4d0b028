"""What may be redeemed on a basket, in whole units.

Source: REDEEM, "Redemption process" and "Default redemption amount"; INQUIRE, "Conditional
parameters". The offer's members come only for a card that was presented, with enough miles,
within the daily limit; one that is missing means: no offer.
"""

from milepad.amcash import response_codes
from milepad.amcash.replies import Reply


class Offer:
    """At most `units`, each `unit_cents` off for `unit_miles` Cash miles."""

    def __init__(self, units: int, unit_cents: int, unit_miles: int):
        self.units = units
        self.unit_cents = unit_cents
        self.unit_miles = unit_miles
        self.units_today: int | None = None  # what the collector may still redeem today

    def cents(self, units: int) -> int:
        """The discount of that many units, in cents."""
        return units * self.unit_cents

    def miles(self, units: int) -> int:
        """The Cash miles of that many units."""
        return units * self.unit_miles


def limits(reply: Reply, basket_cents: int) -> Offer | None:
    """The most that may be redeemed, or None when no redemption may be offered.

    The lowest of: the basket rounded down to a unit, availableOfferUnits,
    availableDollarAmount. A reply whose code forbids the prompt gives None.
    """
    unit_cents = reply.cents("unitValueDollars")
    unit_miles = reply.number("unitValueAMCash")
    available_units = reply.number("availableOfferUnits")
    available_cents = reply.cents("availableDollarAmount")
    if (
        not response_codes.lookup(reply.code).prompt_allowed
        or not unit_cents
        or not unit_miles
    ):
        return None
    if available_units is None or available_cents is None:
        return None
    units = min(basket_cents // unit_cents, available_units, available_cents // unit_cents)
    if units < 1:
        return None
    offer = Offer(units, unit_cents, unit_miles)
    offer.units_today = reply.number("dailyOfferLimit")
    return offer
