"""The simulated board's Wi-Fi: sockets to the desktop's access point, which relays them."""

import asyncio
import errno
import socket

from milepad.base.pythons import IS_MICROPYTHON


class VirtualWlan:
    """The link as the radio sees it; `up` is set by the frames from the desktop."""

    def __init__(self, up: bool = True):
        self.up = up

    def is_up(self) -> bool:
        """Whether the access point is there."""
        return self.up

    def join(self, ssid: str, password: str) -> None:
        """Nothing to do: the link comes and goes by itself."""


async def open_socket(wlan: VirtualWlan, access_point_port: int, host: str, port: int):
    """A connected, non-blocking stream socket to `host`:`port`.

    Raises OSError when the Wi-Fi is down or the access point refuses.
    """
    if not wlan.is_up():
        raise OSError(errno.EHOSTUNREACH)
    preface = ("CONNECT %s %d\n" % (host, port)).encode()
    if IS_MICROPYTHON:
        stream, _ = await asyncio.open_connection("127.0.0.1", access_point_port)
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
        await loop.sock_connect(connection, ("127.0.0.1", access_point_port))
        await loop.sock_sendall(connection, preface)
    except (OSError, asyncio.CancelledError):
        connection.close()
        raise
    return connection
