"""Store time, against the standard library's own reading of the same rules."""

import io
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.base.clock import (
    Zone,
    civil_from_days,
    day_span,
    days_from_civil,
    iso8601_at,
    local,
    unix_from_utc,
)
from milepad.base.errors import ProfileError

CALLS = "host_tests.on_micropython.clock_calls"


def iso8601(unix_s: int, zone: Zone) -> str:
    """The wire's form of a moment in a zone."""
    return iso8601_at(unix_s, zone.offset_s(unix_s))


ZONES = {
    "Toronto": "EST5EDT,M3.2.0,M11.1.0",
    "Halifax": "AST4ADT,M3.2.0,M11.1.0",
    "St John's": "NST3:30NDT,M3.2.0,M11.1.0",
    "Vancouver": "PST8PDT,M3.2.0,M11.1.0",
    "Regina, no daylight time": "CST6",
    "UTC": "UTC0",
    "Kathmandu": "<+0545>-5:45",
    "Paris": "CET-1CEST,M3.5.0,M10.5.0/3",
    "Dublin, where winter is the exception": "IST-1GMT0,M10.5.0,M3.5.0/1",
    "Sydney, south": "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Lord Howe, half an hour": "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "Chatham, south": "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
    "Jerusalem, hour 26": "IST-2IDT,M3.4.4/26,M10.5.0",
    "Nuuk, hour before midnight": "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
    "Honolulu": "HST10",
}
FIRST_S = int(datetime(2012, 1, 1, tzinfo=UTC).timestamp())
LAST_S = int(datetime(2038, 1, 1, tzinfo=UTC).timestamp()) - 1
MOMENTS = st.integers(FIRST_S, LAST_S)


def standard_library(text: str) -> ZoneInfo:
    """The same rules read by zoneinfo: the footer of a TZif file that holds nothing else."""
    counts = b"".join(n.to_bytes(4, "big") for n in (0, 0, 0, 0, 1, 4))
    block = b"TZif2" + bytes(15) + counts + bytes(6) + b"UTC\0"
    return ZoneInfo.from_file(io.BytesIO(block + block + b"\n" + text.encode() + b"\n"))


def expected_offset_s(zone: ZoneInfo, unix_s: int) -> int:
    offset = datetime.fromtimestamp(unix_s, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def changes(zone: ZoneInfo) -> list[int]:
    """The first second of each new offset from 2012 to 2037."""
    found = []
    step = timedelta(days=1).total_seconds()
    day, before = FIRST_S, expected_offset_s(zone, FIRST_S)
    while day < LAST_S:
        low, high = day, int(day + step)
        after = expected_offset_s(zone, high)
        if after != before:
            while high - low > 1:
                middle = (low + high) // 2
                same = expected_offset_s(zone, middle) == before
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        day, before = int(day + step), after
    return found


@pytest.mark.parametrize("text", ZONES.values(), ids=ZONES)
def test_changes_to_the_second_as_the_standard_library_does(
    micropython: Peer, text: str
) -> None:
    oracle = standard_library(text)
    moments = [FIRST_S, LAST_S]
    for change in changes(oracle):
        moments += [change - 1, change, change + 1]
    expected = [expected_offset_s(oracle, moment) for moment in moments]
    assert agree(micropython, CALLS, "offsets", text, moments) == expected
    assert len(moments) == (2 + 3 * 52 if "," in text else 2)


@given(name=st.sampled_from(sorted(ZONES)), unix_s=MOMENTS)
def test_shows_the_same_wall_clock_as_the_standard_library(
    micropython: Peer, name: str, unix_s: int
) -> None:
    wall = datetime.fromtimestamp(unix_s, standard_library(ZONES[name]))
    expected = (wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second)
    assert agree(micropython, CALLS, "local", ZONES[name], unix_s) == expected
    written = agree(micropython, CALLS, "iso8601", ZONES[name], unix_s)
    assert written == wall.strftime("%Y-%m-%dT%H:%M:%S%z")


def test_writes_the_specifications_own_example(micropython: Peer) -> None:
    moment = unix_from_utc(1972, 7, 16, 9, 32, 0)
    written = agree(micropython, CALLS, "iso8601", "<+04>-4", moment)
    assert written == "1972-07-16T13:32:00+0400"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("EST5EDT,M3.2.0,M11.1.0", "2026-01-30T04:39:59-0500"),
        ("NST3:30NDT,M3.2.0,M11.1.0", "2026-01-30T06:09:59-0330"),
        ("UTC0", "2026-01-30T09:39:59+0000"),
    ],
)
def test_writes_west_as_minus(zone: str, written: str) -> None:
    assert iso8601(unix_from_utc(2026, 1, 30, 9, 39, 59), Zone(zone)) == written


@given(name=st.sampled_from(sorted(ZONES)), unix_s=MOMENTS)
def test_a_copy_built_from_the_kept_minutes_has_the_same_time_stamp(
    name: str, unix_s: int
) -> None:
    zone = Zone(ZONES[name])
    kept_min = zone.offset_s(unix_s) // 60
    assert iso8601_at(unix_s, kept_min * 60) == iso8601(unix_s, zone)


def test_an_hour_that_happens_twice_is_told_apart_by_its_offset() -> None:
    zone = Zone("EST5EDT,M3.2.0,M11.1.0")
    first = unix_from_utc(2026, 11, 1, 5, 30, 0)
    assert local(first, zone) == local(first + 3600, zone) == (2026, 11, 1, 1, 30, 0)
    assert iso8601(first, zone) == "2026-11-01T01:30:00-0400"
    assert iso8601(first + 3600, zone) == "2026-11-01T01:30:00-0500"


def moment_of(zone: ZoneInfo, year: int, month: int, day: int, hour: int) -> int:
    """When that wall clock first stands there or past it, by the standard library."""
    wall = datetime(year, month, day, hour)
    found = int(wall.replace(tzinfo=UTC).timestamp()) - 2 * 86400
    while datetime.fromtimestamp(found, zone).replace(tzinfo=None) < wall:
        found += 900  # every change of these zones falls on a quarter
    return found


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 23])
@pytest.mark.parametrize("name", sorted(ZONES))
def test_a_business_day_begins_by_the_offset_of_its_own_boundary(
    name: str, hour: int
) -> None:
    zone, oracle = Zone(ZONES[name]), standard_library(ZONES[name])
    for change in changes(oracle)[-2:] or [FIRST_S]:
        around = datetime.fromtimestamp(change, oracle).date()
        dates = [around + timedelta(days) for days in (-2, -1, 0, 1, 2)]
        starts = [moment_of(oracle, d.year, d.month, d.day, hour) for d in dates]
        for start, end in pairwise(starts):
            for moment in {start, (start + end) // 2, end - 1}:
                assert day_span(moment, zone, hour) == (start, end)


@given(name=st.sampled_from(sorted(ZONES)), unix_s=MOMENTS, hour=st.integers(0, 23))
def test_days_follow_one_another_without_gap_or_overlap(
    micropython: Peer, name: str, unix_s: int, hour: int
) -> None:
    start, end = agree(micropython, CALLS, "day_span", ZONES[name], unix_s, hour)
    assert start <= unix_s < end
    assert 22 * 3600 < end - start < 26 * 3600
    zone = Zone(ZONES[name])
    assert day_span(end, zone, hour)[0] == end
    assert day_span(start - 1, zone, hour)[1] == start


@pytest.mark.parametrize(
    ("now", "start", "hours"),
    [
        ((2026, 11, 1, 12, 0, 0), (2026, 11, 1, 4, 0, 0), 25),
        ((2026, 11, 2, 4, 59, 59), (2026, 11, 1, 4, 0, 0), 25),
        ((2026, 3, 8, 20, 0, 0), (2026, 3, 8, 5, 0, 0), 23),
        ((2026, 7, 1, 12, 0, 0), (2026, 7, 1, 4, 0, 0), 24),
    ],
)
def test_a_day_has_as_many_hours_as_the_clocks_give_it(now, start, hours) -> None:
    begins, ends = day_span(unix_from_utc(*now), Zone(ZONES["Toronto"]), 0)
    assert begins == unix_from_utc(*start)
    assert ends - begins == hours * 3600


@given(st.dates())
@example(date(2000, 2, 29))
@example(date(1900, 3, 1))
def test_counts_days_as_the_calendar_does(day: date) -> None:
    days = day.toordinal() - date(1970, 1, 1).toordinal()
    assert days_from_civil(day.year, day.month, day.day) == days
    assert civil_from_days(days) == (day.year, day.month, day.day)


@given(text=st.text("ESTDM<>+-0123456789,./:²ß", max_size=24), unix_s=MOMENTS)
def test_whatever_it_reads_it_can_write_in_the_wires_form(
    micropython: Peer, text: str, unix_s: int
) -> None:
    try:
        written = agree(micropython, CALLS, "iso8601", text, unix_s)
    except ProfileError:
        return
    assert isinstance(written, str)
    assert len(written) == len("1972-07-16T13:32:00+0400")
    assert datetime.strptime(written[:19], "%Y-%m-%dT%H:%M:%S")
