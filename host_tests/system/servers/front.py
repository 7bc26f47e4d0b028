"""A device's view of a server: the same names as the emulator has."""

from __future__ import annotations

from dataclasses import dataclass

from host_tests.system.servers.haproxy import Haproxy
from host_tests.system.servers.nginx import Nginx


@dataclass(frozen=True)
class Front:
    """One site as a device sees it, and the server that it is a part of."""

    server: Nginx | Haproxy
    port: int
    ca: str
    client_id: str
    client_secret: str
    token_url: str

    @property
    def url(self) -> str:
        """Where the platform is."""
        return f"https://localhost:{self.port}"
