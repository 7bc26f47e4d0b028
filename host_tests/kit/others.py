"""A server that is slow until the other tasks of a device have run, on any machine."""

from __future__ import annotations

import socket

from host_tests.kit.until import LONG_S

MANY_TURNS = 100 * LONG_S  # of `sockets_calls.within`, 10 ms each


class OthersRun:
    """Hears from `sockets_calls.within` that they have."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(LONG_S)
        self.port: int = self._socket.getsockname()[1]

    def wait(self) -> None:
        """Returns when they have; TimeoutError where all stand still."""
        self._socket.recv(100)

    def close(self) -> None:
        """Hears no more."""
        self._socket.close()
