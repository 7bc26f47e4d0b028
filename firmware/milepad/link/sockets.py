"""Opens the device's one socket, on ports with a `socket` module. No TLS, no HTTP.

`getaddrinfo()` hangs without a link: it is called only when the link is up, once a host.
"""

import asyncio
import errno

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from milepad.link.protocols import Resolver
    from milepad.link.wifi import Wifi


class Sockets:
    """At most one socket at a time over `wifi`; `net`: what has `getaddrinfo`."""

    def __init__(self, wifi: "Wifi", net: "Resolver"):
        self._wifi = wifi
        self._net = net
        self._addresses: dict[str, str] = {}
        self._links = 0  # the link that the addresses are of
        self._socket: Any = None

    async def open(self, host: str, port: int) -> "Any":
        """A connected, non-blocking stream socket; the one before it is closed.

        Raises OSError when the link is down or there is no way through.
        """
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if not self._wifi.is_up():
            raise OSError(errno.EHOSTUNREACH)
        if self._links != self._wifi.links:
            self._links = self._wifi.links
            self._addresses.clear()  # another network may have others
        try:
            address = self._addresses.get(host)
            if not address:
                address = self._net.getaddrinfo(host, port)[0][-1][0]
            self._socket = await self._connect(address, port)
        except OSError:
            self._wifi.failures += 1
            self._addresses.pop(host, None)  # it may have moved
            raise
        self._wifi.failures = 0
        self._addresses[host] = address
        return self._socket

    async def _connect(self, address: str, port: int) -> "Any":
        stream, _ = await asyncio.open_connection(address, port)
        return stream.s  # type: ignore[attr-defined]
