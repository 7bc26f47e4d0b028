"""Keeps the Wi-Fi up, for ever. No sockets, no HTTP, no screen.

What radios are known for, and what is done about it:

- `connect()` fails on a radio that is still busy: `disconnect()` comes first, then a pause;
- connecting can hang: after 20 s the radio is switched off and on;
- `isconnected()` lies: the link counts as up when it has had an address for 3 s, and as
  down when sockets fail three times in a row.

A time server is asked before the link counts as up, see `time_server`.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms

if TYPE_CHECKING:
    from milepad.base.protocols import Log, Sleep
    from milepad.link.protocols import Radio
    from milepad.link.time_server import TimeServer

STEP_MS = const(500)  # how often the radio is looked at
_PAUSE_MS = const(1000)
_CONNECT_STEPS = const(40)
_STABLE_STEPS = const(6)
_MAX_FAILURES = const(3)

# ESP32: 200 and above; CYW43 (RP2): below 0.
_REASONS = {
    200: "the access point is gone",
    201: "no such network",
    202: "wrong password",
    203: "refused",
    204: "wrong password",
    -1: "connecting failed",
    -2: "no such network",
    -3: "wrong password",
}


class Wifi:
    """One radio; `join()` a network, and let `run()` be a task.

    `log(text)` takes a line; no password is ever in one. `failures` is counted by who opens
    sockets: how many failed in a row. `links` is how often the link was made anew, so that
    who keeps addresses knows when another network may have others.
    """

    def __init__(
        self, radio: "Radio", clock: "TimeServer", log: "Log", sleep: "Sleep" = sleep_ms
    ):
        self.failures = 0
        self.links = 0
        self._radio = radio
        self._clock = clock
        self._log = log
        self._sleep = sleep
        self._network = ("", "")  # name and password
        self._up = False
        self._said = ""

    def join(self, ssid: str, password: str, time_host: str = "") -> None:
        """Which network to use from now on; the same one again changes nothing.

        `time_host`: whom to ask for the time there, see `TimeServer`.
        """
        if time_host != self._clock.host:
            self._clock.host = time_host
            self._clock.begin()
        if (ssid, password) != self._network:
            self._network = (ssid, password)
            self._up = False

    def is_up(self) -> bool:
        """Whether a socket may be opened: the radio is asked, for its news is the latest."""
        return self._up and self._has_address()

    def address(self) -> str:
        """The device's own, "" without a link."""
        return self._radio.ifconfig()[0] if self._has_address() else ""

    def signal_dbm(self) -> int | None:
        """How strong the access point arrives, or None."""
        try:
            return self._radio.status("rssi") if self._has_address() else None
        except OSError:  # lost between the two questions
            return None

    def name_server(self) -> str:
        """The name server's address that the network gave; "" when the radio tells none."""
        told = self._radio.ifconfig()
        return told[3] if len(told) > 3 else ""

    async def run(self) -> None:
        """Connects and reconnects for ever."""
        while True:
            try:
                if self._network[0] and await self._connect() and await self._is_stable():
                    await self._hold()
            except OSError as fault:
                self._say("radio error %s" % (fault.args[0] if fault.args else "?"))
            except Exception as fault:  # noqa: BLE001  (the top of a task)
                self._say(type(fault).__name__)
            self._up = False
            await self._sleep(_PAUSE_MS)

    async def _connect(self) -> bool:
        """One attempt; whether it ended with an address."""
        radio = self._radio
        radio.active(True)
        try:
            radio.disconnect()
        except OSError:
            pass  # it was not connected
        await self._sleep(_PAUSE_MS)
        radio.connect(*self._network)
        for _ in range(_CONNECT_STEPS):
            await self._sleep(STEP_MS)
            if self._has_address():
                return True
            reason = _REASONS.get(radio.status())
            if reason:
                self._say(reason)
                return False
        self._say("no answer")
        radio.active(False)
        return False

    def _has_address(self) -> bool:
        return self._radio.isconnected() and self._radio.ifconfig()[0] != "0.0.0.0"

    async def _is_stable(self) -> bool:
        for _ in range(_STABLE_STEPS):
            await self._sleep(STEP_MS)
            if not self._has_address():
                self._say("lost at once")
                return False
        return True

    async def _hold(self) -> None:
        """The link is there; returns when it is not any more."""
        network = self._network
        self.failures = 0
        self.links += 1
        self._clock.begin()
        while self._has_address() and self.failures < _MAX_FAILURES:
            if network != self._network:
                return
            await self._clock.step()
            if not self._up:
                self._up = True
                self._say("up")
            await self._sleep(STEP_MS)
        self._say("down")

    def _say(self, text: str) -> None:
        """Logs what is new."""
        if text != self._said:
            self._said = text
            self._log("wifi: " + text)
