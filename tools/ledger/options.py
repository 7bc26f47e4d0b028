"""What may be said on the command line, besides which ledgers are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from cyclopts import Group, Parameter
from cyclopts.validators import mutually_exclusive

from tools.ledger import days, layout, periods, report
from tools.ledger.errors import LedgerToolError

_FORM = Group("Form", validator=mutually_exclusive)
_CLOCK = Group("The platform's clock", validator=mutually_exclusive)


def _is_offset(_: object, minutes: int) -> None:
    if not -900 <= minutes <= 900:
        raise ValueError("expected minutes from UTC, such as -300")


class Unit(NamedTuple):
    """What miles are worth: so many miles are so many cents."""

    miles: int
    cents: int


UNIT = Unit(layout.UNIT_MILES, layout.UNIT_CENTS)
_UNIT = re.compile(r"([1-9]\d{0,5})=([1-9]\d{0,5})", re.ASCII)


def unit_from(text: str) -> Unit:
    """ "95=10" is 95 miles for ten dollars. LedgerToolError for anything else."""
    found = _UNIT.fullmatch(text)
    if found is None:
        raise LedgerToolError(f"--unit {text}: expected miles and dollars, such as 95=10")
    return Unit(int(found[1]), int(found[2]) * 100)


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a report is printed: as a table, unless told otherwise."""

    csv: Annotated[bool, Parameter(help="comma-separated lines", group=_FORM)] = False
    json: Annotated[bool, Parameter(help="one JSON object a line", group=_FORM)] = False

    @property
    def form(self) -> report.Form:
        """csv, json or table."""
        return "csv" if self.csv else "json" if self.json else "table"


@dataclass(frozen=True, kw_only=True)
class Platform:
    """The platform's day, and who a device is to it."""

    offset: Annotated[
        int,
        Parameter(
            help="minutes from UTC; -300: EST all year", group=_CLOCK, validator=_is_offset
        ),
    ] = days.EST_OFFSET_MIN
    zone: Annotated[
        str | None,
        Parameter(
            help="or a POSIX zone with daylight saving: EST5EDT,M3.2.0,M11.1.0",
            group=_CLOCK,
        ),
    ] = None
    terminal_id: Annotated[
        str | None,
        Parameter(
            help=f"the Card Terminal ID; default {layout.TERMINAL_ID}, "
            "from the device's profile"
        ),
    ] = None
    work_dir: Annotated[
        Path | None,
        Parameter(
            help="for the temporary database, 200 bytes a detail of either side; "
            "default: $TMPDIR"
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Show(Form):
    """Of `show`."""

    unresolved: Annotated[
        bool, Parameter(help="only entries whose outcome is not known")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Pull:
    """Of `pull`."""

    output: Annotated[
        Path, Parameter(name=["--output", "-o"], help="gets a folder for each device")
    ]
    mark_exported: Annotated[
        bool, Parameter(help="then let the device forget these entries when it needs room")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Reconcile(Platform):
    """Of `reconcile`."""

    day: Annotated[str | None, Parameter(help="the platform's day: 2026-11-21")] = None
    since: Annotated[
        str | None,
        Parameter(
            name="--from",
            help="instead of --day, on the platform's clock: 2026-11-20T18:00",
        ),
    ] = None
    until: Annotated[
        str | None, Parameter(name="--to", help="up to before this moment")
    ] = None
    sponsor: Annotated[
        str | None, Parameter(help="sponsor code; default: from the device's profile")
    ] = None
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="the file to write")]
    force: Annotated[bool, Parameter(help="write over an existing file")] = False


@dataclass(frozen=True, kw_only=True)
class Earnings(Form):
    """Of `earnings`."""

    waiting: Annotated[bool, Parameter(help="only those that their devices still hold")] = (
        False
    )


@dataclass(frozen=True, kw_only=True)
class Bill(Platform):
    """Of `bill`."""

    day: Annotated[
        str | None, Parameter(help="the first day of the period: 2026-11-01")
    ] = None
    period: Annotated[
        periods.Period, Parameter(help="how long it is: daily, weekly, bi-weekly, monthly")
    ] = "daily"
    since: Annotated[
        str | None,
        Parameter(name="--from", help="instead of --day, on the platform's clock"),
    ] = None
    until: Annotated[
        str | None, Parameter(name="--to", help="up to before this moment")
    ] = None
    by: Annotated[
        Literal["accepted", "bought"],
        Parameter(help="what decides where an entry belongs: AIR MILES' yes, or the sale"),
    ] = "accepted"
    all: Annotated[
        bool, Parameter(help="also what AIR MILES computes, and bills by itself")
    ] = False
    json: Annotated[bool, Parameter(help="JSON instead of CSV")] = False
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="the file to write")]
    force: Annotated[bool, Parameter(help="write over an existing file")] = False


@dataclass(frozen=True, kw_only=True)
class Match(Form, Platform):
    """Of `match`."""

    theirs: Annotated[
        list[Path] | None,
        Parameter(consume_multiple=True, help="their files; then every PATH is ours"),
    ] = None
    without_trailers: Annotated[
        bool,
        Parameter(help="read files that end without trailers: their counts go unchecked"),
    ] = False
    unit: Annotated[
        str, Parameter(help="what miles of a file are in dollars: miles=dollars")
    ] = f"{UNIT.miles}={UNIT.cents // 100}"
    earnings: Annotated[
        bool, Parameter(help="what was earned instead, with a file about that")
    ] = False
    layout: Annotated[
        Path | None,
        Parameter(help="TOML: how that file is laid out; default: as the log of bill"),
    ] = None
    day: Annotated[
        str | None, Parameter(help="with --earnings: the first day that it covers")
    ] = None
    period: Annotated[periods.Period, Parameter(help="with --day: how long it covers")] = (
        "daily"
    )
    differences: Annotated[
        bool, Parameter(help="leave out what matched and what is settled")
    ] = False
