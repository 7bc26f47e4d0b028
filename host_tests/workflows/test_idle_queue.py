"""The idle screen counts what waits in the queue, and says for how long the first has."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.earning import shop_that_earns
from host_tests.kit.virtual_time import story

AGES = {
    (3, -9): ("3 HELD", "3 EN ATT."),  # the clock was set back
    (3, 3599): ("3 HELD", "3 EN ATT."),
    (3, 3600): ("3 HELD 1H", "3 EN ATT. 1H"),
    (3, 10 * 3600): ("3 HELD10H", "3 EN ATT.10H"),
    (12, 23 * 3600): ("12HELD23H", "12 ENATT.23H"),
    (3, 24 * 3600): ("3 HELD 1D", "3 EN ATT. 1J"),
    (3, 400 * 86400): ("3 HELD99D", "3 EN ATT.99J"),
    (999, 400 * 86400): ("999 HELD", "999ENATT.99J"),
    (1000, 400 * 86400): ("1000 HELD", "1000 EN ATT."),
}


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize(("count", "age_s"), AGES)
@story
async def test_how_many_wait_and_since_when(count: int, age_s: int, language: str) -> None:
    shop = shop_that_earns(language=language)
    oldest_s = shop.device.time.now_s() - age_s
    shop.device.earnings.waiting = lambda: (count, oldest_s)
    shop.begin("menu")
    rows = await shop.sees(shop.terminal.text("menu_more"))
    expected = AGES[count, age_s][language == "fr-CA"]
    assert rows[0] == shop.terminal.pair(shop.terminal.text("menu_checkout"), expected)


@story
async def test_an_empty_queue_takes_no_place() -> None:
    shop = shop_that_earns()
    shop.begin("menu")
    assert (await shop.sees("4 MORE"))[0] == "1 CHECKOUT"


@story
async def test_a_change_is_seen_within_a_second_or_two() -> None:
    shop = shop_that_earns()
    shop.begin("menu")
    await shop.sees("4 MORE")
    now_s = shop.device.time.now_s()
    shop.device.earnings.waiting = lambda: (2, now_s)
    await shop.sees("2 HELD", within_s=3)
    shop.device.earnings.waiting = lambda: (0, 0)
    await asyncio.sleep(3)
    assert shop.screen[0] == "1 CHECKOUT"


@story
async def test_of_an_age_that_nobody_knows_nothing_is_said() -> None:
    shop = shop_that_earns()
    shop.device.earnings.waiting = lambda: (2, 0)
    shop.begin("menu")
    assert (await shop.sees("2 HELD"))[0].endswith(" 2 HELD")


@story
async def test_a_kept_card_goes_before_the_queue() -> None:
    shop = shop_that_earns()
    now_s = shop.device.time.now_s()
    shop.device.earnings.waiting = lambda: (2, now_s)
    shop.begin("menu")
    await shop.sees("2 HELD")
    await shop.swipe()
    assert (await shop.sees("CARD 2006"))[0].startswith("1 CHECKOUT")
