"""Dollars on the wire, on screens and on paper; integer cents everywhere else. No float, ever."""

from milepad.base.errors import FieldError
from milepad.base.text import digits_only
from milepad.base.vocabulary import FRENCH

MAX_CENTS = 99999999  # $999,999.99: far above any till, far below 31 bits
_MAX_DOLLAR_DIGITS = 6
PERCENT = 1000  # a rate of tax is in thousandths of a percent: Quebec's has three decimals


def parse_dollars(text: str, field: str = "amount") -> int:
    """Cents of a decimal amount such as "43.35", "10" or "10.0".

    Raises FieldError for anything else: signs, spaces, exponents, more than two decimals,
    more than `MAX_CENTS`.
    """
    whole, point, decimals = text.partition(".")
    good = digits_only(whole) and len(whole) <= _MAX_DOLLAR_DIGITS
    if point:
        good = good and digits_only(decimals) and len(decimals) <= 2
    if not good:
        raise FieldError(field, "dollars such as 43.35")
    return int(whole) * 100 + int((decimals + "00")[:2])


def format_dollars(cents: int) -> str:
    """The amount as the wire wants it: 4335 is "43.35".

    Raises FieldError below zero and above `MAX_CENTS`.
    """
    if not 0 <= cents <= MAX_CENTS:
        raise FieldError("amount", "0 to %d cents" % MAX_CENTS)
    return "%d.%02d" % (cents // 100, cents % 100)


def parse_percent(text: object, field: str = "percent") -> int:
    """A rate below 100 % such as "13" or "9.975", in thousandths of a percent.

    Raises FieldError for anything else, more than three decimals included.
    """
    if isinstance(text, str):
        whole, point, decimals = text.partition(".")
        good = digits_only(whole) and len(whole) <= 2
        if good and (not point or (digits_only(decimals) and len(decimals) <= 3)):
            return int(whole) * PERCENT + int((decimals + "000")[:3])
    raise FieldError(field, "a percentage such as 9.975")


def group_thousands(value: int, language: str) -> str:
    """A whole number with its thousands apart: "7,125", in French "7 125" (no-break)."""
    text = str(abs(value))
    grouped = text[-3:]
    while len(text) > 3:
        text = text[:-3]
        grouped = text[-3:] + ("\u00a0" if language == FRENCH else ",") + grouped
    return "-" + grouped if value < 0 else grouped


def display_dollars(cents: int, language: str, on_paper: bool = False) -> str:
    """An amount as the language writes it: $40.00 or 40,00 $; below zero -$40.00, -40,00 $.

    `on_paper`: thousands stand apart, and no space may be broken at the end of a line. A row
    of the screen has neither the room for the one nor a need for the other.
    """
    sign = "-" if cents < 0 else ""
    whole, part = abs(cents) // 100, abs(cents) % 100
    dollars = group_thousands(whole, language) if on_paper else str(whole)
    if language != FRENCH:
        return "%s$%s.%02d" % (sign, dollars, part)
    return "%s%s,%02d%s$" % (sign, dollars, part, "\u00a0" if on_paper else " ")
