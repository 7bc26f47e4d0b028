"""The board's clock is gone with its power, and the time server is late, absent or lies.

Whatever it says, an interrupted sale is judged by the platform's own time: it is finished
while the platform keeps its key, and never after.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from host_tests.system.power.bench import Handheld
from host_tests.system.power.counter import Counter, counter
from host_tests.system.power.test_power_flash import SALE_AND_REFUND, walk
from host_tests.system.power.walk import FINISH
from tools.emulator.testing import RunningEmulator

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
    platform.faults("redeem", "delay", seconds=30)
    await place.to_the_offer()
    await place.press("ENTER")
    async with asyncio.timeout(20):
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
        assert not any("UNRESOLVED" in row for row in place.device.screen())
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
