"""JSON values as this family wants them: dollars exact to the cent, miles whole.

A string that holds a number is none, and neither is `true`. What is wrong is said by the
form that was expected, never with the value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic import WithJsonSchema as Described
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from tools.emulator.parameters import FORM

_MAX = 999_999_999
_DOLLARS = "a JSON number of dollars as 28.22"
_COUNT = "a whole JSON number, 0 or more"
_OFFER_ID = "a whole JSON number, or 1 to 40 letters and digits"


def wrong(form: str) -> PydanticCustomError:
    """The error of a value that does not have this form."""
    return PydanticCustomError("x-form", "{form}", {"form": form})


def to_cents(value: object) -> int:
    """A JSON number of dollars to cents; at most two decimals, and no exponent."""
    if type(value) is int:
        value = Decimal(value) if 0 <= value <= _MAX else Decimal("NaN")
    if not isinstance(value, Decimal) or not value.is_finite() or value.is_signed():
        raise wrong(_DOLLARS)
    if value.as_tuple().exponent not in (-2, -1, 0) or value * 100 > _MAX:
        raise wrong(_DOLLARS)
    return int(value * 100)


def to_count(value: object) -> int:
    """A whole JSON number that is not negative; `5.0` is none."""
    if type(value) is not int or not 0 <= value <= _MAX:
        raise wrong(_COUNT)
    return value


def to_offer_id(value: object) -> int | str:
    """The samples have a string on one page and a number on another."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value):
        return value
    if type(value) is int and 0 <= value <= _MAX:
        return value
    raise wrong(_OFFER_ID)


def dollars(cents: int) -> str:
    """Cents as the listing of what was committed shows them."""
    return f"{cents // 100}.{cents % 100:02d}"


@dataclass(frozen=True, slots=True)
class Text:
    """Beside `str`: it matches in full, and `form` says so to whoever got it wrong."""

    pattern: str
    form: str

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) | {"pattern": f"^(?:{self.pattern})$", FORM: self.form}

    def _check(self, text: str) -> str:
        if re.fullmatch(self.pattern, text) is None:
            raise wrong(self.form)
        return text


Cents = Annotated[
    int,
    BeforeValidator(to_cents),
    Described({"type": "number", "minimum": 0, "multipleOf": 0.01, FORM: _DOLLARS}),
]
Count = Annotated[
    int,
    BeforeValidator(to_count),
    Described({"type": "integer", "minimum": 0, FORM: _COUNT}),
]
OfferId = Annotated[
    int | str,
    BeforeValidator(to_offer_id),
    Described({"type": ["integer", "string"], FORM: _OFFER_ID}),
]
