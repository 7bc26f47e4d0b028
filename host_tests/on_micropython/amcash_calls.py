"""Replies, codes and offers with plain arguments, so that both Pythons can be asked."""

from milepad.amcash import moved, offer, replies, response_codes

TEXTS = ("message", "offerDescEn", "offerDescFr", "offerType")
NUMBERS = (
    "availableCashBalance",
    "availableOfferUnits",
    "cashBalance",
    "dailyOfferLimit",
    "dreamBalance",
    "milesRedeemed",
    "milesReversed",
    "unitsRedeemed",
    "unitsReversed",
    "unitValueAMCash",
)
AMOUNTS = ("availableDollarAmount", "unitValueDollars")


def members(body: bytes) -> dict:
    """All that the firmware reads from a reply."""
    reply = replies.parse(body)
    found = {"code": reply.code, "confirmation": reply.confirmation_number()}
    for name in TEXTS:
        found[name] = reply.text(name)
    for name in NUMBERS:
        found[name] = reply.number(name)
    for name in AMOUNTS:
        found[name] = reply.cents(name)
    return found


def lengths(body: bytes) -> list:
    """How long each text is: for texts that cannot be written down."""
    reply = replies.parse(body)
    return [len(reply.text(name)) for name in TEXTS]


def row(code: str) -> dict:
    """What the table of response codes says about a code."""
    found = response_codes.lookup(code)
    names = ["http_status", "approved", "prompt_allowed", "balances_allowed", "retry"]
    names += ["inquiry_ok", "excludes_commit"]
    values = {name: getattr(found, name) for name in names}
    values["code"] = found.code
    values["message"] = found.message_key
    values["advice"] = found.advice_key
    return values


def counted(body: bytes, op: str, cents, units, miles) -> tuple:
    """(cents, units, miles, mismatch) that an approval counts as, of what was asked."""
    found = moved.moved(replies.parse(body), op, moved.Asked(cents, units, miles))
    return found.cents, found.units, found.miles, found.mismatch


def most(body: bytes, basket_cents: int):
    """(units, cents, miles) of the most that may be redeemed, or None."""
    found = offer.limits(replies.parse(body), basket_cents)
    if found is None:
        return None
    return found.units, found.cents(found.units), found.miles(found.units)
