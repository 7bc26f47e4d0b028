"""Dollars on the wire and on paper, integer cents everywhere else. No float, ever."""

from milepad.base.errors import FieldError

MAX_CENTS = 99999999  # $999,999.99: far above any till, far below 31 bits
_MAX_DOLLAR_DIGITS = 6


def digits_only(text: str) -> bool:
    """Whether `text` is one or more of the ASCII digits 0-9 and nothing else."""
    for c in text:
        if not "0" <= c <= "9":
            return False
    return len(text) > 0


def letters_or_digits(text: str) -> bool:
    """Whether `text` is one or more of A-Z, a-z and 0-9; upper() would turn "ß" into "SS"."""
    for c in text:
        if not ("0" <= c <= "9" or "A" <= c <= "Z" or "a" <= c <= "z"):
            return False
    return len(text) > 0


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
