"""The libraries from PyPI, servers that follow a script, and a radio to reach them."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from host_tests.kit.tls_server import Exchange, TlsServer, server_context

LIBRARIES = Path(__file__).resolve().parents[3] / ".tools" / "circuitpython"
if not (LIBRARIES / "adafruit_requests.py").is_file():
    raise pytest.UsageError("the CircuitPython libraries are missing; run: make setup")
sys.path.append(str(LIBRARIES))

from host_tests.link.circuitpython.radio import Radio  # noqa: E402  (needs the path)

Script = Callable[[Exchange], object]


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def certified(authority: trustme.CA) -> ssl.SSLContext:
    """A server's TLS context that the authority vouches for."""
    return server_context(authority.issue_cert("127.0.0.1"))


@pytest.fixture
def radio(authority: trustme.CA) -> Iterator[Radio]:
    radio = Radio(authority)
    yield radio
    radio.close()


@pytest.fixture
def serve(certified: ssl.SSLContext, radio: Radio) -> Iterator[Callable[..., TlsServer]]:
    """Starts servers; each plays its script once for every connection, TLS being shaken."""
    servers: list[TlsServer] = []

    def start(script: Script, context: ssl.SSLContext | None = None) -> TlsServer:
        def shaken(exchange: Exchange) -> None:
            exchange.shake_hands()
            script(exchange)

        servers.append(TlsServer(context or certified, shaken))
        return servers[-1]

    yield start
    radio.close()  # a server that reads on ends with its client
    for server in servers:
        server.close()
