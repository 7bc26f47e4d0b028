"""Runs a client by itself against the emulated platform: ours, and two that others use.

Each makes the same calls. A tap on the wire counts connections and round trips; the
platform tells how many copies arrived.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import micropython, profile
from tools.bench import rom
from tools.emulator.samples import SAMPLES
from tools.emulator.testing import RunningEmulator
from tools.folders import ROOT
from tools.handheld.access_point import AccessPoint
from tools.profile import template

COLLECTOR = "84095202006"
CALLS = ("inquire", "redeem")
OURS, STOCK, ADAFRUIT = "bench_client", "bench_stock", "adafruit"
_LIBRARIES = ROOT / ".tools" / "circuitpython"
_ADAFRUIT = Path(__file__).with_name("on_cpython_adafruit.py")
_WAIT_S = 60


@dataclass(frozen=True)
class Run:
    """What came of one start of a client."""

    good: bool  # every call was answered
    said: str
    set_ups: int  # TCP connections, and so TLS handshakes
    trips: int  # round trips: one for TCP, then one each time the client sends and waits


class _Tap(AccessPoint):
    """Relays to the platform without being asked where to, and counts changes of direction."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._far_port = port
        self.turns = 0
        self._last = "received"

    async def _asked_for(self, near: asyncio.StreamReader) -> tuple[str, int]:
        self._last = "received"
        return "127.0.0.1", self._far_port

    def _limited(self, raw: bytes, direction: str) -> tuple[bytes, bool]:
        self.turns += direction == "sent" != self._last
        self._last = direction
        return super()._limited(raw, direction)


def can_run(client: str) -> bool:
    """Whether the libraries of a client are here."""
    return client != ADAFRUIT or (_LIBRARIES / "adafruit_requests.py").is_file()


def run(
    emulator: RunningEmulator,
    client: str,
    calls: Sequence[str] = CALLS,
    heap: str = "2M",
    reply_s: float = 15,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Starts a client, lets it make its calls and end."""
    with tempfile.TemporaryDirectory(prefix="milepad-bench-") as folder:
        return asyncio.run(
            _run(emulator, client, Path(folder), calls, heap, reply_s, environment or {})
        )


async def _run(
    emulator: RunningEmulator,
    client: str,
    folder: Path,
    calls: Sequence[str],
    heap: str,
    reply_s: float,
    environment: Mapping[str, str],
) -> Run:
    tap = _Tap(emulator.port)
    await tap.start()
    order = _order(
        emulator, client, folder, f"https://localhost:{tap.port}", calls, reply_s
    )
    if client == ADAFRUIT:
        order["ca"] = emulator.ca
    path = folder / "order.json"
    path.write_text(json.dumps(order), "utf-8")
    process = await asyncio.create_subprocess_exec(
        *_command(client, heap, path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            **os.environ,
            "PYTHONPATH": str(_LIBRARIES),
            "MICROPYPATH": ".frozen",
            **environment,
        },
    )
    try:
        async with asyncio.timeout(_WAIT_S):
            raw, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        raw, _ = await process.communicate()
    await tap.close()
    said = raw.decode(errors="replace")
    good = process.returncode == 0 and all(f"{op} " in said for op in calls)
    return Run(good, said, tap.connections, tap.connections + tap.turns)


def _command(client: str, heap: str, order: Path) -> list[str]:
    if client == ADAFRUIT:
        return [sys.executable, str(_ADAFRUIT), str(order)]
    command = micropython.command(micropython.heap_arch())
    return [*command, "-X", f"heapsize={heap}", *rom.start(client), str(order)]


def _order(
    emulator: RunningEmulator,
    client: str,
    folder: Path,
    url: str,
    calls: Sequence[str],
    reply_s: float,
) -> dict[str, Any]:
    settings = folder / "profile.toml"
    settings.write_text(template.for_platform(emulator), "utf-8")
    files = profile.load(settings)
    (folder / "ca.der").write_bytes(files.files[profile.CA])
    document = files.document
    platform = {**document["platform"], "base_url": url, "token_url": url + "/oauth/token"}
    platform["client_secret"] = emulator.client_secret
    order = {
        "platform": platform,
        "ca": str(folder / "ca.der"),
        "reply_ms": int(reply_s * 1000),
    }
    if client == OURS:
        order |= {"partner": document["partner"], "device": document["device"]}
        order["calls"] = [(op, {"collector": COLLECTOR}) for op in calls]
    else:  # the others have their requests made for them
        order["calls"] = [
            (op, {"members": SAMPLES[op], "key": str(uuid.uuid4())}) for op in calls
        ]
    return order


def warm_trips(emulator: RunningEmulator, client: str) -> int:
    """Round trips of one more call, when the token is there and a call has been made."""
    with_one = run(emulator, client, ("inquire",))
    with_two = run(emulator, client, ("inquire", "inquire"))
    return with_two.trips - with_one.trips


FAULTS: dict[str, dict[str, Any]] = {
    "drop_before_commit": {},
    "drop_after_commit": {},
    "reset": {},
    "truncate": {"bytes": 20},
    "garbage": {},
    "html_502": {},
    "code": {"code": "0096"},
    "delay": {"seconds": 1.5},
    "expire_token": {},
}


def copies(emulator: RunningEmulator, client: str, fault: str) -> int:
    """How many copies of one redeem request reach the platform when `fault` strikes always."""
    emulator.clear()
    emulator.faults("redeem", fault, count=4, **FAULTS[fault])
    run(emulator, client, ("redeem",), reply_s=1)
    arrived = len(emulator.requests("redeem"))
    emulator.clear()
    return arrived
