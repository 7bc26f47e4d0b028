"""Time that leaps: a minute without a key takes no time at all."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from milepad.base import compat

START_S = 1780000000  # an afternoon in Toronto: Thursday, 28 May 2026, 16:26:40
_LOOP_S = 1000.0  # what a new loop's clock shows

_Result = TypeVar("_Result")


class LeapingSelector(selectors.BaseSelector):
    """Never waits: where the loop would sleep, its clock leaps."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now_s = _LOOP_S

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


class StoryClock:
    """In the place of the module `time`: the story's own. With the machine's, a busy one would
    add what it takes, and a second, a day or a year might end in the middle of a test.
    """

    ahead_s = 0.0

    def time(self) -> float:
        return START_S + self.ahead_s + self._now_s()

    def monotonic_ns(self) -> int:
        return int(self._now_s() * 1e9)

    @staticmethod
    def _now_s() -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return _LOOP_S


async def sleep_through(delay_s: float) -> None:
    """So much time passes, all but the first and the last minute of it in one leap: what wakes up
    at intervals does so once for it, which a day of an idle device takes thousands of times.
    """
    await asyncio.sleep(min(60, delay_s / 2))
    leap: Any = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    leap.now_s += max(0, delay_s - 120)
    await asyncio.sleep(min(60, delay_s / 2))


class _EitherClock(StoryClock):
    """The story's clock within one, else the machine's: so it may stay in its place, where a test
    that puts its own there within a story would else bring the story's back after it.
    """

    def time(self) -> float:
        return super().time() if _is_story() else time.time()

    def monotonic_ns(self) -> int:
        return super().monotonic_ns() if _is_story() else time.monotonic_ns()

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


def _is_story() -> bool:
    with contextlib.suppress(RuntimeError):
        loop: Any = asyncio.get_running_loop()
        return isinstance(getattr(loop, "_selector", None), LeapingSelector)
    return False


_CLOCK = _EitherClock()


def virtually(work: Coroutine[Any, Any, _Result]) -> _Result:
    """What a coroutine comes to; time in it is virtual, unless the test has given the firmware
    a clock.
    """
    if compat.time is time:
        compat.time = _CLOCK
    with asyncio.Runner(loop_factory=virtual_loop) as runner:
        return runner.run(work)


def story(function: Callable[..., Coroutine]) -> Callable[..., None]:
    """Makes a test of a coroutine function; time in it is virtual."""

    @functools.wraps(function)
    def test(*args: Any, **kwargs: Any) -> None:
        virtually(function(*args, **kwargs))

    return test
