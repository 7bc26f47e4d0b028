"""A till on a serial line: the same frames as over TCP, on a UART or USB.

A line has no beginning and no end. When what comes is no frame, or stops within one, what is
left of it is passed over until the line is quiet, and the next byte begins a frame.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.pinpad.server import Connection

if TYPE_CHECKING:
    from milepad.base.protocols import Log
    from milepad.drivers.protocols import Uart
    from milepad.pinpad.service import Service

_POLL_MS = const(10)
_QUIET_MS = const(200)
_SILENT_MS = const(86400000)  # a day: far below half of any port's ticks
_SLICE_BYTES = const(256)  # what a UART takes at a time without holding up the other tasks


class SerialStream:
    """A UART with the interface of asyncio's streams, as far as a `Connection` uses it."""

    def __init__(self, uart: "Uart"):
        self._uart = uart
        self._waiting = b""

    async def read(self, count: int) -> bytes:
        """What has come in, at most `count` bytes; waits for the first."""
        while True:
            raw = self._uart.read(min(count, self._uart.any()))
            if raw:
                return raw
            await sleep_ms(_POLL_MS)

    def write(self, raw: bytes) -> None:
        """Takes bytes that `drain` sends."""
        self._waiting += raw

    async def drain(self) -> None:
        """Sends what was written."""
        while self._waiting:
            count = self._uart.write(self._waiting[:_SLICE_BYTES]) or 0
            self._waiting = self._waiting[count:]
            await sleep_ms(_POLL_MS if not count else 0)

    async def quiet(self) -> None:
        """Passes over what comes until nothing has come for a while."""
        quiet_ms = 0
        while quiet_ms < _QUIET_MS:
            waiting = self._uart.any()
            quiet_ms = 0 if waiting else quiet_ms + _POLL_MS
            if waiting:
                self._uart.read(waiting)
            await sleep_ms(_POLL_MS)


class Line(Connection):
    """The one till of a serial line: its silence takes nobody's place, and ends nothing."""

    first_ms = idle_ms = _SILENT_MS


async def serve(uart: "Uart", service: "Service", log: "Log") -> None:
    """Serves the till at the other end for ever."""
    stream = SerialStream(uart)
    while True:
        await Line(service, stream, stream, log).run()
        await stream.quiet()
