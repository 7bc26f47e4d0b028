"""Reads a POSIX TZ string (IEEE 1003.1, section 8.3), once at start-up.

Only the `Mm.w.d` form of daylight rules is read, which every zone in use today can be
written in.
"""

from milepad.base.errors import ProfileError
from milepad.base.money import digits_only, letters_or_digits

_EXPECTED = "zone: expected a POSIX zone"


def parse(text: str) -> tuple:
    """(standard offset, daylight offset, start rule, end rule); offsets in seconds.

    A rule is (month, week, weekday, seconds after midnight); None without daylight time.
    Raises ProfileError for any other text.
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
