"""Sales that earn, on a simulated handheld, with any program as its firmware."""

from __future__ import annotations

import asyncio

from tools.bench.shift import (
    COLLECTOR,
    QUICK_PRINTER,
    ShiftError,
    Watch,
    desk,
    press,
    to_the_card,
)
from tools.emulator.testing import RunningEmulator
from tools.handheld.device import Device
from tools.handheld.firmware import Program
from tools.handheld.inputs import SCANNER, scanned
from tools.handheld.wiring import Setup

_PROFILE: dict[str, dict[str, object]] = {
    "issuance": {"family": "amrp", "taxes": [["HST", "13"]]},
    "printer": {**QUICK_PRINTER["printer"]},
}


async def _checkout(device: Device, watch: Watch) -> None:
    """One that redeems $40.00, and earns on what is left."""
    await to_the_card(device, watch)
    device.inputs.line(SCANNER, scanned(COLLECTOR))
    await watch.screen("UP/DOWN")
    press(device, "ENTER")
    await watch.screen("EARNED")
    press(device, "ENTER")
    await watch.screen("1 CHECKOUT")


async def _earning(device: Device, watch: Watch) -> None:
    """One of key 5."""
    press(device, "5")
    for title, digits, shown in (
        ("BEFORE TAX", "3836", "38.36"),
        ("WITH TAX", "4335", "43.35"),
    ):
        await watch.screen(title)
        press(device, *digits)
        await watch.screen(shown)
        press(device, "ENTER")
    await watch.screen("SCAN CARD")
    device.inputs.line(SCANNER, scanned(COLLECTOR))
    await watch.screen("ENTER=GO ON")
    press(device, "ENTER")
    await watch.screen("1 CHECKOUT")


async def _play(setup: Setup) -> None:
    watch = Watch()
    device = Device(setup, watch.tell)
    await device.start()
    try:
        await device.power()
        await watch.ready("1 CHECKOUT")
        await _checkout(device, watch)
        await _earning(device, watch)
    finally:
        await device.close()


def play(emulator: RunningEmulator, firmware: Program) -> None:
    """Boots from a new flash image; a checkout redeems and earns, then a sale earns alone.

    Raises ShiftError, also where the platform has issued anything else.
    """
    with desk(emulator, firmware, _PROFILE) as setup:
        asyncio.run(_play(setup))
    issued = [each["post_tax"] for each in emulator.issuances()]
    if issued != ["3.35", "43.35"]:
        raise ShiftError(f"the platform has issued for {issued}")
