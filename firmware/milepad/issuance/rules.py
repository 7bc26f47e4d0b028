"""What a sale earns where the partner computes it: whole miles from whole cents, no float.

Source: FACTS 9.1, "Maths" and "Bonus offers", of the peer's terminal. In this order: the base,
by one rate up to its limit and another beyond it; the incentive, a factor of the base between
two dates; bonus offers; the most that a transaction may earn. Two things are not visible there
and decided here. A factor of 2 makes the double of what it is a factor of, so it adds that
once; and what the first rate leaves over below its limit is not earned on at the second, or a
smaller basket could earn more than a larger one.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.money import parse_dollars
from milepad.issuance.offers import BOTH, OF_BASE, PER_ITEM
from milepad.issuance.requests import Issuance

if TYPE_CHECKING:
    from typing import Any

    from milepad.issuance.basket import Basket
    from milepad.issuance.protocols import Rules

_ONE = 100  # factors have two decimals


class Award:
    """Miles of a sale: `total` is `base`, `incentive` and `bonus`, or less at the limit.

    `issuances`: one for each reason that is left, together `total`. `is_limited`: the rules
    would have given more; `total` may be 0 then, as with a basket that earns nothing.
    """

    def __init__(self, base: int):
        self.base = base
        self.incentive = 0
        self.bonus = 0
        self.total = base
        self.is_limited = False
        self.issuances: list[Issuance] = []


def award(
    rules: "Rules",
    basket: "Basket",
    chosen: "dict[str, int]",
    today: str,
    trade: str = BOTH,
) -> Award:
    """What a basket earns. `rules` are checked, see `offers`; `today` is the store's YYYYMMDD.

    `chosen` is {offer's name: items}; of an offer that is a factor, 1 chooses it. `trade` is
    "retail" or "wholesale", or "both": then offers for one of them hold, too.
    """
    settings = rules["base"]
    found = Award(_base(settings, _earning_cents(settings, basket)))
    factor = parse_dollars(rules["incentive"]["factor"])
    has_incentive = factor > _ONE and _is_on(rules["incentive"], today)
    if has_incentive:
        found.incentive = _part(settings, found.base * (factor - _ONE), _ONE)
    bonuses = _bonuses(rules, basket, chosen, today, trade, found.base, has_incentive)
    found.bonus = sum([miles for _, miles in bonuses])
    found.total = found.base + found.incentive + found.bonus
    _limit(settings, found)
    found.issuances = _issuances(rules, found, bonuses, basket)
    return found


def offers_on(rules: "Rules", today: str, trade: str = BOTH) -> "list[dict[str, Any]]":
    """The offers that hold today for that trade, in the file's order."""
    return [
        offer
        for offer in rules["offer"]
        if _is_on(offer, today) and (trade == BOTH or offer["trade"] in (trade, BOTH))
    ]


def _earning_cents(settings: "Rules", basket: "Basket") -> int:
    """What is earned on: the total before tax, and the taxes that the rules name."""
    cents = basket.pre_tax_cents
    if settings["tax"] != "none":
        for name in settings["tax"].split("_"):
            cents += getattr(basket, name + "_cents")
    return cents


def _base(settings: "Rules", cents: int) -> int:
    rate_cents = parse_dollars(settings["dollars_per_mile"])
    times = settings["times"]
    miles = _part(settings, cents, rate_cents)
    if not times or cents <= times * rate_cents:
        return miles
    then_cents = parse_dollars(settings["then_dollars_per_mile"])
    beyond = _part(settings, cents - times * rate_cents, then_cents)
    return times + min(beyond, settings["then_times"] or beyond)


def _part(settings: "Rules", whole: int, divisor: int) -> int:
    """A division by the rules' rounding: down, or to the nearest and a half up."""
    if settings["rounding"] == "nearest":
        return (2 * whole + divisor) // (2 * divisor)
    return whole // divisor


def _is_on(period: "Rules", today: str) -> bool:
    """Whether it holds today; a period without a first or a last day is open there."""
    return period["begins"] <= today and (not period["ends"] or today <= period["ends"])


def _bonuses(
    rules: "Rules",
    basket: "Basket",
    chosen: "dict[str, int]",
    today: str,
    trade: str,
    base: int,
    has_incentive: bool,
) -> "list[tuple[Rules, int]]":
    """(offer, miles) of those that give some. A factor of the base holds without incentive."""
    found: "list[tuple[Rules, int]]" = []
    factors = []
    by_name: "dict[str, int]" = {}
    for offer in offers_on(rules, today, trade):
        name, kind = offer["name"], offer["kind"]
        count = max(0, chosen.get(name, 0)) + _items(offer, basket)
        is_chosen = count > 0 or offer["automatic"]
        if kind == PER_ITEM:
            by_name[name] = count * offer["miles"]
        elif kind == OF_BASE and is_chosen and not has_incentive:
            by_name[name] = _more(rules, offer, base)
        elif kind != OF_BASE and is_chosen:
            factors.append(offer)
            continue
        found.append((offer, by_name.get(name, 0)))
    for offer in factors:
        found.append((offer, _more(rules, offer, by_name.get(offer["of"], 0))))
    return [each for each in found if each[1]]


def _more(rules: "Rules", offer: "Rules", miles: int) -> int:
    """What a factor adds to what it is a factor of."""
    return _part(rules["base"], miles * (parse_dollars(offer["factor"]) - _ONE), _ONE)


def _items(offer: "Rules", basket: "Basket") -> int:
    """How many pieces of the till's lines an offer is for."""
    return sum([line.quantity for line in basket.lines if line.item_id in offer["items"]])


def _limit(settings: "Rules", found: Award) -> None:
    most = settings["max_miles"]
    if most and found.total > most:
        found.is_limited = True
        found.total = most if settings["over_max"] == "limit" else 0


def _issuances(
    rules: "Rules", found: Award, bonuses: "list[tuple[Rules, int]]", basket: "Basket"
) -> list[Issuance]:
    """The miles by reason, until the total is spent. An incentive without a code of its own
    goes along with the base.
    """
    base, incentive = rules["base"], rules["incentive"]
    all_items = [line.item_id for line in basket.lines]
    parts = [(base, found.base, all_items), (incentive, found.incentive, all_items)]
    if not incentive["code"]:
        parts = [(base, found.base + found.incentive, all_items)]
    for offer, miles in bonuses:
        items = [each for each in all_items if each in offer["items"]]
        parts.append((offer, miles, items or all_items))
    left, made = found.total, []
    for reason, miles, items in parts:
        given = min(miles, left)
        left -= given
        if given:
            text = reason["description"] or reason.get("name", "")
            made.append(Issuance(given, reason["code"], reason["id"], text, items))
    return made
