"""What a reply says was redeemed or reversed, counted as at most what was asked.

Source: REDEEM and REVERSE, response parameters (unitsRedeemed, milesRedeemed, unitsReversed,
milesReversed, unitValueDollars, unitValueAMCash). No reply can enlarge what was asked; fewer
is taken as it is; what a reply leaves out is what was asked.
"""

from milepad.amcash.replies import Reply
from milepad.base.money import MAX_CENTS
from milepad.base.vocabulary import REDEEM


class Asked:
    """What a call asks for; None where the device does not know it.

    Of a reversal that is what the ledger says was redeemed.
    """

    def __init__(
        self, cents: int | None, units: int | None = None, miles: int | None = None
    ):
        self.cents = cents
        self.units = units
        self.miles = miles


class Moved:
    """What counts. None: neither asked for nor said. `mismatch`: the reply says otherwise."""

    def __init__(self, cents: int | None, units: int | None, miles: int | None):
        self.cents = cents
        self.units = units
        self.miles = miles
        self.mismatch = False


def _product(count: int | None, of_one: int | None) -> int | None:
    return None if count is None or of_one is None else count * of_one


def _quotient(total: int | None, count: int | None) -> int | None:
    return total // count if total is not None and count else None


def _known(value: int | None, other: int | None) -> int | None:
    return other if value is None else value


def _at_most(said: int | None, limit: int | None) -> int | None:
    """What the reply says, up to the limit; the limit where it says nothing."""
    if limit is None:
        return said if said is not None and said <= MAX_CENTS else None
    return limit if said is None else min(said, limit)


def _differs(said: int | None, limit: int | None) -> bool:
    return said is not None and (said > MAX_CENTS if limit is None else said != limit)


def _unit(reply: Reply, asked: Asked) -> tuple[int | None, int | None]:
    """(cents, miles) of a unit: the reply's own, or else the one that was asked by."""
    cents = _known(reply.cents("unitValueDollars"), _quotient(asked.cents, asked.units))
    miles = _known(reply.number("unitValueAMCash"), _quotient(asked.miles, asked.units))
    return cents, miles


def moved(reply: Reply, op: str, asked: Asked) -> Moved:
    """What an approval of `op`, REDEEM or REVERSE, has moved."""
    past = "Redeemed" if op == REDEEM else "Reversed"
    said_units, said_miles = reply.number("units" + past), reply.number("miles" + past)
    unit_cents, unit_miles = _unit(reply, asked)
    units = _known(said_units, _quotient(said_miles, unit_miles))
    cents = _product(units, unit_cents)
    miles = _known(said_miles, _product(units, unit_miles))
    max_units = _known(asked.units, _quotient(asked.cents, unit_cents))
    max_miles = _known(asked.miles, _product(max_units, unit_miles))

    found = Moved(_at_most(cents, asked.cents), _at_most(units, max_units), None)
    if max_miles is not None and asked.cents and found.cents is not None:
        max_miles = max_miles * found.cents // asked.cents  # fewer dollars, fewer miles
    found.miles = _at_most(miles, max_miles)
    found.mismatch = (
        _differs(cents, asked.cents)
        or _differs(units, max_units)
        or _differs(miles, max_miles)
        or (said_units is None and reply.has("units" + past))  # there, and no number
        or (said_miles is None and reply.has("miles" + past))
    )
    return found
