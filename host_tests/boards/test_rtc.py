"""The simulated chip's clock is lost with its power; its time server does as it is told."""

from __future__ import annotations

import time

import pytest

from boards.simulator.rtc import START_S, VirtualNtp, VirtualRtc
from milepad.base import compat


def test_the_clock_begins_in_2021_and_runs() -> None:
    rtc = VirtualRtc()
    assert START_S <= rtc.time() < START_S + 60
    assert time.gmtime(START_S)[:6] == (2021, 1, 1, 0, 0, 0)


def test_a_clock_that_was_set_runs_on_from_there_and_the_firmware_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compat, "time", time)
    rtc = VirtualRtc()
    rtc.install()
    rtc.set(1780000000)
    assert 1780000000 <= compat.unix_time() < 1780000060
    assert compat.ticks_ms() > 0


def test_the_time_server_tells_the_desktops_time() -> None:
    assert abs(VirtualNtp().unix_s() - time.time()) < 60


@pytest.mark.parametrize("told_s", [0, 4102444800, 1 << 33])
def test_the_time_server_tells_what_it_is_told_to(told_s: int) -> None:
    ntp = VirtualNtp()
    ntp.take(b"=" + told_s.to_bytes(8, "big"))
    assert told_s - 1 <= ntp.unix_s() < told_s + 60
    ntp.take(b"1")
    assert abs(ntp.unix_s() - time.time()) < 60


def test_a_time_server_that_is_absent_is_a_time_out() -> None:
    ntp = VirtualNtp()
    ntp.take(b"0")
    with pytest.raises(OSError, match=r"\d+"):
        ntp.unix_s()
