"""What a board hands to the library, on a desktop: a socket pool and a TLS context.

Both keep every socket that they made, so that a test can tell which are still open.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any, ClassVar

import adafruit_requests
import trustme

from host_tests.kit.tls_server import der
from milepad.link.circuitpython.urequests import Requests

_SPINS = 1000


class Spinning(BaseException):
    """The library goes round and round; on a device only a watchdog would end that."""


class Stream(ssl.SSLSocket):
    """A TLS socket that counts, and ends an endless loop of the library."""

    sends = 0
    idle_calls = 0

    def send(self, data: Any, flags: int = 0) -> int:
        self.sends += 1
        return super().send(data, flags)

    def recv_into(self, *args: Any) -> int:  # type: ignore[override]
        count = super().recv_into(*args)
        self.idle_calls = 0 if count else self.idle_calls + 1
        if self.idle_calls > _SPINS:
            raise Spinning
        return count


class Context(ssl.SSLContext):
    """CPython's, in a radio that keeps what it makes."""

    made: ClassVar[dict[int, list[Any]]] = {}
    sslsocket_class = Stream

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        stream = super().wrap_socket(*args, **options)
        self.made.setdefault(id(self), []).append(stream)
        return stream


class Radio:
    """A SocketPool; `bare()` and `guarded()` are the library and the shim over it."""

    AF_INET = socket.AF_INET
    SOCK_STREAM = socket.SOCK_STREAM

    def __init__(self, authority: trustme.CA) -> None:
        self.root = der(authority)
        self.context = Context(ssl.PROTOCOL_TLS_CLIENT)
        self.sockets: list[socket.socket] = []
        self.streams: list[Stream] = Context.made.setdefault(id(self.context), [])

    def getaddrinfo(self, host: str, port: int, family: int = 0, kind: int = 0) -> list:
        return socket.getaddrinfo(host, port, socket.AF_INET, kind)

    def socket(self, family: int, kind: int) -> socket.socket:
        self.sockets.append(socket.socket(family, kind))
        return self.sockets[-1]

    def open_sockets(self) -> int:
        return sum(each.fileno() != -1 for each in [*self.sockets, *self.streams])

    def bare(self) -> adafruit_requests.Session:
        """The library as its documentation says."""
        self.context.load_verify_locations(cadata=self.root)
        return adafruit_requests.Session(self, self.context)

    def guarded(self, **options: Any) -> Requests:
        return Requests(self, self.context, self.root, **options)

    def close(self) -> None:
        for each in [*self.sockets, *self.streams]:
            each.close()
        Context.made.pop(id(self.context), None)


class Link:
    """Stands for the Wi-Fi: what the client asks of it and tells it."""

    def __init__(self) -> None:
        self.up = True
        self.failures = 0

    def is_up(self) -> bool:
        return self.up
