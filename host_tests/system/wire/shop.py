"""A shop on the wire: one device, a relay that can break, and the platform's own books.

`shop` gives the same face to the firmware on CPython, in this process, and on MicroPython.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from host_tests.kit.peer import Peer
from host_tests.kit.relay import Relay, relaying_to
from host_tests.system.wire import device as firmware

# Long enough for a busy machine: only what a test stalls on purpose meets a deadline.
PATIENT = {"connect_ms": 60_000, "reply_ms": 60_000, "idle_ms": 55_000}
TOKEN_LIFETIME_S = 3600

_sales = itertools.count(1)


class FarEnd(Protocol):
    """Where a platform is and who may call it: the emulator, or a server in front of it."""

    port: int
    url: str
    token_url: str
    ca: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Call:
    """An order and what the device made of it."""

    order: dict[str, Any]
    outcome: str
    code: str
    copies: int
    reason: str
    confirmation: str
    noted: list[int]
    opened: int
    fetched: int

    @property
    def request(self) -> Any:
        """The request as the firmware builds it."""
        return firmware.request_of(self.order)


class CPythonDevice:
    """The firmware's link in this process."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._device = firmware.Device(settings)

    async def call(self, order: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = await self._device.call(order)
        return answer

    async def close(self) -> None:
        self._device.close()
        await asyncio.sleep(0)  # an aborted transport tells its protocol


class MicroPythonDevice:
    """The firmware's link in a MicroPython process, which can be one device after another."""

    def __init__(self, peer: Peer, settings: dict[str, Any]) -> None:
        self._peer = peer
        self._peer.call(firmware.__name__, "switch_on", settings)

    async def call(self, order: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = await asyncio.to_thread(
            self._peer.call, firmware.__name__, "call", order
        )
        return answer

    async def close(self) -> None:
        await asyncio.to_thread(self._peer.call, firmware.__name__, "switch_off")


class Shop:
    """A device, most often behind a relay."""

    def __init__(
        self, device: CPythonDevice | MicroPythonDevice, relay: Relay | None = None
    ) -> None:
        self._device = device
        self._relay = relay

    @property
    def relay(self) -> Relay:
        """The relay on the way to the platform."""
        assert self._relay is not None
        return self._relay

    async def close(self) -> None:
        """Switches the device off."""
        await self._device.close()

    async def call(self, op: str, **more: Any) -> Call:
        """One call of the session, with a trace id and a key that nothing else has."""
        order = {"op": op, "sale": next(_sales)} | more
        return Call(order, **await self._device.call(order))

    async def approved(self, op: str, **more: Any) -> Call:
        """A call that prepares what a test is about."""
        call = await self.call(op, **more)
        assert call.outcome == "approved", call
        return call

    async def prepared(self, op: str) -> dict[str, Any]:
        """What an order of `op` needs beside itself: a reversal needs a redemption."""
        if op != "reverse":
            return {}
        return {"confirmation": (await self.approved("redeem")).confirmation}


def settings_of(far: FarEnd, port: int, **more: Any) -> dict[str, Any]:
    """What a device needs to reach the far end through `port`."""
    roots = x509.load_pem_x509_certificates(Path(far.ca).read_bytes())
    return {
        "url": far.url,
        "token_url": far.token_url,
        "ca": b"".join(root.public_bytes(Encoding.DER) for root in roots).hex(),
        "client_id": far.client_id,
        "client_secret": far.client_secret,
        "port": port,
    } | (PATIENT | more)


@contextlib.asynccontextmanager
async def shop(far: FarEnd, peer: Peer | None = None, **more: Any) -> AsyncIterator[Shop]:
    """A shop whose device runs in `peer`, or on CPython when there is none."""
    async with relaying_to(far.port) as relay:
        settings = settings_of(far, relay.port, **more)
        device = MicroPythonDevice(peer, settings) if peer else CPythonDevice(settings)
        bench = Shop(device, relay)
        try:
            yield bench
        finally:
            await bench.close()
