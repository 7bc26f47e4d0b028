"""The idle screen counts what waits in the queue, and says for how long the first has."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.earning import shop_that_earns
from host_tests.kit.virtual_time import story

AGES = {
    0: ("Q 3 0M", "FILE 3 0M"),
    59 * 60: ("Q 3 59M", "FILE 3 59M"),
    3600: ("Q 3 1H", "FILE 3 1H"),
    24 * 3600: ("Q 3 1D", "FILE 3 1J"),
    400 * 86400: ("Q 3 99D", "FILE 3 99J"),
}


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("age_s", AGES)
@story
async def test_how_many_wait_and_since_when(age_s: int, language: str) -> None:
    shop = shop_that_earns(language=language)
    oldest_s = shop.device.time.now_s() - age_s
    shop.device.earnings.waiting = lambda: (3, oldest_s)
    shop.begin("menu")
    rows = await shop.sees(shop.terminal.text("menu_more"))
    expected = AGES[age_s][language == "fr-CA"]
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
    await shop.sees("Q 2 0M", within_s=3)
    shop.device.earnings.waiting = lambda: (0, 0)
    await asyncio.sleep(3)
    assert shop.screen[0] == "1 CHECKOUT"


@story
async def test_of_an_age_that_nobody_knows_nothing_is_said() -> None:
    shop = shop_that_earns()
    shop.device.earnings.waiting = lambda: (2, 0)
    shop.begin("menu")
    assert (await shop.sees("Q 2"))[0].endswith(" Q 2")


@story
async def test_a_kept_card_goes_before_the_queue() -> None:
    shop = shop_that_earns()
    now_s = shop.device.time.now_s()
    shop.device.earnings.waiting = lambda: (2, now_s)
    shop.begin("menu")
    await shop.sees("Q 2")
    await shop.swipe()
    assert (await shop.sees("CARD 2006"))[0].startswith("1 CHECKOUT")
