"""The request fields: which operation takes which, and what each must look like.

The library publishes names, samples and a few words, but no types, lengths or patterns
beyond "alpha-numeric" and "number". The patterns here accept every sample and refuse what
cannot be meant; a caller learns the field's name, never its value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class BadParameterError(Exception):
    """A request that 0035 answers: `field` is at fault, `expected` what it should be."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}")
        self.field = field
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Field:
    """What a field's string must match in full, and how to say so."""

    pattern: str
    expected: str
    example: str


_NUMBER = Field(r"[0-9]{1,15}", "1 to 15 digits", "100000")
_CODE = Field(r"[A-Za-z0-9]{1,20}", "1 to 20 letters and digits", "LOY1")
_MONEY = Field(r"[0-9]{1,7}(\.[0-9]{2})?", "dollars as 16.12", "16.12")

FIELDS: dict[str, Field] = {
    "acquirerId": _NUMBER,
    "cardEntryMode": Field(
        r"SWIPE|SCAN|PREREGISTERED|MANUAL", "SWIPE, SCAN, PREREGISTERED or MANUAL", "SWIPE"
    ),
    "collectorNumber": Field(r"[0-9]{1,19}", "digits", "84095202006"),
    "dateTime": Field(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})",
        "ISO 8601 with an offset",
        "1972-07-16T13:32:00+0400",
    ),
    "deviceId": Field(r"[A-Za-z0-9_-]{1,16}", "1 to 16 letters and digits", "001"),
    "dollarRedeemRequest": _MONEY,
    "instantMessage": Field(r"en-CA|fr-CA", "en-CA or fr-CA", "en-CA"),
    "originalPostTaxBasketAmount": _MONEY,
    "originalPreTaxAmount": _MONEY,
    "postTaxBasketAmount": _MONEY,
    "redemptionConfirmationNum": Field(r"[0-9]{1,20}", "digits", "10000000000"),
    "sponsorCode": _CODE,
    "storeId": Field(_CODE.pattern, _CODE.expected, "0001"),
    "traceId": Field(r"[0-9]{1,12}", "1 to 12 digits", "000012345678"),
    "vendorId": Field(_NUMBER.pattern, _NUMBER.expected, "100087"),
}

_DEVICE = ("deviceId", "sponsorCode", "storeId", "traceId", "vendorId")
_CARD = ("acquirerId", "cardEntryMode", "collectorNumber", "dateTime", *_DEVICE)

MANDATORY: dict[str, tuple[str, ...]] = {
    "echo": _DEVICE,
    "inquire": (*_CARD, "postTaxBasketAmount"),
    "redeem": (*_CARD, "postTaxBasketAmount", "dollarRedeemRequest"),
    "reverse": (*_CARD, "redemptionConfirmationNum"),
}
OPTIONAL: dict[str, tuple[str, ...]] = {
    "echo": (),
    "inquire": ("instantMessage",),
    "redeem": ("instantMessage", "originalPostTaxBasketAmount", "originalPreTaxAmount"),
    "reverse": (),
}


def parse_request(op: str, raw: bytes, ignore_unknown: bool = False) -> dict[str, str]:
    """The body of a request to `op` as checked fields. Raises BadParameterError."""
    members = _object(raw)
    known = MANDATORY[op] + OPTIONAL[op]
    for name in MANDATORY[op]:
        if name not in members:
            raise BadParameterError(name, "it to be there")
    for name in members:
        if name not in known and not ignore_unknown:
            raise BadParameterError(_shown(name), f"only fields that {op} takes")
    return {name: _checked(name, members[name]) for name in known if name in members}


def cents(text: str) -> int:
    """Checked dollars to cents."""
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction or "0")


def _object(raw: bytes) -> dict[str, object]:
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        raise BadParameterError("body", "JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise BadParameterError("body", "a JSON object")
    return value


def _pairs(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadParameterError("body", "each field once")
    return members


def _checked(name: str, value: object) -> str:
    field = FIELDS[name]
    if not isinstance(value, str):
        raise BadParameterError(name, "a JSON string")
    if not re.fullmatch(field.pattern, value):
        raise BadParameterError(name, field.expected)
    if name == "dateTime" and not _in_the_calendar(value):
        raise BadParameterError(name, field.expected)
    return value


def _in_the_calendar(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shown(name: str) -> str:
    """A stranger's field name, safe to repeat."""
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) else "body"
