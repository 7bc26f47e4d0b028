"""The few lines that differ between MicroPython, CircuitPython and CPython.

Everything else in the firmware is the same on all three.
"""

import asyncio
import gc
import os
import sys
import time

IS_MICROPYTHON = sys.implementation.name == "micropython"
IS_CIRCUITPYTHON = sys.implementation.name == "circuitpython"

if IS_MICROPYTHON or IS_CIRCUITPYTHON:
    from micropython import const
else:

    def const(value):  # type: ignore[misc]
        """Marks a number that the cross-compiler may fold into the code."""
        return value


# Ports count from 1970 or from 2000; the platform and certificates count from 1970.
_EPOCH_OFFSET_S = 946684800 if time.gmtime(0)[0] == 2000 else 0

# No device that runs this lives before it: an earlier time means that the clock is not set.
BUILD_EPOCH_S = 1767225600  # 2026-01-01T00:00:00Z


def unix_time() -> int:
    """Seconds since 1970-01-01T00:00:00Z, as far as the device's clock is set."""
    return int(time.time()) + _EPOCH_OFFSET_S


def forget(*modules) -> None:
    """Drops modules, or what has such a name, so that their code's heap is free again.

    A package holds its modules as attributes too; both references have to go.
    """
    for module in modules:
        name = module if isinstance(module, str) else module.__name__
        if sys.modules.pop(name, None) is None:
            continue
        package, _, own = name.rpartition(".")
        parent = sys.modules.get(package)
        if parent is not None and hasattr(parent, own):
            delattr(parent, own)


def collect_early() -> None:
    """Keeps the heap in one piece, where a port lets it: a checkout needs 19 KiB less."""
    if hasattr(gc, "threshold"):
        gc.threshold(gc.mem_free() // 32)  # type: ignore[attr-defined]


def random_bytes(count: int) -> bytes:
    """`count` bytes of the port's own entropy source."""
    return os.urandom(count)


if IS_MICROPYTHON or hasattr(time, "ticks_ms"):
    ticks_ms = time.ticks_ms
    ticks_diff = time.ticks_diff
else:

    def ticks_ms() -> int:
        """Milliseconds of a clock that never jumps."""
        return time.monotonic_ns() // 1000000  # type: ignore[attr-defined]

    def ticks_diff(end: int, start: int) -> int:
        """Milliseconds from `start` to `end`, both of `ticks_ms`."""
        return end - start


if IS_MICROPYTHON or hasattr(asyncio, "sleep_ms"):
    sleep_ms = asyncio.sleep_ms
    wait_for_ms = asyncio.wait_for_ms  # type: ignore[attr-defined]
else:

    async def sleep_ms(delay_ms: int) -> None:  # type: ignore[misc]
        """Lets the other tasks run for `delay_ms` milliseconds."""
        await asyncio.sleep(delay_ms / 1000)

    async def wait_for_ms(awaitable, timeout_ms: int):
        """The awaitable's result, or asyncio.TimeoutError after `timeout_ms`."""
        return await asyncio.wait_for(awaitable, timeout_ms / 1000)
