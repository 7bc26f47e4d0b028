"""A request's body as checked members: JSON read strictly, then held against a model.

What is wrong is told by the name of one field, never by its value, whatever else is wrong:
first a field that is missing, then one that nobody knows, then a value, each in the order
of the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

FORM = "x-form"  # the member of a field's schema that says what its text must look like
_RANK = {"missing": 0, "extra_forbidden": 1}
_KINDS = {"list_type": "a JSON array", "dict_type": "a JSON object"}
_KINDS["model_type"] = _KINDS["dict_type"]


class BadParameterError(Exception):
    """A request that is refused: `field` is at fault, `expected` what it should be."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}")
        self.field = field
        self.expected = expected


def checked(
    model: type[BaseModel], raw: bytes, op: str, ignore_unknown: bool = False
) -> dict[str, Any]:
    """The members of a request to `op` that the model knows. Raises BadParameterError."""
    members = _object(raw)
    try:
        request = model.model_validate(
            members, strict=True, extra="ignore" if ignore_unknown else "forbid"
        )
    except ValidationError as error:
        raise _worst(model, error, op) from None
    return request.model_dump(exclude_unset=True)


def _object(raw: bytes) -> dict[str, object]:
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_float=Decimal,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError):
        raise BadParameterError("body", "JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise BadParameterError("body", "a JSON object")
    return value


def _no_number(text: str) -> None:
    raise ValueError(text)  # NaN and Infinity, which JSON does not have


def _pairs(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadParameterError("body", "each field once")
    # Half a surrogate pair, which JSON can spell, is no name that pydantic takes.
    return {name.encode("utf-8", "replace").decode(): members[name] for name in members}


def _worst(model: type[BaseModel], error: ValidationError, op: str) -> BadParameterError:
    found = min(error.errors(), key=lambda each: _RANK.get(each["type"], 2))
    name = _shown(found["loc"])
    if found["type"] == "missing":
        return BadParameterError(name, "it to be there")
    if found["type"] == "extra_forbidden":
        return BadParameterError(name, f"only fields that {op} takes")
    if found["type"] == FORM:
        return BadParameterError(name, found["msg"])
    if not isinstance(found["input"], str) or found["type"] in _KINDS:
        return BadParameterError(name, _KINDS.get(found["type"], "a JSON string"))
    schema = model.model_fields[name].json_schema_extra
    return BadParameterError(
        name, str(dict(schema)[FORM] if isinstance(schema, dict) else "")
    )


def _shown(place: tuple[int | str, ...]) -> str:
    """Where a field is, as `items[0].name`, safe to repeat though a stranger named it."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", part):
            text += f".{part}" if text else part
        else:
            break
    return text or "body"
