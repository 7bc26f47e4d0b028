"""A shop that earns on the wire, and what the platform saw of each earning."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from host_tests.kit.peer import Peer
from host_tests.kit.relay import Relay, relaying_to
from host_tests.system.wire.shop import settings_of
from tools.emulator.issuance.operations import MOVING, OPERATIONS
from tools.emulator.testing import RunningEmulator

MODULE = "host_tests.system.wire.earning_device"
COLLECTOR = "84095202006"


@dataclass(frozen=True)
class Earned:
    """What a device's ledger says of an earning, and the bytes that it kept for it."""

    op: str
    sequence: int
    trace_id: str
    key: str
    body: bytes
    outcome: str
    code: str
    copies: int
    miles: int
    parked: bool
    waiting: int


class EarningShop:
    """A device on MicroPython, behind a relay."""

    def __init__(self, peer: Peer, relay: Relay) -> None:
        self._peer = peer
        self.relay = relay

    async def earn(self, op: str, collector: str = COLLECTOR) -> Earned:
        """One earning, with all the copies of it that leave at once."""
        return Earned(**await self._called("earn", op, collector))

    async def send_now(self, earned: Earned) -> Earned:
        """A person has it tried once more. The bytes are those of before."""
        told = await self._called("send_now", earned.sequence)
        return Earned(**told | {"body": earned.body})

    async def delete(self, earned: Earned) -> str:
        """A person gives it up; its outcome then."""
        return str(await self._called("delete", earned.sequence))

    async def _called(self, function: str, *args: object) -> Any:
        return await asyncio.to_thread(self._peer.call, MODULE, function, *args)


@contextlib.asynccontextmanager
async def earning_shop(
    far: RunningEmulator, peer: Peer, **more: Any
) -> AsyncIterator[EarningShop]:
    """A shop whose device is new, and runs in `peer`."""
    with tempfile.NamedTemporaryFile(prefix="earning-") as flash:
        async with relaying_to(far.port) as relay:
            settings = settings_of(far, relay.port, **more) | {"flash": flash.name}
            await asyncio.to_thread(peer.call, MODULE, "switch_on", settings)
            try:
                yield EarningShop(peer, relay)
            finally:
                await asyncio.to_thread(peer.call, MODULE, "switch_off")


class Seen:
    """What arrived at the platform, and what it committed, read once."""

    def __init__(self, platform: RunningEmulator) -> None:
        self.arrived = platform.requests()
        self.committed = platform.issuances()

    def copies(self, earned: Earned) -> list[dict[str, Any]]:
        """The requests of an earning: by its key, or by its body where there is none."""
        path = OPERATIONS[earned.op].path
        return [
            each
            for each in self.arrived
            if each["path"] == path and self._is_of(each, earned)
        ]

    @staticmethod
    def _is_of(each: dict[str, Any], earned: Earned) -> bool:
        key = each["headers"].get("idempotency-key", "")
        if OPERATIONS[earned.op].takes_key and earned.op != "calculate":
            return bool(key == earned.key)
        return not key and earned.trace_id.encode() in each["raw"]

    def check(self, earned: Earned) -> int:
        """One key, identical bytes, at most one commitment, and no outcome that is untrue.

        Returns how many copies arrived.
        """
        copies = self.copies(earned)
        entries = [each for each in self.committed if each["trace_id"] == earned.trace_id]
        for copy in copies:
            assert copy["headers"]["content-type"] == "application/json"
            if earned.op == "calculate":
                continue
            whole = copy["complete"]
            assert copy["raw"] == earned.body if whole else True, earned
            assert earned.body.startswith(copy["raw"]), earned
        if earned.op == "record":
            assert len(entries) <= len(copies)
            return len(copies)
        assert len(entries) <= 1, ("two commitments", earned)
        if earned.outcome != "declined":  # of a certain refusal one copy is written
            assert len(copies) <= earned.copies or earned.copies == 3, earned
        if earned.op not in MOVING:
            assert not entries
        elif earned.outcome == "approved":
            (entry,) = entries
            assert entry["idempotency_key"] == earned.key
            assert entry["pending"] == (earned.code == "202")
            assert earned.miles in (entry["miles"], 0), earned
        elif earned.outcome in ("declined", "not_sent"):
            assert not entries, earned
        return len(copies)

    def faults(self) -> list[str]:
        """What no device may do, seen from all that arrived."""
        keys: dict[str, set[str]] = {}
        bodies: dict[str, set[bytes]] = {}
        for each in self.arrived:
            key = each["headers"].get("idempotency-key", "")
            if each["path"] is None or "issuance" not in each["path"] or not key:
                continue
            if each["complete"]:
                bodies.setdefault(key, set()).add(each["raw"])
        for entry in self.committed:
            keys.setdefault(entry["trace_id"], set()).add(entry["idempotency_key"])
        return [
            *[
                f"{key} came with two bodies"
                for key, found in bodies.items()
                if len(found) > 1
            ],
            *[f"{name} had two keys" for name, found in keys.items() if len(found) > 1],
        ]
