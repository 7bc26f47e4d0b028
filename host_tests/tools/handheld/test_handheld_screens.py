"""Who waits for a screen gets it, however soon it is gone again."""

from __future__ import annotations

import asyncio

from host_tests.kit.virtual_time import virtually
from tools.handheld.screens import Screens


def test_a_screen_that_is_gone_before_the_waiter_has_its_turn_was_there() -> None:
    async def play() -> bool:
        screens = Screens()
        waiting = asyncio.create_task(screens.wait("APPROVED", 1))
        await asyncio.sleep(0)
        for row in ("APPROVED      $40.00", "EARNED 1"):
            screens.take({"screen": [row]})
        return await waiting

    assert virtually(play())


def test_one_that_never_comes_is_waited_for_in_vain_and_so_is_any_after_the_end() -> None:
    async def play() -> list[bool]:
        screens = Screens()
        found = [await screens.wait("APPROVED", 1)]
        waiting = asyncio.create_task(screens.wait("APPROVED", 600))
        await asyncio.sleep(0)
        screens.end()
        return [*found, await waiting, await screens.wait("APPROVED", 600)]

    assert virtually(play()) == [False, False, False]
