"""Time that leaps: a minute without a key takes no time at all."""

from __future__ import annotations

import asyncio
import functools
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class LeapingSelector(selectors.BaseSelector):
    """Never waits: where the loop would sleep, its clock leaps."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now_s = 1000.0

    def select(self, timeout: float | None = None) -> list:
        ready = self._real.select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("nothing will ever happen again")
            self.now_s += max(timeout, 0)
        return ready

    def register(self, *args: Any) -> Any:
        return self._real.register(*args)

    def unregister(self, *args: Any) -> Any:
        return self._real.unregister(*args)

    def modify(self, *args: Any) -> Any:
        return self._real.modify(*args)

    def get_map(self) -> Any:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


def virtual_loop() -> asyncio.AbstractEventLoop:
    leap = LeapingSelector()
    loop = asyncio.SelectorEventLoop(leap)
    loop.time = lambda: leap.now_s  # type: ignore[method-assign]
    loop._clock_resolution = 1e-6  # type: ignore[attr-defined]
    return loop


class StoryTicks:
    """In the place of the module `time`: the date as it is, ticks as of the running loop. Where
    they are the machine's, what a busy one takes counts as well.
    """

    time = staticmethod(time.time)

    @staticmethod
    def monotonic_ns() -> int:
        return int(asyncio.get_running_loop().time() * 1e9)


async def sleep_through(delay_s: float) -> None:
    """So much time passes, all but the first and the last minute of it in one leap: what wakes up
    at intervals does so once for it, which a day of an idle device takes thousands of times.
    """
    await asyncio.sleep(min(60, delay_s / 2))
    leap: Any = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    leap.now_s += max(0, delay_s - 120)
    await asyncio.sleep(min(60, delay_s / 2))


def virtually(work: Coroutine[Any, Any, _Result]) -> _Result:
    """What a coroutine comes to; time in it is virtual."""
    with asyncio.Runner(loop_factory=virtual_loop) as runner:
        return runner.run(work)


def story(function: Callable[..., Coroutine]) -> Callable[..., None]:
    """Makes a test of a coroutine function; time in it is virtual."""

    @functools.wraps(function)
    def test(*args: Any, **kwargs: Any) -> None:
        virtually(function(*args, **kwargs))

    return test
