"""A shop's earning rules as a file holds them, and their check: every fault is named.

The same check runs on the desktop, before the file goes to a device, and there whenever an
earning starts: between two of them no rule takes heap. A shop without a file has the defaults,
the programme's usual 1 mile for 20 dollars before tax (FACTS 9.6).

    [base]       what every sale earns
    [incentive]  a factor of the base between two dates
    [[offer]]    up to 20 bonus offers
"""

import json

from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import ProfileError
from milepad.base.money import parse_dollars
from milepad.base.small_file import read_file
from milepad.base.text import digits_only
from milepad.profile import check, schema

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import Files

FILE = "offers.json"
_MAX_OFFERS = const(20)

# Kinds of offers, and for whom they are.
PER_ITEM = "per_item"
OF_BASE = "of_base"
OF_OFFER = "of_offer"
BOTH = "both"
_KINDS = (PER_ITEM, OF_BASE, OF_OFFER)
_TRADES = ("retail", "wholesale", BOTH)
_TAX_SETS = ("none", "hst", "gst", "gst_pst", "gst_qst")
_NO_DATE = ""
_MAX_MILES = const(99999)

# (section, key, kind, default, bounds, meaning), as in `profile.schema`
ROWS: tuple[tuple, ...] = (
    ("base", "dollars_per_mile", schema.DOLLARS, "20.00", (), "Dollars that earn a mile"),
    ("base", "times", schema.WHOLE, 0, (0, _MAX_MILES),
     "So many miles at most at that rate; 0: no limit"),
    # What the first rate leaves over below its limit earns nothing: more would else earn less.
    ("base", "then_dollars_per_mile", schema.DOLLARS, "20.00", (),
     "Dollars that earn a mile beyond the limit"),
    ("base", "then_times", schema.WHOLE, 0, (0, _MAX_MILES),
     "So many miles at most at the second rate; 0: no limit"),
    ("base", "tax", schema.CHOICE, "none", _TAX_SETS, "Taxes on which it is earned as well"),
    # How the peer rounds its divisions is not visible (FACTS 9.1): down gives nothing away.
    ("base", "rounding", schema.CHOICE, "down", ("down", "nearest"), "Of parts of a mile"),
    ("base", "max_miles", schema.WHOLE, 0, (0, _MAX_MILES),
     "The most that a transaction earns; 0: no limit"),
    # The peer says REWARD EXCEEDS LIMIT and awards nothing.
    ("base", "over_max", schema.CHOICE, "limit", ("limit", "nothing"),
     "What a transaction earns that would earn more"),
    ("base", "code", schema.ALPHANUMERIC, "STANDARD", (1, 16), "AIR MILES issues it"),
    ("base", "id", schema.ALPHANUMERIC, "", (0, 16), "AIR MILES issues it"),
    ("base", "description", schema.TEXT, "", (0, 80), "Sent with the miles"),
    ("incentive", "factor", schema.DOLLARS, "1.00", (), "Of the base; 1: none"),
    ("incentive", "begins", schema.DIGITS, _NO_DATE, (0, 8), "First day, YYYYMMDD"),
    ("incentive", "ends", schema.DIGITS, _NO_DATE, (0, 8), "Last day, YYYYMMDD"),
    ("incentive", "code", schema.ALPHANUMERIC, "", (0, 16), "None: sent with the base"),
    ("incentive", "id", schema.ALPHANUMERIC, "", (0, 16), "AIR MILES issues it"),
    ("incentive", "description", schema.TEXT, "", (0, 80), "Sent with the miles"),
    ("offer", "name", schema.TEXT, schema.REQUIRED, (1, 16), "As the cashier's screen has it"),
    ("offer", "code", schema.ALPHANUMERIC, schema.REQUIRED, (1, 16), "AIR MILES issues it"),
    ("offer", "id", schema.ALPHANUMERIC, "", (0, 16), "AIR MILES issues it"),
    ("offer", "description", schema.TEXT, "", (0, 80), "Sent with the miles"),
    ("offer", "kind", schema.CHOICE, PER_ITEM, _KINDS, "What it gives"),
    ("offer", "miles", schema.WHOLE, 0, (0, _MAX_MILES), "For each item, where per_item"),
    ("offer", "factor", schema.DOLLARS, "1.00", (), "Of the base, or of another offer"),
    ("offer", "of", schema.TEXT, "", (0, 16), "The other offer's name, where of_offer"),
    ("offer", "items", schema.LINES, [], (20, 40), "Article numbers that it is for, of a till"),
    ("offer", "automatic", schema.CHOICE, False, schema.BOOLEAN,
     "A factor holds without being chosen"),
    ("offer", "trade", schema.CHOICE, BOTH, _TRADES, "Whom it is for"),
    ("offer", "begins", schema.DIGITS, _NO_DATE, (0, 8), "First day, YYYYMMDD"),
    ("offer", "ends", schema.DIGITS, _NO_DATE, (0, 8), "Last day, YYYYMMDD"),
)  # fmt: skip


def load(files: "Files", name: str) -> "dict[str, Any]":
    """The checked rules of a device's flash; no name: the defaults. Raises ProfileError."""
    if not name:
        return checked({})
    try:
        return checked(json.loads(read_file(files, name).decode()))
    except (ValueError, RuntimeError):
        raise ProfileError(name + ": expected JSON")


def checked(document: object) -> "dict[str, Any]":
    """The rules with every optional key filled in. Raises ProfileError with the first fault."""
    filled, faults = examine(document)
    if faults:
        raise ProfileError("offers: " + faults[0])
    return filled


def examine(document: object) -> "tuple[dict[str, Any], list[str]]":
    """The rules as far as they are right, and a text for each key that is not.

    {"base": {...}, "incentive": {...}, "offer": [{...}]}; any of them may be left out.
    """
    if not isinstance(document, dict):
        return {}, ["expected [base], [incentive] and [[offer]]"]
    faults = [
        "[%s] is unknown; expected one of base, incentive, offer" % check.shown(name)
        for name in document
        if name not in ("base", "incentive", "offer")
    ]
    filled: "dict[str, Any]" = {}
    for name in ("base", "incentive"):
        filled[name] = check.fill(
            "[%s]" % name, _rows(name), document.get(name, {}), faults
        )
    filled["offer"] = _offers(document.get("offer", []), faults)
    if not faults:
        _examine_dates("[incentive]", filled["incentive"], faults)
        _examine_offers(filled["offer"], faults)
    return filled, faults


def _rows(section: str) -> list[tuple]:
    return [row for row in ROWS if row[0] == section]


def _offers(values: object, faults: list[str]) -> list[dict]:
    if not isinstance(values, list) or len(values) > _MAX_OFFERS:
        faults.append("[[offer]]: expected up to %d offers" % _MAX_OFFERS)
        return []
    rows = _rows("offer")
    return [check.fill(_title(at), rows, each, faults) for at, each in enumerate(values)]


def _title(at: int) -> str:
    return "[[offer]] %d" % (at + 1)


def _examine_dates(title: str, period: dict, faults: list[str]) -> None:
    for key in ("begins", "ends"):
        if not is_day(period[key]):
            faults.append("%s %s: expected a day such as 20260131, or none" % (title, key))
    if period["begins"] and _NO_DATE < period["ends"] < period["begins"]:
        faults.append("%s ends: expected no day before it begins" % title)


def _examine_offers(offers: list[dict], faults: list[str]) -> None:
    """What one key alone does not show: names, factors, and what they refer to."""
    names = [offer["name"] for offer in offers]
    for at, offer in enumerate(offers):
        title, kind = _title(at), offer["kind"]
        _examine_dates(title, offer, faults)
        if offer["name"] in names[:at]:
            faults.append("%s name: expected one that no other offer has" % title)
        if kind == PER_ITEM and not offer["miles"]:
            faults.append("%s miles: expected 1 or more for each item" % title)
        if kind != PER_ITEM and parse_dollars(offer["factor"]) <= 100:
            faults.append("%s factor: expected more than 1.00" % title)
        if kind == OF_OFFER and offer["of"] not in _named(offers):
            faults.append(
                "%s of: expected the name of an offer that is no of_offer" % title
            )


def _named(offers: list[dict]) -> list[str]:
    """The offers of which another one may be a factor; none of a factor, which could circle."""
    return [offer["name"] for offer in offers if offer["kind"] != OF_OFFER]


def is_day(text: str) -> bool:
    """Whether it is a day as YYYYMMDD, or none."""
    if not text:
        return True
    if len(text) != 8 or not digits_only(text):
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if not (2000 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    return clock.civil_from_days(clock.days_from_civil(year, month, day)) == (
        year,
        month,
        day,
    )
