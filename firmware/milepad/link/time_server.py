"""When a time server is asked, while the link is there: at once, and again while that fails.

It may answer with anything: what it says goes to the Timekeeper, which bounds it, and no
fault of a port's or a library's NTP client ends a task.
"""

from milepad.base.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.base.protocols import Log
    from milepad.link.protocols import DeviceTime

# In steps of the Wi-Fi, half a second each.
_AGAIN_STEPS = const(10)
_NEXT_DAY_STEPS = const(172800)
# What NTP clients raise for a reply that is none.
_FAULTS = (OSError, ValueError, ArithmeticError, IndexError, RuntimeError)


class TimeServer:
    """`ntp_s()` asks for the seconds since 1970 and blocks; `time` is the device's Timekeeper."""

    def __init__(self, ntp_s: "Callable[[], int]", time: "DeviceTime", log: "Log"):
        self._ntp_s = ntp_s
        self._time = time
        self._log = log
        self._steps = 0  # until it is asked (again)

    def begin(self) -> None:
        """The link was made: the next step asks."""
        self._steps = 0

    def step(self) -> None:
        """Asks when it is due; a time that was given up is asked for soon."""
        self._steps -= 1
        if not self._time.is_set():
            self._steps = min(self._steps, _AGAIN_STEPS)
        if self._steps > 0:
            return
        text = self._ask()
        # Once the platform has dated the clock, nobody waits for a time server.
        done = text is None or self._time.is_proven()
        self._steps = _NEXT_DAY_STEPS if done else _AGAIN_STEPS
        if text and not done:
            self._log("wifi: no time (%s)" % text)

    def _ask(self) -> str | None:
        """None when the answer was good, "" when it was not believed, or the fault's name."""
        try:
            return None if self._time.note_ntp(self._ntp_s()) else ""
        except _FAULTS as fault:
            return type(fault).__name__
