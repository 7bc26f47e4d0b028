"""The simulated board's Wi-Fi: the firmware's own on a virtual radio.

The radio hears one access point, a relay in the desktop's program. Its seconds are short:
joining takes 0.02 s, on a real board 4.5 s.
"""

import asyncio
import socket

from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING, const, sleep_ms
from milepad.link.sockets import Sockets
from milepad.link.wifi import Wifi

if TYPE_CHECKING:
    from typing import Any, Awaitable

    from milepad.base.protocols import Log
    from milepad.link.time_server import TimeServer

_TIME_FACTOR = const(20)
_SIGNAL_DBM = const(-50)  # the access point is on the same desk


class VirtualRadio:
    """As `network.WLAN`; `is_in_range` is set by the frames from the desktop."""

    def __init__(self, is_in_range: bool):
        self.is_in_range = is_in_range
        self.signal_dbm = _SIGNAL_DBM
        self._is_joined = False

    def active(self, on: bool) -> None:
        """Switches it on or off."""
        self._is_joined = self._is_joined and on

    def disconnect(self) -> None:
        """Leaves the network."""
        self._is_joined = False

    def connect(self, ssid: str, password: str) -> None:
        """Joins whatever network is there."""
        self._is_joined = True

    def isconnected(self) -> bool:
        """Whether the access point is heard, too: a cut is noticed at once."""
        return self._is_joined and self.is_in_range

    def status(self, what: str = "") -> int:
        """0, or why connecting failed, as the CYW43 has it; of "rssi", the signal."""
        if what == "rssi":
            return self.signal_dbm
        return 0 if self.is_in_range else -2

    def ifconfig(self) -> tuple[str]:
        """The address."""
        return ("192.0.2.2" if self.isconnected() else "0.0.0.0",)


class VirtualWifi(Wifi):
    """The firmware's Wi-Fi, with short seconds."""

    def __init__(self, radio: VirtualRadio, clock: "TimeServer", log: "Log"):
        super().__init__(radio, clock, log, self._short_sleep)
        self._virtual_radio = radio

    def _short_sleep(self, delay_ms: int) -> "Awaitable[object]":
        """A moment while it joins what is there; else short enough to notice at once."""
        is_joining = self._virtual_radio.is_in_range and not self._up
        return sleep_ms(1 if is_joining else delay_ms // _TIME_FACTOR)


class VirtualSockets(Sockets):
    """The firmware's sockets, through the desktop's access point."""

    def __init__(self, wifi: VirtualWifi, access_point_port: int):
        super().__init__(wifi, socket)
        self._access_point = ("127.0.0.1", access_point_port)

    async def _look_up(self, host: str, port: int) -> list[str]:
        """The access point looks up names, so a name stays one."""
        return [host]

    async def _connect(self, address: str, port: int) -> "Any":
        preface = ("CONNECT %s %d\n" % (address, port)).encode()
        if IS_MICROPYTHON:
            stream, _ = await asyncio.open_connection(*self._access_point)
            connection = stream.s  # type: ignore[attr-defined]
            try:
                connection.write(preface)
            except OSError:  # a refused connection tells it here
                connection.close()
                raise
            return connection
        loop = asyncio.get_running_loop()
        connection = socket.socket()
        connection.setblocking(False)
        try:
            await loop.sock_connect(connection, self._access_point)
            await loop.sock_sendall(connection, preface)
        except (OSError, asyncio.CancelledError):
            connection.close()
            raise
        return connection
