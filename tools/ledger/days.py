"""Spans of the platform's time: its day, or any other for a resubmission.

The platform's day ends at 12:00 AM "EST". Whether that is UTC-5 all year or Eastern time with
its daylight saving is not said (FACTS 3.5), so it is a setting: an offset (-300 minutes is the
default) or a POSIX zone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from milepad.base.clock import Zone, civil, iso8601_at, unix_from_utc, unix_of_wall
from milepad.base.errors import MilepadError
from tools.ledger.errors import LedgerToolError

EST_OFFSET_MIN = -300
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)
_DAY_S = 86400


class Stamp(NamedTuple):
    """A moment on the platform's wall clock, as the file writes it."""

    date: str
    time: str
    offset: str


class PlatformClock:
    """The platform's wall clock: a fixed offset from UTC, or a zone with its own rules."""

    def __init__(self, offset_min: int = EST_OFFSET_MIN, zone: str | None = None) -> None:
        self._offset_s = offset_min * 60
        try:
            self._zone = None if zone is None else Zone(zone)
        except MilepadError as fault:
            raise LedgerToolError(f"--zone: {fault}") from None

    @property
    def changes(self) -> bool:
        """Whether its offset can differ from one moment to another."""
        return self._zone is not None

    def offset_s(self, unix_s: int) -> int:
        """Seconds to add to UTC at that moment."""
        return self._offset_s if self._zone is None else self._zone.offset_s(unix_s)

    def stamp(self, unix_s: int) -> Stamp:
        """How the file writes that moment."""
        text = iso8601_at(unix_s, self.offset_s(unix_s))
        plain = text.replace("-", "").replace(":", "")
        return Stamp(plain[:8], plain[9:15], text[19:])

    def unix_s(self, wall_s: int) -> int:
        """When the wall clock shows that; of an hour that comes twice, the first."""
        return unix_of_wall(wall_s, self)


class Span(NamedTuple):
    """From one moment to before another, in seconds since 1970."""

    from_s: int
    to_s: int

    def holds(self, unix_s: int) -> bool:
        """Whether the moment lies in the span."""
        return self.from_s <= unix_s < self.to_s


def _wall_s(text: str, option: str) -> int:
    found = _MOMENT.fullmatch(text)
    if found is not None:
        parts = [int(part or 0) for part in found.groups()]
        wall_s = unix_from_utc(*parts)
        # A 31st of June would come back as another day.
        if 0 <= wall_s < 1 << 32 and civil(wall_s) == tuple(parts):
            return wall_s
    raise LedgerToolError(
        f"{option} {text}: expected a date such as 2026-11-21"
        + ("" if option == "--day" else " or a moment such as 2026-11-21T18:30")
    )


def day(text: str, clock: PlatformClock) -> Span:
    """The platform's day of a date. LedgerToolError for anything but YYYY-MM-DD."""
    if "T" in text:
        raise LedgerToolError(f"--day {text}: expected a date such as 2026-11-21")
    wall_s = _wall_s(text, "--day")
    return Span(clock.unix_s(wall_s), clock.unix_s(wall_s + _DAY_S))


def between(first: str, last: str, clock: PlatformClock) -> Span:
    """From one moment to before another, both on the platform's clock."""
    span = Span(clock.unix_s(_wall_s(first, "--from")), clock.unix_s(_wall_s(last, "--to")))
    if span.from_s >= span.to_s:
        raise LedgerToolError(f"--to {last}: expected a moment after --from {first}")
    return span


def span_of(values: dict[str, str]) -> Span:
    """The span that a file's first header tells."""
    return Span(
        unix_s(values["from_date"], values["from_time"], values["from_offset"]),
        unix_s(values["to_date"], values["to_time"], values["to_offset"]),
    )


class FileClock:
    """Moments of a file's details, which carry no offset: its span's two ends do.

    Where the platform's clock agrees with both, it tells when the clocks changed between
    them. Else a moment is taken by the first offset, and by the second where that alone lies
    in the span.
    """

    def __init__(self, span: Span, offsets: tuple[str, str], clock: PlatformClock) -> None:
        self._span = span
        self._offsets = offsets
        ends = zip(offsets, (span.from_s, span.to_s), strict=True)
        agrees = all(clock.stamp(at_s).offset == offset for offset, at_s in ends)
        self._clock = clock if agrees and clock.changes else None

    def unix_s(self, date: str, time: str) -> int:
        """The moment of a detail, in seconds since 1970."""
        if self._clock is not None:
            return self._clock.unix_s(unix_s(date, time, "+0000"))
        first_s, second_s = (unix_s(date, time, offset) for offset in self._offsets)
        by_second = self._span.holds(second_s) and not self._span.holds(first_s)
        return second_s if by_second else first_s


@lru_cache(maxsize=1024)
def _midnight_s(date: str, offset: str) -> int:
    wall_s = unix_from_utc(int(date[:4]), int(date[4:6]), int(date[6:]), 0, 0, 0)
    sign = -1 if offset[0] == "-" else 1
    return wall_s - sign * (int(offset[1:3]) * 3600 + int(offset[3:]) * 60)


def unix_s(date: str, time: str, offset: str) -> int:
    """The moment of a stamp, in seconds since 1970."""
    seconds = int(time[:2]) * 3600 + int(time[2:4]) * 60 + int(time[4:])
    return _midnight_s(date, offset) + seconds
