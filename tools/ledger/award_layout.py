"""How a file of earnings from AIR MILES is laid out: told by a TOML file, as none is published.

Without one it is the log that `bill` writes. `layouts/batch_issuance.toml` describes the
neighbouring layout that is known in part (FACTS 5.3), and is the example to start from.
"""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tools.ledger.errors import LedgerToolError

Place = str | int | tuple[int, int]
_MAX_BYTES = 1 << 16


class Columns(BaseModel):
    """Where each value stands: a column's name or number from 1, or [first, length]."""

    model_config = ConfigDict(extra="forbid")

    trace_id: Place
    miles: Place
    collector: Place | None = None
    date: Place | None = None
    operation: Place | None = None


class AwardLayout(BaseModel):
    """One layout. Numbers of columns and characters count from 1."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["csv", "fixed"]
    columns: Columns
    encoding: str = "utf-8"
    separator: str = Field(default=",", min_length=1, max_length=1)
    header: bool = True
    details: str = ""  # only lines that begin so are earnings
    date: str = "%Y-%m-%d"
    miles: Literal["minus", "overpunch"] = "minus"
    taking_back: tuple[str, ...] = ()  # operations whose miles count as taken back

    @model_validator(mode="after")
    def _fits(self) -> AwardLayout:
        for name, place in self.columns:
            if place is not None and isinstance(place, tuple) != (self.kind == "fixed"):
                form = "[first, length]" if self.kind == "fixed" else "a name or a number"
                raise ValueError(f"columns.{name}: expected {form}")
            if isinstance(place, str) and not self.header:
                raise ValueError(f"columns.{name}: a name needs header = true")
            least = place if isinstance(place, tuple) else (place,)
            if any(isinstance(each, int) and each < 1 for each in least):
                raise ValueError(f"columns.{name}: counted from 1")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise ValueError(f"encoding: {self.encoding} is unknown") from None
        return self


OUR_LOG = AwardLayout(
    kind="csv",
    columns=Columns(
        trace_id="transaction_id",
        miles="miles",
        collector="collector",
        date="bought",
        operation="operation",
    ),
    date="%Y-%m-%dT%H:%M:%S%z",
)


def read(path: Path | None) -> AwardLayout:
    """The layout that a file describes; None: that of our log. Raises LedgerToolError."""
    if path is None:
        return OUR_LOG
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES)
        return AwardLayout.model_validate(tomllib.loads(raw.decode("utf-8")))
    except OSError as fault:
        raise LedgerToolError(f"{path}: {fault.strerror}") from None
    except ValidationError as fault:
        raise LedgerToolError(f"{path}: {_explained(fault)}") from None
    except ValueError as fault:  # no UTF-8, or no TOML
        raise LedgerToolError(f"{path}: no TOML ({fault})") from None


def _explained(fault: ValidationError) -> str:
    first = fault.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
    text = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {text}" if place else text
