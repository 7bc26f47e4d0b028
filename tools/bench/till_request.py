"""A till's redemption on a simulated PIN pad, with any program as its firmware."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

from tools.bench.shift import COLLECTOR, QUICK_PRINTER, ShiftError, Watch, desk, press
from tools.emulator.testing import RunningEmulator
from tools.handheld.device import Device
from tools.handheld.events import Outgoing
from tools.handheld.firmware import Program
from tools.handheld.wiring import Setup
from tools.till import messages, protection
from tools.till.links import framed

_PASSPHRASE = "what till and pad share"  # noqa: S105 - of a pad that lives for a second
_PROFILE: dict[str, dict[str, object]] = {
    "till": {"mode": "tcp", "passphrase": _PASSPHRASE, "key_identifier": "bench"},
    "printer": {**QUICK_PRINTER["printer"]},
}
_WAIT_S = 60.0  # no machine is so busy


class _TillWatch(Watch):
    """Remembers where a till reaches the pad."""

    port = 0

    def tell(self, event: Outgoing) -> None:
        """Takes an event of the pad."""
        found = event.get("till")
        if isinstance(found, dict):
            self.port = int(found["port"])
        super().tell(event)


def _request() -> bytes:
    """A protected redemption of $40.00 with a card that the till has read, framed."""
    sale = messages.Sale("1", datetime.now(UTC), "12", "en")
    account = messages.Account(COLLECTOR, "Scanned")
    request = messages.redemption(sale, 4335, 4000, account)
    head = messages.header(request, "BENCH", "001", "1")
    text = json.dumps(
        {"SaleToPOIRequest": {"MessageHeader": head, "LoyaltyRequest": request.body}},
        default=str,
    )
    key = protection.Key.from_passphrase(_PASSPHRASE, "bench")
    sealed = protection.protect(head, text, key)
    return framed(json.dumps({"SaleToPOIRequest": sealed}).encode())


async def _redemption(device: Device, watch: _TillWatch) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", watch.port)
    try:
        writer.write(_request())
        await watch.screen("ENTER=YES")
        press(device, "ENTER")
        async with asyncio.timeout(_WAIT_S):
            size = int.from_bytes(await reader.readexactly(4), "big")
            await reader.readexactly(size)
    except (TimeoutError, OSError, EOFError):
        raise ShiftError(f"the till got no answer: {watch.last_log}") from None
    finally:
        writer.close()
    press(device, "ENTER")  # what came of it stands for six seconds, or until a key
    await watch.screen("TILL")


async def _play(setup: Setup) -> None:
    watch = _TillWatch()
    device = Device(setup, watch.tell)
    await device.start()
    try:
        await device.power()
        await watch.until(lambda: watch.port, "port for a till")
        await watch.ready("TILL")
        await _redemption(device, watch)
    finally:
        await device.close()


def play(emulator: RunningEmulator, firmware: Program) -> None:
    """Boots a pad from a new flash image, and has a till redeem. Raises ShiftError."""
    with desk(emulator, firmware, _PROFILE) as setup:
        asyncio.run(_play(setup))
