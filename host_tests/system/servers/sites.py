"""What a shop's platform may stand behind: sites that behave alike on nginx and on haproxy."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

DOWN = 0  # in place of a port: nobody listens there
LONG_HEADERS = {
    "Content-Security-Policy": 1500,
    "Link": 3000,
    "X-Trace": 900,
}  # bytes of each


@dataclass(frozen=True)
class Site:
    """One port of a server: how it speaks TLS, how it treats a connection, where it leads.

    `behaves` is a row of BEHAVIOURS; `checks_tokens` has nginx ask the OAuth server about
    each token, and give the platform its own. `platform` and `tokens` are the ports that
    /checkout/ and everything else lead to, or DOWN.
    """

    name: str
    shown: Path
    platform: int
    tokens: int
    behaves: str = "kept"
    tls: str = ""  # the only version, for example 1.2; empty: the program's default
    signatures: str = ""  # what the server signs with, as OpenSSL names it
    bearer: str = ""  # the platform's own token, behind a gateway that checks the device's


# By behaviour: nginx's lines in a server, haproxy's in a frontend, haproxy's in a backend.
BEHAVIOURS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "kept": (["keepalive_timeout 75s;"], ["timeout http-keep-alive 75s"], []),
    "impatient": (["keepalive_timeout 1s;"], ["timeout http-keep-alive 1s"], []),
    "once": (["keepalive_requests 1;"], ["option httpclose"], []),
    "long heads": (
        [f'add_header {n} "{"x" * size}" always;' for n, size in LONG_HEADERS.items()],
        [f"http-response add-header {n} {'x' * size}" for n, size in LONG_HEADERS.items()],
        [],
    ),
    "gzip": (
        [
            "gzip on;",
            "gzip_min_length 1;",
            "gzip_proxied any;",
            "gzip_types application/json;",
        ],
        ["compression algo gzip", "compression type application/json"],
        [],
    ),
    "hasty": (["proxy_read_timeout 8s;"], [], ["timeout server 8s"]),
}


class Ports:
    """Listening sockets of this process that its servers are given, so that nobody else can
    take their ports in between; and one where nobody listens."""

    def __init__(self) -> None:
        self._sockets: dict[str, socket.socket] = {}
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))

    def up(self, port: int) -> int:
        """That port; in place of DOWN one that refuses every connection."""
        return port or int(self._closed.getsockname()[1])

    def descriptor(self, name: str) -> int:
        """The socket of a site."""
        if name not in self._sockets:
            self._sockets[name] = socket.create_server(("127.0.0.1", 0))
        return self._sockets[name].fileno()

    def number(self, name: str) -> int:
        """The port of a site."""
        self.descriptor(name)
        return int(self._sockets[name].getsockname()[1])

    @property
    def descriptors(self) -> list[int]:
        """All of them."""
        return [sock.fileno() for sock in self._sockets.values()]

    def close(self) -> None:
        """Gives all ports back."""
        for sock in (self._closed, *self._sockets.values()):
            sock.close()
