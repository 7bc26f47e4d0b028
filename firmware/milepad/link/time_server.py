"""When a time server is asked, while the link is there.

At once; then again after 5 s, 10 s and so on up to a quarter of an hour until it answers, and
once a day from then on. A certificate that is refused may be so because of the clock: then it
is asked soon. It may answer with anything: what it says goes to the Timekeeper, which bounds
it, and no fault of a port's network ends a task.
"""

import asyncio

from milepad.base.compat import TYPE_CHECKING, const, wait_for_ms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from milepad.base.protocols import Log
    from milepad.link.protocols import DeviceTime

_ANSWER_MS = const(2000)
# In steps of the Wi-Fi, half a second each.
_FIRST_STEPS = const(10)
_LONGEST_STEPS = const(1800)
_NEXT_DAY_STEPS = const(172800)
# What a network raises that cannot be asked, and what comes of a reply that is none.
_FAULTS = (
    OSError,
    asyncio.TimeoutError,
    ArithmeticError,
    IndexError,
    MemoryError,
    RuntimeError,
)


class TimeServer:
    """`ask(host)` is a coroutine for the seconds since 1970; `time` the device's Timekeeper.

    `host` is the server's name or address; "": none is asked.
    """

    def __init__(
        self,
        ask: "Callable[[str], Awaitable[int]]",
        time: "DeviceTime",
        log: "Log",
    ):
        self.host = ""
        self._ask = ask
        self._time = time
        self._log = log
        self._refusals = 0  # of certificates, when it was asked last
        self.begin()

    def begin(self) -> None:
        """The link was made, or there is another server: the next step asks."""
        self._steps = 0  # until it is asked (again)
        self._pause_steps = _FIRST_STEPS

    async def step(self) -> None:
        """Asks when it is due, for two seconds at most."""
        self._steps -= 1
        if self._time.refusals != self._refusals:
            self._pause_steps = _FIRST_STEPS
            self._steps = min(self._steps, _FIRST_STEPS)
            self._refusals = self._time.refusals
        if self._steps > 0 or not self.host:
            return
        fault = await self._fault()
        # Once the platform has dated the clock, nobody waits for a time server.
        if fault is None or self._time.is_proven():
            self._steps = _NEXT_DAY_STEPS
            return
        if fault:
            self._log("wifi: no time (%s)" % fault)
        self._steps = self._pause_steps
        self._pause_steps = min(2 * self._pause_steps, _LONGEST_STEPS)

    async def _fault(self) -> str | None:
        """None when the answer was good, "" when it was not believed, or what is wrong."""
        try:
            now_s = await wait_for_ms(self._ask(self.host), _ANSWER_MS)
        except ValueError:  # it has no time, or wants to be left alone
            self._pause_steps = _LONGEST_STEPS
            return "it refuses"
        except _FAULTS as fault:
            return type(fault).__name__
        return None if self._time.note_ntp(now_s) else ""
