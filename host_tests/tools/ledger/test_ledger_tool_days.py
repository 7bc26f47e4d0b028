"""The platform's day: EST all year, another offset, or a zone with daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.ledger import days
from tools.ledger.days import PlatformClock
from tools.ledger.errors import LedgerToolError

EST = PlatformClock()
EASTERN = PlatformClock(zone="EST5EDT,M3.2.0,M11.1.0")


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_a_day_runs_from_midnight_est_by_default() -> None:
    span = days.day("2026-07-01", EST)
    assert span == (utc("2026-07-01T05:00"), utc("2026-07-02T05:00"))


def test_a_zone_moves_summer_days() -> None:
    span = days.day("2026-07-01", EASTERN)
    assert span == (utc("2026-07-01T04:00"), utc("2026-07-02T04:00"))


@pytest.mark.parametrize(("date", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_days_of_a_change_are_shorter_or_longer(date: str, hours: int) -> None:
    span = days.day(date, EASTERN)
    assert span.to_s - span.from_s == hours * 3600


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-08T02:00", "2026-03-08T07:00"),  # the clock leaps from 02:00 to 03:00
        ("2026-03-08T02:30", "2026-03-08T07:00"),
        ("2026-03-08T03:00", "2026-03-08T07:00"),
        ("2026-11-01T01:30", "2026-11-01T05:30"),  # comes twice
        ("2026-11-01T02:00", "2026-11-01T07:00"),
    ],
)
def test_a_moment_in_the_hour_of_a_change(text: str, moment: str) -> None:
    assert days.between(text, "2026-12-01", EASTERN).from_s == utc(moment)


@given(st.integers(1767225600, 1798761600), st.integers(0, 86400 * 400))
def test_details_of_any_span_are_dated_by_the_zone(from_s: int, length_s: int) -> None:
    span = days.Span(from_s, from_s + length_s + 1)
    first, last = EASTERN.stamp(span.from_s), EASTERN.stamp(span.to_s)
    clock = days.FileClock(span, (first.offset, last.offset), EASTERN)
    for moment in (span.from_s, (span.from_s + span.to_s) // 2, span.to_s - 1):
        stamp = EASTERN.stamp(moment)
        found = clock.unix_s(stamp.date, stamp.time)
        assert EASTERN.stamp(found)[:2] == stamp[:2]
        # An hour that comes twice cannot be told apart in a file.
        assert found in (moment, moment - 3600)
        assert found == moment or stamp.time[:2] == "01"


def test_the_cut_off_belongs_to_the_next_day() -> None:
    span = days.day("2026-11-21", EST)
    assert span.holds(span.from_s) and span.holds(span.to_s - 1)
    assert not span.holds(span.to_s)


def test_a_stamp_is_of_the_platforms_clock() -> None:
    assert EST.stamp(utc("2026-11-22T04:59:59")) == ("20261121", "235959", "-0500")
    assert EASTERN.stamp(utc("2026-07-01T04:00:00")) == ("20260701", "000000", "-0400")


@given(st.integers(0, (1 << 32) - 1), st.sampled_from([EST, EASTERN, PlatformClock(345)]))
def test_a_stamp_is_a_moment_again(unix_s: int, clock: PlatformClock) -> None:
    assert days.unix_s(*clock.stamp(unix_s)) == unix_s


def test_another_span_for_a_resubmission() -> None:
    span = days.between("2026-11-20T18:30", "2026-11-22", EST)
    assert span == (utc("2026-11-20T23:30"), utc("2026-11-22T05:00"))


@pytest.mark.parametrize(
    "text", ["", "21.11.2026", "2026-02-29", "2026-13-01", "2026-11-21T10:00"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(
        LedgerToolError, match=r"--day .*expected a date such as 2026-11-21$"
    ):
        days.day(text, EST)


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(LedgerToolError, match="expected a moment after --from"):
        days.between("2026-11-21", "2026-11-21", EST)


def test_a_wrong_zone_is_refused() -> None:
    with pytest.raises(LedgerToolError, match="--zone: zone: expected a POSIX zone"):
        PlatformClock(zone="Eastern")
