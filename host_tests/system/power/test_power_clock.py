"""The board's clock is gone with its power, and the time server is late, absent or lies.

Whatever it says, an interrupted sale is judged by the platform's own time: it is finished
while the platform keeps its key, and never after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.cashier import FINISH
from host_tests.system.power.bench import COLLECTOR, Handheld
from host_tests.system.power.counter import PATIENCE_S, Counter, counter
from host_tests.system.power.test_power_flash import SALE_AND_REFUND, walk
from tools.emulator.testing import RunningEmulator, running_emulator

DAY_S = 86400
LIES = {
    "absent": "absent",
    "late": "late",
    "2100": {"unix_s": 4102444800},
    "past 2106": {"unix_s": 1 << 33},
    "1970": {"unix_s": 0},
    "a kiss of death": {"unix_s": 2085978496},
}


def now_s(platform: RunningEmulator) -> int:
    return int(datetime.fromisoformat(platform.now()).timestamp())


def play(platform: RunningEmulator, folder: Path, story: Any) -> None:
    async def run() -> None:
        async with counter(platform, folder) as place:
            await story(place)
            assert not [line for line in place.log if "stopped" in line]

    platform.reset()
    platform.set_clock("2026-01-30T15:00:00Z")
    asyncio.run(run())


async def interrupted(place: Counter, platform: RunningEmulator) -> None:
    """The platform redeems, and the power goes before its reply has come."""
    platform.faults("redeem", "delay", seconds=60)
    await place.to_the_offer()
    await place.press("ENTER")
    async with asyncio.timeout(PATIENCE_S):
        while not platform.ledger():
            await asyncio.sleep(0.02)
    await place.cut()


def finish_key(screen: list[str]) -> str:
    """The key that the screen names for FINISH."""
    return next(row.split("=FINISH")[0].split()[-1] for row in screen if "=FINISH" in row)


@pytest.mark.parametrize("lie", LIES)
def test_an_interrupted_sale_is_finished_whatever_the_time_server_does(
    platform: RunningEmulator, tmp_path: Path, lie: str
) -> None:
    async def story(place: Counter) -> None:
        await interrupted(place, platform)
        await place.do("ntp", LIES[lie])
        await place.power()
        screen = await place.sees("=FINISH")
        await place.press(finish_key(screen))
        number = await place.approved()
        (made,) = platform.ledger()
        assert made["confirmation"] == number

    play(platform, tmp_path, story)


def test_a_lie_that_makes_yesterdays_sale_young_is_not_believed(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    # Three days on the platform has forgotten the key: a copy would be a second redemption.
    async def story(place: Counter) -> None:
        sold_s = now_s(platform)
        await interrupted(place, platform)
        platform.advance_clock(3 * DAY_S)
        await place.do("ntp", {"unix_s": sold_s + 300})
        await place.power()
        await place.sees("UNRESOLVED")
        assert len(platform.requests("redeem")) == 1
        assert len(platform.ledger()) == 1
        assert not any(
            "=FINISH" in row for event in place.events for row in event.get("screen", [])
        )

    play(platform, tmp_path, story)


def test_without_time_and_network_the_device_waits_says_so_and_gives_nothing_up(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    async def story(place: Counter) -> None:
        await interrupted(place, platform)
        await place.do("wifi", False)
        await place.do("power")
        await place.sees("WAITING FOR THE TIME")
        await asyncio.sleep(1)
        screen = " ".join(place.device.screen())
        assert "UNRESOLVED" not in screen and "GIVE UP" not in screen
        await place.do("wifi", True)
        screen = await place.sees("=FINISH")
        await place.press(finish_key(screen))
        await place.approved()
        assert len(platform.ledger()) == 1

    play(platform, tmp_path, story)


def test_a_sale_without_any_time_server_is_dated_by_the_platform(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    async def story(place: Counter) -> None:
        await place.do("ntp", "absent")
        await place.checkout()
        (made,) = platform.ledger()
        requested = platform.requests("redeem")[0]
        assert '"dateTime":"2026-01-30T10:0' in requested["raw"].decode()
        assert made["kind"] == "redemption"

    play(platform, tmp_path, story)


@pytest.mark.parametrize(
    ("first", "second"),
    [(0, -1), (-1, 0), (-1, -1), (365 * DAY_S, 4102444800), (DAY_S, 300 - DAY_S)],
    ids=["then absent", "first absent", "never there", "years ahead", "a day about"],
)
def test_every_cut_is_settled_whatever_the_time_server_tells_in_either_life(
    handheld: Handheld, first: int, second: int
) -> None:
    path = walk(handheld, "littlefs", *SALE_AND_REFUND)
    lies = [
        told if told in (-1, 4102444800) else path.now_s() + told
        for told in (first, second)
    ]
    path.take(FINISH, after={"ntp_s": lies[1]}, ntp_s=lies[0])
    assert path.faults == []
    assert path.asked >= 2


# --- certificates, which only a clock can check ---


@contextmanager
def platform_with_certificate(from_days: float, until_days: float) -> Iterator[Any]:
    """A platform whose clock is right and whose certificate is valid so long, from today."""
    today = datetime.now(UTC)
    with running_emulator(
        certificate_from=(today + timedelta(from_days)).isoformat(),
        certificate_until=(today + timedelta(until_days)).isoformat(),
    ) as platform:
        yield platform


async def sells(place: Counter) -> None:
    """A checkout, tried again while the platform's certificate is refused, or while the Wi-Fi
    joins anew for another time."""
    for _ in range(20):
        await place.to_the_menu()
        await place.press("1")
        await place.sees("TOTAL")
        await place.press(*"4335", "ENTER")
        await place.sees("SWIPE OR SCAN CARD")
        await place.do("scan", COLLECTOR)
        screen = await place.sees_any("UP/DOWN", "ENTER=AGAIN")
        if "UP/DOWN" in screen[3]:
            await place.press("ENTER")
            await place.approved()
            return
        await place.press("CANCEL")
    raise AssertionError("no certificate was good at any time")


def sell_twice(platform: RunningEmulator, folder: Path, between: Any) -> list[str]:
    """Sells, lets the power go, does what is `between`, and sells again; the log."""

    async def run() -> list[str]:
        async with counter(platform, folder) as place:
            await sells(place)
            await place.cut()
            await place.do("ntp", between)
            await place.power()
            await sells(place)
            return place.log

    return asyncio.run(run())


def test_a_clock_at_the_ledgers_floor_is_enough_to_check_a_certificate(
    tmp_path: Path,
) -> None:
    with platform_with_certificate(-1, 30) as platform:
        log = sell_twice(platform, tmp_path, "absent")
        assert len(platform.ledger()) == 2
    assert not any("refused" in line for line in log)


def test_by_a_time_server_two_years_ahead_the_certificate_has_ended_and_the_sale_goes_on(
    tmp_path: Path,
) -> None:
    with platform_with_certificate(-1, 30) as platform:
        log = sell_twice(platform, tmp_path, {"unix_s": now_s(platform) + 730 * DAY_S})
        assert len(platform.ledger()) == 2
    assert "clock: a certificate is refused, another time is tried" in log


def test_a_new_device_without_a_time_server_meets_a_certificate_newer_than_its_build(
    tmp_path: Path,
) -> None:
    async def run(platform: RunningEmulator) -> None:
        async with counter(platform, tmp_path) as place:
            await place.cut()
            await place.do("ntp", "absent")
            await place.power()
            await sells(place)

    with platform_with_certificate(-30, 30) as platform:
        asyncio.run(run(platform))
        assert len(platform.ledger()) == 1
