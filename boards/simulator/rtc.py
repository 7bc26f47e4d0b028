"""The simulated chip's clock and the time server that it asks.

The simulated board has the clock of an RP2350: it begins on 2021-01-01 whenever power comes,
and no battery keeps it. Its seconds are as long as the desktop's. The clock replaces `time` in
`base.compat`, so all of the firmware sees it. What cannot be virtual: mbedTLS (MicroPython's
unix port) and OpenSSL (CPython) read the process's own clock when they check a certificate's
dates; on a chip they read this one. On MicroPython `certificates` checks them by this one too.
"""

import errno
import struct
import time

from milepad.base import compat

START_S = 1609459200  # 2021-01-01T00:00:00Z, RP2350


class VirtualRtc:
    """In the place of the module `time`; `set` is what `machine.RTC` does."""

    def __init__(self) -> None:
        self._ahead_s = 0.0  # of the desktop's clock
        self.set(START_S)

    def time(self) -> float:
        """Seconds since 1970, as the chip believes."""
        return time.time() + self._ahead_s

    def set(self, unix_s: int) -> None:
        """Sets the clock; it runs on from there."""
        self._ahead_s = unix_s - time.time()

    def monotonic_ns(self) -> int:
        """What CPython's ticks are made of; no clock moves it."""
        return time.monotonic_ns()  # type: ignore[attr-defined]

    def install(self) -> None:
        """From now on the firmware's time is this one."""
        compat.time = self  # type: ignore[assignment]


class VirtualNtp:
    """The time server in the air. It tells the desktop's time until it is told otherwise."""

    def __init__(self) -> None:
        self._is_there = True
        self._ahead_s = 0.0

    def take(self, raw: bytes) -> None:
        """A frame's payload: b"0" absent, b"1" the desktop's time, b"=" and 8 bytes of time."""
        self._is_there = raw[:1] != b"0"
        self._ahead_s = 0.0
        if raw[:1] == b"=" and len(raw) == 9:
            self._ahead_s = struct.unpack(">q", raw[1:])[0] - time.time()

    async def ask(self, host: str) -> int:
        """What a board's NTP client makes of it, whatever the server is called."""
        return self.unix_s()

    def unix_s(self) -> int:
        """Asks the server; OSError when nobody answers."""
        if not self._is_there:
            raise OSError(errno.ETIMEDOUT)
        return int(time.time() + self._ahead_s)
