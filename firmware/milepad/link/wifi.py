"""Keeps the Wi-Fi up, for ever; `WifiSockets` opens the one socket. No HTTP, TLS or screen.

What radios are known for, and what is done about it:

- `connect()` fails on a radio that is still busy: `disconnect()` comes first, then a pause;
- connecting can hang: after 20 s the radio is switched off and on;
- `isconnected()` lies: the link counts as up when it has had an address for 3 s, and as
  down when sockets fail three times in a row;
- `getaddrinfo()` hangs without a link: it is called only when the link is up, once a host;
- a time server is asked before the link counts as up, and again while that fails; it may
  answer with anything, so what it says goes to the Timekeeper and no fault of it ends a task.
"""

import asyncio
import errno

from milepad.base.compat import const, sleep_ms

_STEP_MS = const(500)
_PAUSE_MS = const(1000)
_CONNECT_STEPS = const(40)
_STABLE_STEPS = const(6)
_CLOCK_STEPS = const(10)
_CLOCK_AGAIN_STEPS = const(172800)  # a day
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
    """`radio`: as `network.WLAN(network.WLAN.IF_STA)`.

    `ntp_s()` asks a time server for the seconds since 1970; `time` is the device's
    Timekeeper. `log(text)` takes a line; no password is ever in one. `join()` it, and let
    `run()` be a task. `failures` is counted by who opens sockets: how many failed in a row.
    """

    def __init__(self, radio, ntp_s, time, log, sleep=sleep_ms):
        self.failures = 0
        self._radio = radio
        self._ntp_s = ntp_s
        self._time = time
        self._log = log
        self._sleep = sleep
        self._ssid = ""
        self._password = ""
        self._up = False
        self._clock_steps = 0  # until the time is asked for (again)
        self._said = ""

    def join(self, ssid: str, password: str) -> None:
        """Which network to use from now on; the same one again changes nothing."""
        if (ssid, password) != (self._ssid, self._password):
            self._ssid, self._password = ssid, password
            self._up = False

    def is_up(self) -> bool:
        """Whether a socket may be opened: the radio is asked, for its news is the latest."""
        return self._up and self._has_address()

    async def run(self) -> None:
        """Connects and reconnects for ever."""
        while True:
            try:
                if self._ssid and await self._connect() and await self._is_stable():
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
        radio.connect(self._ssid, self._password)
        for _ in range(_CONNECT_STEPS):
            await self._sleep(_STEP_MS)
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
            await self._sleep(_STEP_MS)
            if not self._has_address():
                self._say("lost at once")
                return False
        return True

    async def _hold(self) -> None:
        """The link is there; returns when it is not any more."""
        network = (self._ssid, self._password)
        self.failures = self._clock_steps = 0
        while self._has_address() and self.failures < _MAX_FAILURES:
            if network != (self._ssid, self._password):
                return
            self._keep_clock()
            if not self._up:
                self._up = True
                self._say("up")
            await self._sleep(_STEP_MS)
        self._say("down")

    def _keep_clock(self) -> None:
        """Asks for the time when it is due; a time that was given up is asked for soon."""
        self._clock_steps -= 1
        if not self._time.is_set():
            self._clock_steps = min(self._clock_steps, _CLOCK_STEPS)
        if self._clock_steps > 0:
            return
        try:
            good = self._time.note_ntp(self._ntp_s())
            text = ""
        except (OSError, ValueError, ArithmeticError, IndexError, RuntimeError) as fault:
            good = False
            text = type(fault).__name__
        # Once the platform has dated the clock, nobody waits for a time server.
        done = good or self._time.is_proven()
        self._clock_steps = _CLOCK_AGAIN_STEPS if done else _CLOCK_STEPS
        if text and not done:
            self._log("wifi: no time (%s)" % text)

    def _say(self, text: str) -> None:
        """Logs what is new."""
        if text != self._said:
            self._said = text
            self._log("wifi: " + text)


class WifiSockets(Wifi):
    """The same, with its sockets; `net`: what has `getaddrinfo`."""

    def __init__(self, radio, net, ntp_s, time, log, sleep=sleep_ms):
        super().__init__(radio, ntp_s, time, log, sleep)
        self._net = net
        self._addresses: dict = {}
        self._socket = None

    async def _hold(self) -> None:
        self._addresses.clear()  # another network may have others
        await super()._hold()

    async def open_socket(self, host: str, port: int):
        """A connected, non-blocking stream socket; the one before it is closed.

        Raises OSError when the link is down or there is no way through.
        """
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if not self.is_up():
            raise OSError(errno.EHOSTUNREACH)
        try:
            address = self._addresses.get(host)
            if not address:
                address = self._net.getaddrinfo(host, port)[0][-1][0]
            self._socket = await self._open(address, port)
        except OSError:
            self.failures += 1
            self._addresses.pop(host, None)  # it may have moved
            raise
        self.failures = 0
        self._addresses[host] = address
        return self._socket

    async def _open(self, address: str, port: int):
        stream, _ = await asyncio.open_connection(address, port)
        return stream.s  # type: ignore[attr-defined]
