"""Opens the device's one socket, on ports with a `socket` module. No TLS, no HTTP.

An address is kept only once TLS has proved who is there, and dropped after a failure of any
kind: the host may have moved. Of several the next one is tried.
"""

import asyncio
import errno

from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING
from milepad.link.names import Names

if TYPE_CHECKING:
    from typing import Any

    from milepad.link.protocols import Resolver
    from milepad.link.wifi import Wifi

if IS_MICROPYTHON:
    from asyncio import core  # type: ignore[attr-defined]

    def _connected(sock: "Any", address: "Any") -> "Any":
        """Begins to connect and waits; a refusal is told by the first write."""
        try:
            sock.connect(address)
        except OSError as fault:
            if fault.errno != errno.EINPROGRESS:
                raise
        yield core._io_queue.queue_write(sock)

else:

    async def _connected(sock: "Any", address: "Any") -> None:
        """Connects."""
        await asyncio.get_running_loop().sock_connect(sock, address)


class Sockets:
    """At most one socket at a time over `wifi`; `net`: as the module `socket`."""

    def __init__(self, wifi: "Wifi", net: "Resolver"):
        self._wifi = wifi
        self._net = net
        self._names = Names(net, wifi.name_server)
        self._addresses: dict[str, list[str]] = {}  # of a host: to be tried, in this order
        self._links = 0  # the link that the addresses are of
        self._host = ""  # whose first address was tried last
        self._socket: Any = None

    async def open(self, host: str, port: int) -> "Any":
        """A connected, non-blocking stream socket; the one before it is closed.

        Raises OSError when the link is down or there is no way through. Who opened it tells
        what came of it: `note_verified`, `next_address` or `note_failed`.
        """
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if not self._wifi.is_up():
            raise OSError(errno.EHOSTUNREACH)
        if self._links != self._wifi.links:
            self._links = self._wifi.links
            self._addresses.clear()  # another network may have others
        self._host = host
        if host not in self._addresses:
            self._addresses[host] = await self._look_up(host, port)
        self._socket = await self._connect(self._addresses[host][0], port)
        return self._socket

    def note_verified(self) -> None:
        """TLS has proved who is at the address: it is the one to use from now on."""
        self._wifi.failures = 0
        self._addresses[self._host] = self._addresses[self._host][:1]

    def next_address(self) -> bool:
        """The address was no good; whether the host has another one, which is tried next."""
        waiting = self._addresses.pop(self._host, [])[1:]
        if waiting:
            self._addresses[self._host] = waiting
        return bool(waiting)

    def note_failed(self) -> None:
        """Nothing could be sent: the Wi-Fi counts it, if it is up at all."""
        if self._wifi.is_up():
            self._wifi.failures += 1
        self.next_address()

    async def _look_up(self, host: str, port: int) -> list[str]:
        return await self._names.addresses(host, port)

    async def _connect(self, address: str, port: int) -> "Any":
        net: Any = self._net
        info = net.getaddrinfo(address, port, 0, net.SOCK_STREAM)[0]
        sock = net.socket(info[0], info[1], info[2])
        try:
            sock.setblocking(False)
            _send_at_once(net, sock)
            await _connected(sock, info[-1])
        except (OSError, asyncio.CancelledError):
            sock.close()
            raise
        return sock


def _send_at_once(net: "Any", sock: "Any") -> None:
    """Nagle's algorithm would hold back the end of a handshake for 40 ms."""
    try:
        level = getattr(net, "IPPROTO_TCP", 6)
        sock.setsockopt(level, getattr(net, "TCP_NODELAY", 1), 1)
    except (OSError, ValueError):
        pass  # a port without that option
