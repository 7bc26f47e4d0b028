"""Store time: a POSIX TZ string becomes offsets, seconds become ISO 8601 text.

Seconds always count from 1970-01-01T00:00:00Z. Only the `Mm.w.d` form of daylight rules
is read, which every zone in use today can be written in. This module knows no clock: the
time is passed in.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import ProfileError
from milepad.base.text import digits_only, letters_or_digits

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import OffsetSource

_DAY_S = 86400
_EXPECTED = "zone: expected a POSIX zone"


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date of the Gregorian calendar (either way)."""
    # The year is counted from March, so that the leap day is its last day.
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146097 + day_of_era - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """(year, month, day) of a number of days since 1970-01-01."""
    days += 719468
    era = days // 146097
    day_of_era = days - era * 146097
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    return year_of_era + era * 400 + (month <= 2), month, day


def unix_from_utc(
    year: int, month: int, day: int, hour: int, minute: int, second: int
) -> int:
    """Seconds since 1970 of a date and time in UTC."""
    return days_from_civil(year, month, day) * _DAY_S + hour * 3600 + minute * 60 + second


def _rule_local_s(rule: tuple[int, int, int, int], year: int) -> int:
    """When the rule strikes in `year`, in seconds of the wall clock before the change."""
    month, week, weekday, time_s = rule
    first = days_from_civil(year, month, 1)
    day = first + (weekday - (first + 4)) % 7 + (week - 1) * 7  # 1970-01-01 was a Thursday
    after = days_from_civil(year + month // 12, month % 12 + 1, 1)
    while day >= after:  # week 5 means the last one
        day -= 7
    return day * _DAY_S + time_s


class _Scanner:
    """Reads a zone's text from left to right."""

    def __init__(self, text: str):
        self.text = text
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, c: str) -> bool:
        found = self.peek() == c
        self.at += found
        return found

    def expect(self, c: str) -> None:
        if not self.take(c):
            raise ProfileError(_EXPECTED)

    def number(self, low: int, high: int) -> int:
        start = self.at
        while "0" <= self.peek() <= "9" and self.at - start < 3:
            self.at += 1
        if self.at == start or not low <= int(self.text[start : self.at]) <= high:
            raise ProfileError(_EXPECTED)
        return int(self.text[start : self.at])

    def name(self) -> None:
        if self.take("<"):
            while self.peek() and self.peek() != ">":
                self.at += 1
            self.expect(">")
            return
        start = self.at
        while letters_or_digits(self.peek()) and not digits_only(self.peek()):
            self.at += 1
        if self.at - start < 3:
            raise ProfileError(_EXPECTED)

    def time_s(self, max_hours: int) -> int:
        """`[+-]hh[:mm[:ss]]` in seconds; an offset has up to 24 hours, a rule up to 167."""
        sign = -1 if self.take("-") else 1
        if sign == 1:
            self.take("+")
        seconds = self.number(0, max_hours) * 3600
        if self.take(":"):
            seconds += self.number(0, 59) * 60
            if self.take(":"):
                seconds += self.number(0, 59)
        return sign * seconds

    def rule(self) -> tuple[int, int, int, int]:
        """`,Mm.w.d[/time]` as (month, week, weekday, seconds after midnight)."""
        self.expect(",")
        self.expect("M")
        month = self.number(1, 12)
        self.expect(".")
        week = self.number(1, 5)
        self.expect(".")
        weekday = self.number(0, 6)
        return month, week, weekday, self.time_s(167) if self.take("/") else 7200


def parse_zone(text: str) -> "tuple[Any, ...]":
    """Reads a POSIX TZ string: (standard offset, daylight offset, start rule, end rule).

    Offsets are in seconds. A rule is (month, week, weekday, seconds after midnight), None
    without daylight time. Raises ProfileError for any other text.
    """
    scan = _Scanner(text)
    scan.name()
    standard_s = -scan.time_s(24)
    daylight_s = standard_s
    start = end = None
    if scan.peek():
        scan.name()
        daylight_s += 3600
        if scan.peek() != ",":
            daylight_s = -scan.time_s(24)
        start = scan.rule()
        end = scan.rule()
    if scan.peek():
        raise ProfileError(_EXPECTED)
    return standard_s, daylight_s, start, end


class Zone:
    """A POSIX TZ string such as `EST5EDT,M3.2.0,M11.1.0` (IEEE 1003.1, section 8.3).

    Raises ProfileError when the text is anything else.
    """

    def __init__(self, text: str):
        self._standard_s, self._daylight_s, self._start, self._end = parse_zone(text)

    def offset_s(self, unix_s: int) -> int:
        """Seconds to add to UTC at that moment."""
        if self._start is None or self._end is None:
            return self._standard_s
        year = civil_from_days((unix_s + self._standard_s) // _DAY_S)[0]
        start_s = _rule_local_s(self._start, year) - self._standard_s
        end_s = _rule_local_s(self._end, year) - self._daylight_s
        if start_s < end_s:
            daylight = start_s <= unix_s < end_s
        else:  # south of the equator
            daylight = not end_s <= unix_s < start_s
        return self._daylight_s if daylight else self._standard_s


def unix_of_wall(wall_s: int, zone: "OffsetSource") -> int:
    """The first moment at which the wall clock of `zone` stands at `wall_s` or past it.

    `wall_s` counts from 1970 on that clock. Of an hour that comes twice it is the first;
    where the clock leaps over `wall_s`, it is the moment of the leap. `zone` needs nothing
    but `offset_s`, which must not change twice within two days.
    """
    before_s = zone.offset_s(wall_s - _DAY_S)
    found_s = wall_s - before_s
    if zone.offset_s(found_s) == before_s:
        return found_s
    # The clock has changed by then: the moment lies by the new offset, or at the leap.
    low_s = wall_s - zone.offset_s(found_s)
    while low_s < found_s:
        middle_s = (low_s + found_s) // 2
        if middle_s + zone.offset_s(middle_s) < wall_s:
            low_s = middle_s + 1
        else:
            found_s = middle_s
    return low_s


def day_span(unix_s: int, zone: "OffsetSource", hour: int) -> tuple[int, int]:
    """(first second, first second after) of the business day that holds a moment.

    A day begins at `hour` on the store's clock, by the offset in force then: it has 23 or
    25 hours where the clocks change.
    """
    day = (unix_s + zone.offset_s(unix_s) - hour * 3600) // _DAY_S + 1
    starts_s = [
        unix_of_wall((day + i) * _DAY_S + hour * 3600, zone) for i in (-2, -1, 0, 1)
    ]
    while starts_s[-2] > unix_s:
        starts_s.pop()
    return starts_s[-2], starts_s[-1]


def local(unix_s: int, zone: Zone) -> tuple[int, int, int, int, int, int]:
    """(year, month, day, hour, minute, second) on the wall clock of `zone`."""
    return civil(unix_s + zone.offset_s(unix_s))


def civil(wall_s: int) -> tuple[int, int, int, int, int, int]:
    """(year, month, day, hour, minute, second) of seconds since 1970 on the same clock."""
    days, rest = divmod(wall_s, _DAY_S)
    return civil_from_days(days) + (rest // 3600, rest // 60 % 60, rest % 60)


def iso8601_at(unix_s: int, offset_s: int) -> str:
    """The wire's form with the store's offset, in whole minutes: 1972-07-16T13:32:00+0400
    (spec, dateTime)."""
    sign = "-" if offset_s < 0 else "+"
    offset_min = abs(offset_s) // 60
    text = "%04d-%02d-%02dT%02d:%02d:%02d" % civil(unix_s + offset_s)
    return text + "%s%02d%02d" % (sign, offset_min // 60, offset_min % 60)
