"""Amounts between cents here and the decimals of the JSON there; no float on the way."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

_MOST_CENTS = 100_000_00
_WRITTEN = re.compile(r"\$?([0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9})")


class AmountError(Exception):
    """A text or a number is no amount of money; one line says why."""


def from_text(text: str) -> int:
    """Cents of what a person writes: 43.35, 43, .5 or $43.35."""
    if not _WRITTEN.fullmatch(text):
        raise AmountError("expected an amount such as 43.35")
    return cents(Decimal(text.removeprefix("$")))


def cents(value: object) -> int:
    """Cents of a number of the JSON. AmountError for any other, and for parts of a cent."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise AmountError("expected a number")
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number * 100 <= _MOST_CENTS:
        raise AmountError("expected an amount from 0 to 100000.00")
    if number * 100 % 1:
        raise AmountError("expected whole cents")
    return int(number * 100)


def amount(value_cents: int) -> Decimal:
    """What stands in the JSON for so many cents: two places, always."""
    return Decimal(value_cents).scaleb(-2)


def dollars(value_cents: int) -> str:
    """For people: $43.35."""
    return f"${amount(value_cents)}"


def loads(text: str) -> Any:
    """JSON, its numbers exact. ValueError for any other text."""
    try:
        return json.loads(text, parse_float=Decimal)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def dumps(value: Any) -> str:
    """JSON of what `loads` gives; a Decimal stands as its digits."""
    if isinstance(value, dict):
        members = (f"{json.dumps(name)}:{dumps(each)}" for name, each in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(dumps, value)) + "]"
    return (
        str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
    )
