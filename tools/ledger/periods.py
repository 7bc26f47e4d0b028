"""The spans of a billing log: a day, a week, two weeks or a month, from a day that is told.

On which day a partner's week or month begins is agreed on with AIR MILES and published
nowhere, so the first day is always named.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from tools.ledger import days
from tools.ledger.days import PlatformClock, Span
from tools.ledger.errors import LedgerToolError

Period = Literal["daily", "weekly", "bi-weekly", "monthly"]
_DAYS: dict[Period, int] = {"daily": 1, "weekly": 7, "bi-weekly": 14}
_LAST_START = 28  # of a month: the day that every month has


def span_of(period: Period, first: str, clock: PlatformClock) -> Span:
    """The span that begins with that day, YYYY-MM-DD. Raises LedgerToolError."""
    days.day(first, clock)  # says what is wrong with a date
    begin = date.fromisoformat(first)
    if period != "monthly":
        end = begin + timedelta(days=_DAYS[period])
    elif begin.day > _LAST_START:
        raise LedgerToolError(
            f"--day {first}: a month of a log begins on a day from 1 to {_LAST_START}"
        )
    else:
        months = begin.year * 12 + begin.month  # of the next one, counted from 0
        end = begin.replace(year=months // 12, month=months % 12 + 1)
    return days.between(f"{begin}", f"{end}", clock)
