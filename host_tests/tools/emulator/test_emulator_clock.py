"""The platform's clock and the hours at which its day turns."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

import pytest

from tools.emulator.clock import (
    PlatformClock,
    iso,
    last_turn,
    next_turn,
    parse_moment,
    parse_zone,
)

EST = parse_zone("UTC-5")


def unix(text: str) -> float:
    return parse_moment(text).timestamp()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("1972-07-16T13:32:00+0400", "1972-07-16T09:32:00.000Z"),
        ("2026-01-30T04:39:59Z", "2026-01-30T04:39:59.000Z"),
        ("2026-01-30T04:39:59", "2026-01-30T04:39:59.000Z"),
    ],
)
def test_a_moment_is_read_with_its_offset(text: str, utc: str) -> None:
    assert iso(unix(text)) == utc


@pytest.mark.parametrize("text", ["", "noon", "2026-13-01T00:00:00Z", "0001-01-01"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


def test_the_clock_runs_on_from_where_it_is_set() -> None:
    clock = PlatformClock(parse_moment("2026-01-30T15:00:00Z"))
    assert 0 <= clock.unix() - unix("2026-01-30T15:00:00Z") < 5
    clock.advance(3600)
    assert 0 <= clock.unix() - unix("2026-01-30T16:00:00Z") < 5


@pytest.mark.parametrize("seconds", [1e18, -1e18])
def test_the_clock_stays_in_years_that_can_be_written(seconds: float) -> None:
    with pytest.raises(ValueError, match="the clock would leave"):
        PlatformClock().advance(seconds)


@pytest.mark.parametrize(
    ("moment", "last", "following"),
    [
        ("2026-01-30T02:59:59-0500", "2026-01-29", "2026-01-30"),
        ("2026-01-30T03:00:00-0500", "2026-01-30", "2026-01-31"),
        ("2026-01-30T23:30:00-0500", "2026-01-30", "2026-01-31"),
        # In July the stated "EST" is an hour behind the shop's clock.
        ("2026-07-01T03:30:00-0400", "2026-06-30", "2026-07-01"),
    ],
)
def test_the_day_turns_at_three_eastern_standard_time(
    moment: str, last: str, following: str
) -> None:
    assert last_turn(unix(moment), EST, 3) == unix(f"{last}T03:00:00-0500")
    assert next_turn(unix(moment), EST, 3) == unix(f"{following}T03:00:00-0500")


class Daylight(tzinfo):
    """Five hours behind UTC until 8 March 2026, four from then on."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        changed = moment is not None and moment.replace(tzinfo=None) > datetime(2026, 3, 8)
        return timedelta(hours=-4 if changed else -5)

    def dst(self, moment: datetime | None) -> timedelta:
        return self.utcoffset(moment) - timedelta(hours=-5)

    def fromutc(self, moment: datetime) -> datetime:
        changed = moment.replace(tzinfo=None) >= datetime(2026, 3, 8, 5)
        return moment + timedelta(hours=-4 if changed else -5)


def test_a_zone_with_daylight_time_turns_by_its_wall_clock() -> None:
    before_the_change = unix("2026-03-07T12:00:00-0500")
    assert next_turn(before_the_change, Daylight(), 3) == unix("2026-03-08T03:00:00-0400")


@pytest.mark.parametrize(
    ("text", "hours"),
    [("UTC", 0.0), ("UTC-5", -5.0), ("UTC-03:30", -3.5), ("UTC+14", 14.0)],
)
def test_a_fixed_zone_is_an_offset_from_utc(text: str, hours: float) -> None:
    assert parse_zone(text).utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["EST5EDT,M3.2.0", "Mars/Olympus", "../passwd", "UTC-99"])
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_zone(text)
