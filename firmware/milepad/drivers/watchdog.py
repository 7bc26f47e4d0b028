"""Feeds a hardware watchdog as long as the tasks run: it resets the board when they do not.

What may take long (a handshake, a slow platform) waits in steps, so it lets this task run.
A few calls of some ports block for longer than their watchdog can be set to, looking up a
name for instance: a timer may call `tick` each second, which feeds for `grace_s` more.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms

if TYPE_CHECKING:
    from milepad.base.protocols import Sleep
    from milepad.drivers.protocols import HardwareWatchdog

_FEED_MS = const(1000)


class Watchdog:
    """`hardware`: the watchdog, armed already. `grace_s`: how long `tick` may feed it alone."""

    def __init__(
        self, hardware: "HardwareWatchdog", grace_s: int = 0, sleep: "Sleep" = sleep_ms
    ):
        self._hardware = hardware
        self._grace_s = grace_s
        self._left_s = 0
        self._sleep = sleep

    async def run(self) -> None:
        """The liveness task: feeds for ever."""
        while True:
            self._hardware.feed()
            self._left_s = self._grace_s
            await self._sleep(_FEED_MS)

    def tick(self, _timer: object = None) -> None:
        """Once a second, from a timer: feeds while the grace period lasts. Allocates nothing."""
        if self._left_s > 0:
            self._left_s -= 1
            self._hardware.feed()
