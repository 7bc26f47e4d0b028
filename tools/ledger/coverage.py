"""Which days are meant, in words: those of files' spans, those that entries lie on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tools.ledger.days import PlatformClock, Span

_MOST = 12  # stretches of days in one text


def days_of(span: Span, clock: PlatformClock) -> str:
    """The days that a span covers, or its two moments where these are no midnights."""
    first, last = clock.stamp(span.from_s), clock.stamp(span.to_s)
    if first.time == last.time == "000000":
        return _stretch(_date(first.date), _date(last.date) - timedelta(days=1))
    return " to ".join(when(each.date, each.time) for each in (first, last))


def when(day: str, time: str) -> str:
    """A moment as a person writes it: "20261121" and "120001" are "2026-11-21 12:00:01".

    "" stands for a time or a day that is not known.
    """
    told = f"{_date(day)}" if day else ""
    return f"{told} {time[:2]}:{time[2:4]}:{time[4:]}" if time else told


def stretches(dates: Sequence[str]) -> str:
    """Days YYYYMMDD, in order, with those that follow each other drawn together."""
    found: list[list[date]] = []
    for day in map(_date, dates):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1][1] = day
        else:
            found.append([day, day])
    texts = [_stretch(*each) for each in found[-_MOST:]]
    return ", ".join(["..."] * (len(found) > _MOST) + texts)


def overlap(spans: Iterable[Span], with_: Span) -> bool:
    """Whether any of the spans has a moment of another one."""
    return any(span.from_s < with_.to_s and with_.from_s < span.to_s for span in spans)


def _stretch(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
