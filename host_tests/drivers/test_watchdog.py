"""The watchdog is fed while the tasks run, a while longer by a timer, and then no more."""

import asyncio

import pytest

from host_tests.drivers.chips import Clock
from milepad.drivers.watchdog import Watchdog


class Dog:
    meals = 0

    def feed(self) -> None:
        self.meals += 1


def test_its_task_feeds_once_a_second() -> None:
    dog, clock = Dog(), Clock()
    meals = []

    async def sleep(delay_ms: int) -> None:
        meals.append((clock.now_ms, dog.meals))
        if len(meals) == 4:
            raise asyncio.CancelledError
        await clock.sleep(delay_ms)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Watchdog(dog, sleep=sleep).run())
    assert meals == [(0, 1), (1000, 2), (2000, 3), (3000, 4)]


def test_a_timer_feeds_while_the_grace_period_lasts() -> None:
    dog = Dog()

    async def stopped(delay_ms: int) -> None:
        raise asyncio.CancelledError  # the tasks stand still after the first meal

    watchdog = Watchdog(dog, grace_s=3, sleep=stopped)
    watchdog.tick()
    assert dog.meals == 0  # nothing runs yet
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watchdog.run())
    for _ in range(9):
        watchdog.tick("the timer")
    assert dog.meals == 1 + 3
