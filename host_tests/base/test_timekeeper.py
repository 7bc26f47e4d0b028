"""Time is believed in steps: the ledger's floor, NTP within bounds, the platform's Date."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepad.base import compat
from milepad.base.compat import BUILD_EPOCH_S
from milepad.base.errors import FAILED, StorageError
from milepad.base.timekeeper import LAST_S, Timekeeper

DAY_S = 86400
YEAR_S = 365 * DAY_S
RP2_S, ESP32_S = 1609459200, 946684800  # where the chips' clocks begin
KNOWN_S = BUILD_EPOCH_S + 200 * DAY_S  # when the last entry was written
TODAY_S = KNOWN_S + DAY_S


class Ledger:
    def __init__(self, floor_s: int = KNOWN_S) -> None:
        self.floor_s = floor_s
        self.kept: list[int] = []
        self.fault: StorageError | None = None

    def time_floor_s(self) -> int:
        return self.floor_s

    def keep_time_floor(self, unix_s: int) -> None:
        if self.fault:
            raise self.fault
        self.kept.append(unix_s)


class Device:
    """A chip's clock, and the Timekeeper that sets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, starts_s: int = RP2_S) -> None:
        self.rtc_s = starts_s
        self.log: list[str] = []
        monkeypatch.setattr(compat, "time", SimpleNamespace(time=lambda: self.rtc_s))
        self.time = Timekeeper(self.set_rtc, self.log.append)
        self.ledger = Ledger()
        self.time.keep_with(self.ledger)

    def set_rtc(self, unix_s: int) -> None:
        self.rtc_s = unix_s

    @property
    def steps(self) -> tuple[bool, bool]:
        return self.time.is_set(), self.time.is_proven()


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    return Device(monkeypatch)


@pytest.mark.parametrize("starts_s", [RP2_S, ESP32_S, 0, LAST_S, LAST_S + 1])
def test_after_a_power_up_the_clock_stands_at_the_floor_and_is_not_set(
    monkeypatch: pytest.MonkeyPatch, starts_s: int
) -> None:
    device = Device(monkeypatch, starts_s)
    assert device.time.now_s() == device.rtc_s == KNOWN_S
    assert device.steps == (False, False)


def test_without_a_ledger_the_floor_is_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device.__new__(Device)
    device.rtc_s = RP2_S
    monkeypatch.setattr(compat, "time", SimpleNamespace(time=lambda: device.rtc_s))
    assert Timekeeper(device.set_rtc, print).now_s() == BUILD_EPOCH_S


@pytest.mark.parametrize("floor_s", [0, -1, 1 << 40])
def test_a_floor_that_makes_no_sense_is_bounded(
    monkeypatch: pytest.MonkeyPatch, floor_s: int
) -> None:
    device = Device(monkeypatch)
    device.time.keep_with(Ledger(floor_s))
    assert KNOWN_S <= device.rtc_s <= LAST_S


def test_a_clock_that_ran_on_through_a_reset_keeps_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = Device(monkeypatch, TODAY_S)
    assert device.rtc_s == TODAY_S
    assert device.steps == (False, False)


# --- NTP ---


def test_ntp_sets_the_clock_and_proves_nothing(device: Device) -> None:
    assert device.time.note_ntp(TODAY_S)
    assert device.rtc_s == TODAY_S
    assert device.steps == (True, False)


@pytest.mark.parametrize(
    "told_s",
    [
        0,
        ESP32_S,
        BUILD_EPOCH_S,
        KNOWN_S - 61,
        KNOWN_S + 6 * YEAR_S,
        2085978496,  # 2036-02-07: a kiss of death, whose time is none
        4102444800,  # 2100
        LAST_S,
        LAST_S + 1,
        1 << 60,
        -1,
    ],
)
def test_ntp_out_of_bounds_is_refused_and_told_once(device: Device, told_s: int) -> None:
    for _ in range(3):
        assert not device.time.note_ntp(told_s)
    assert device.rtc_s == KNOWN_S
    assert device.steps == (False, False)
    assert device.log == ["clock: NTP is out of bounds"]


def test_ntp_a_moment_before_the_floor_is_the_floor(device: Device) -> None:
    assert device.time.note_ntp(KNOWN_S - 3)
    assert device.rtc_s == KNOWN_S


# --- the platform's Date ---


def test_the_platform_proves_the_time_without_any_time_server(device: Device) -> None:
    device.time.note_platform(TODAY_S)
    assert device.rtc_s == TODAY_S
    assert device.steps == (True, True)
    assert device.log == []


@pytest.mark.parametrize("ahead_s", [YEAR_S, 300, -86000])
def test_the_platform_corrects_what_ntp_said_and_it_is_logged(
    device: Device, ahead_s: int
) -> None:
    device.time.note_ntp(TODAY_S + ahead_s)
    device.time.note_platform(TODAY_S)
    assert device.rtc_s == TODAY_S
    assert device.log == [f"clock: was {ahead_s:+d} s off, set by the platform"]


def test_after_the_platform_no_time_server_moves_the_clock(device: Device) -> None:
    device.time.note_platform(TODAY_S)
    assert not device.time.note_ntp(TODAY_S + 300)
    assert device.time.note_ntp(TODAY_S + 30)
    assert device.rtc_s == TODAY_S
    assert device.log == ["clock: NTP differs from the platform's time"]


@pytest.mark.parametrize("date_s", [0, BUILD_EPOCH_S - 1, LAST_S + 1])
def test_a_reply_without_a_usable_date_is_heard_and_proves_nothing(
    device: Device, date_s: int
) -> None:
    assert not device.time.heard
    device.time.note_platform(date_s)
    assert device.time.heard
    assert device.steps == (False, False)


def test_a_platform_that_leaps_back_is_followed_and_told(device: Device) -> None:
    device.time.note_platform(KNOWN_S - YEAR_S // 2)
    assert device.rtc_s == KNOWN_S - YEAR_S // 2
    assert device.log == ["clock: the platform's time is before the ledger's"]
    assert device.ledger.kept == [KNOWN_S - YEAR_S // 2]


def test_a_date_that_is_seconds_off_moves_nothing(device: Device) -> None:
    device.time.note_platform(TODAY_S)
    device.rtc_s += 10
    device.time.note_platform(TODAY_S + 5)
    assert device.rtc_s == TODAY_S + 10


# --- the floor is kept ---


def test_the_floor_is_kept_once_a_day(device: Device) -> None:
    for hours in range(72):
        device.rtc_s = TODAY_S + hours * 3600
        device.time.note_platform(device.rtc_s)
    assert device.ledger.kept == [TODAY_S, TODAY_S + DAY_S, TODAY_S + 2 * DAY_S]


def test_ntp_never_raises_the_floor(device: Device) -> None:
    device.time.note_ntp(TODAY_S + YEAR_S)
    assert device.ledger.kept == []


def test_a_storage_that_fails_costs_a_line_of_the_log(device: Device) -> None:
    device.ledger.fault = StorageError(FAILED, "error 5")
    device.time.note_platform(TODAY_S)
    assert device.time.is_proven()
    assert device.log == ["clock: failed (error 5)"]


# --- certificates that are refused ---


def test_a_false_ntp_time_is_left_when_a_certificate_is_refused_by_it(
    device: Device,
) -> None:
    device.time.note_ntp(TODAY_S + 3 * YEAR_S)
    device.time.note_refused()
    assert device.rtc_s == KNOWN_S
    assert device.steps == (False, False)


def test_a_certificate_that_is_newer_than_the_floor_is_met_without_ntp(
    device: Device,
) -> None:
    begins_s, ends_s = KNOWN_S + 200 * DAY_S, KNOWN_S + 230 * DAY_S
    tries = 0
    while not begins_s <= device.rtc_s < ends_s:
        device.time.note_refused()
        tries += 1
        assert tries < 12
    assert not device.time.is_set()


def test_the_search_goes_round_and_stays_within_the_bounds(device: Device) -> None:
    seen = []
    for _ in range(140):
        device.time.note_refused()
        seen.append(device.rtc_s)
    assert min(seen) >= KNOWN_S and max(seen) <= KNOWN_S + 5 * YEAR_S
    assert seen.count(KNOWN_S) > 1
    assert len(device.log) == 1


def test_a_proven_time_stays_when_a_certificate_is_refused(device: Device) -> None:
    device.time.note_platform(TODAY_S)
    device.time.note_refused()
    assert device.rtc_s == TODAY_S
    assert device.steps == (True, True)


def test_a_proven_clock_that_ran_wrong_is_set_by_ntp_after_a_refusal_and_proves_nothing(
    device: Device,
) -> None:
    device.time.note_platform(TODAY_S)
    device.rtc_s = TODAY_S + 40 * DAY_S  # a bad oscillator, and days without Wi-Fi
    assert not device.time.note_ntp(TODAY_S + 3 * DAY_S)
    device.time.note_refused()
    assert device.time.note_ntp(TODAY_S + 3 * DAY_S)
    assert device.rtc_s == TODAY_S + 3 * DAY_S
    assert device.steps == (True, False)
    assert not device.time.heard  # so the platform is asked before anything is dated


def test_a_refusal_lets_no_time_server_go_behind_what_the_platform_said(
    device: Device,
) -> None:
    device.time.note_platform(TODAY_S)
    device.time.note_refused()
    assert not device.time.note_ntp(TODAY_S - DAY_S)
    assert device.rtc_s == TODAY_S
    assert device.steps == (True, True)


def test_a_reply_after_a_refusal_ends_the_doubt(device: Device) -> None:
    device.time.note_platform(TODAY_S)
    device.time.note_refused()
    device.time.note_platform(TODAY_S)
    assert not device.time.note_ntp(TODAY_S + YEAR_S)
    assert device.rtc_s == TODAY_S
    assert device.steps == (True, True)


def test_refusals_are_counted(device: Device) -> None:
    for _ in range(3):
        device.time.note_refused()
    assert device.time.refusals == 3


# --- whatever happens ---

TIMES = st.one_of(st.integers(), st.integers(KNOWN_S, KNOWN_S + 4 * YEAR_S))
TELLS = st.one_of(
    st.tuples(st.just("note_ntp"), TIMES),
    st.tuples(st.just("note_platform"), TIMES),
    st.just(("note_refused", None)),
)


@given(st.lists(TELLS, max_size=30))
def test_the_clock_never_leaves_what_the_ledger_can_keep(tells: list) -> None:
    with pytest.MonkeyPatch.context() as patch:
        device = Device(patch)
        proven = refused = False
        for name, value in tells:
            getattr(device.time, name)(*([] if value is None else [value]))
            assert BUILD_EPOCH_S <= device.time.now_s() <= LAST_S
            if device.time.is_proven() < proven:
                assert name == "note_ntp" and refused
            proven = device.time.is_proven()
            dated = name == "note_platform" and BUILD_EPOCH_S <= (value or 0) <= LAST_S
            refused = name == "note_refused" or (refused and not dated)
