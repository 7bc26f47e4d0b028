"""A task that ends, however it does, is logged and starts again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from milepad.base.supervision import keep_running

SECRET = "84095202006"


class Stop(BaseException):
    """The test is over."""


@pytest.mark.parametrize(
    "fault",
    [
        OSError(5),
        ValueError(SECRET),
        ArithmeticError(SECRET),
        KeyError(SECRET),
        MemoryError(),
        TypeError(SECRET),
        StopAsyncIteration(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_what_escapes_is_logged_by_its_kind_and_the_task_starts_again(
    fault: Exception,
) -> None:
    log: list[str] = []
    slept: list[int] = []
    lives: Iterator[BaseException] = iter([fault, fault, Stop()])

    async def run() -> None:
        raise next(lives)

    async def sleep(delay_ms: int) -> None:
        slept.append(delay_ms)

    with pytest.raises(Stop):
        asyncio.run(keep_running("wifi", run, log.append, sleep))
    assert log == [f"wifi: {type(fault).__name__}"] * 2
    assert slept == [1000, 1000]


def test_a_task_that_returns_starts_again_too() -> None:
    log: list[str] = []
    lives = iter([None, Stop()])

    async def run() -> None:
        end = next(lives)
        if end is not None:
            raise end

    async def sleep(_: int) -> None:
        pass

    with pytest.raises(Stop):
        asyncio.run(keep_running("watchdog", run, log.append, sleep))
    assert log == ["watchdog: ended"]


def test_who_cancels_it_ends_it() -> None:
    log: list[str] = []

    async def play() -> None:
        task = asyncio.create_task(
            keep_running("input", lambda: asyncio.sleep(60), log.append)
        )
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(play())
    assert log == []
