"""A shop on the wire: one device, a relay that can break, and the platform's own books.

`shop` gives the same face to the firmware on CPython, in this process, and on MicroPython.
`Books` is what the platform saw; `Books.check` holds a call against the retry rule.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from host_tests.kit.peer import Peer
from host_tests.kit.relay import Relay, relaying_to
from host_tests.system.wire import device as firmware
from tools.emulator.testing import RunningEmulator

# Long enough for a busy machine: only what a test stalls on purpose meets a deadline.
PATIENT = {"connect_ms": 10_000, "reply_ms": 10_000, "idle_ms": 55_000}
TOKEN_LIFETIME_S = 3600

_sales = itertools.count(1)


@dataclass(frozen=True)
class Call:
    """An order and what the device made of it."""

    order: dict[str, Any]
    kind: str
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
        assert call.kind == "approved", call
        return call

    async def prepared(self, op: str) -> dict[str, Any]:
        """What an order of `op` needs beside itself: a reversal needs a redemption."""
        if op != "reverse":
            return {}
        return {"confirmation": (await self.approved("redeem")).confirmation}


def settings_of(emulator: RunningEmulator, port: int, **deadlines: int) -> dict[str, Any]:
    """What a device needs to reach an emulator through `port`."""
    pem = Path(emulator.ca).read_text("ascii")
    return {
        "url": emulator.url,
        "ca": ssl.PEM_cert_to_DER_cert(pem).hex(),
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "port": port,
    } | (PATIENT | deadlines)


@contextlib.asynccontextmanager
async def shop(
    emulator: RunningEmulator, peer: Peer | None = None, **deadlines: int
) -> AsyncIterator[Shop]:
    """A shop whose device runs in `peer`, or on CPython when there is none."""
    async with relaying_to(emulator.port) as relay:
        settings = settings_of(emulator, relay.port, **deadlines)
        device = MicroPythonDevice(peer, settings) if peer else CPythonDevice(settings)
        bench = Shop(device, relay)
        try:
            yield bench
        finally:
            await bench.close()


class Books:
    """What arrived at the platform, and what it committed, read once."""

    def __init__(self, emulator: RunningEmulator) -> None:
        self.requests = emulator.requests()
        self._by_key: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._by_trace_id: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in self.requests:
            self._by_key[each["headers"].get("idempotency-key", "")].append(each)
        for entry in emulator.ledger():
            self._by_trace_id[entry["trace_id"]].append(entry)

    def copies(self, call: Call) -> list[dict[str, Any]]:
        """What arrived of a call, whole or not (of a broken head the key is unknown)."""
        headless = [each for each in self._by_key[""] if each["op"] is None]
        return self._by_key.get(call.request.idempotency_key, []) + headless

    def entries(self, call: Call) -> list[dict[str, Any]]:
        """What the platform committed for a call, and did not cancel by itself."""
        entries = self._by_trace_id.get(call.request.trace_id, [])
        return [each for each in entries if not each["cancelled"]]

    def check(self, call: Call, reversed_later: bool = False) -> None:
        """The retry rule, and what an outcome promises."""
        copies, entries = self.copies(call), self.entries(call)
        assert len(copies) <= call.copies <= 2, call
        for copy in copies:
            _check_identical(call, copy)
        assert len(entries) <= 1, "two commitments for one sale"
        for entry in entries:
            assert entry["reversed"] == reversed_later
        if call.kind == "approved":
            assert [each["confirmation"] for each in entries] == [call.confirmation], call
        elif call.kind == "declined":
            assert not entries, call
        elif call.kind == "not_sent":
            assert not copies and not entries and call.copies == 0, call
        else:
            assert call.kind == "unknown" and call.copies > 0, call


def _check_identical(call: Call, copy: dict[str, Any]) -> None:
    """The copy is the request to the byte, or the beginning of it."""
    request = call.request
    if copy["complete"]:
        assert copy["raw"] == request.body
    elif copy["op"] is not None:
        assert request.body.startswith(copy["raw"])
    else:
        assert b"POST " + request.path.encode() in copy["raw"] or len(copy["raw"]) < 40
    if copy["op"] is not None:
        assert copy["path"] == request.path
        assert copy["headers"]["idempotency-key"] == request.idempotency_key
        assert copy["headers"]["content-type"] == "application/json"
