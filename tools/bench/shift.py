"""Plays checkouts on a simulated handheld with any program as its firmware.

The bench needs the chips at hand (bus bytes) and programs that are no choice of the
handheld's own command line (compiled, small heap), so it drives `Device` itself.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tools import build, micropython, profile
from tools.bench import rom
from tools.emulator.testing import RunningEmulator
from tools.handheld import image
from tools.handheld.device import Device
from tools.handheld.events import Outgoing
from tools.handheld.firmware import Program
from tools.handheld.inputs import SCANNER, scanned
from tools.handheld.wiring import Setup
from tools.profile import template

COLLECTOR = "84095202006"
WAIT_S = 60.0  # no machine is so busy
QUICK_PRINTER = {"printer": {"baud": 115200, "store_copy": False}}
_FLASH_START = Path(__file__).parent / "on_micropython" / "flash.py"


class ShiftError(Exception):
    """The firmware did not get through; the text says where it stopped."""


@dataclass(frozen=True)
class Counts:
    """What a shift took."""

    bus_bytes: int  # on the display's I2C bus
    screens: list[list[str]]  # every screen that was shown, in rows
    connections: int  # TCP set-ups through the access point


def program(heap: str, form: str, arch: str | None = None) -> Program:
    """The firmware as .mpy files (`mpy`), as source that the device compiles (`source`), or
    run in place from a ROM image (`rom`).

    `arch` None means the one where heap is measured. Raises MissingError.
    """
    command = micropython.command(arch or micropython.heap_arch())
    start = rom.start("bench_app")
    if form != "rom":
        folder = build.BUILD / ("simulator-source" if form == "source" else "simulator")
        build.build("simulator", folder, as_source=form == "source")
        start = [str(_FLASH_START), str(folder)]
    environment = {**os.environ, "MICROPYPATH": ".frozen"}
    return Program([*command, "-X", f"heapsize={heap}", *start], environment)


class Watch:
    """Collects events and wakes whoever waits for a screen."""

    def __init__(self) -> None:
        self.screens: list[list[str]] = []
        self.shown = ""
        self.last_log = ""
        self.has_wifi = False
        self.ended = False
        self._news = asyncio.Event()

    def tell(self, event: Outgoing) -> None:
        """Takes an event of the handheld."""
        if "screen" in event:
            self.screens.append(cast("list[str]", event["screen"]))
            self.shown = "\n".join(self.screens[-1])
        elif "log" in event:
            self.last_log = str(event["log"])
            self.has_wifi = self.has_wifi or self.last_log == "wifi: up"
        self.ended = self.ended or event.get("power") == "off"
        self._news.set()

    async def ready(self, text: str) -> None:
        """Waits for the idle screen, which holds `text`, and for the Wi-Fi, without which nothing
        is sent. Raises ShiftError."""
        await self.until(lambda: self.has_wifi, "Wi-Fi")
        await self.screen(text)

    async def screen(self, text: str) -> None:
        """Waits for a screen that holds `text`. Raises ShiftError."""
        await self.until(lambda: text in self.shown, repr(text))

    async def until(self, holds: Callable[[], object], what: str) -> None:
        """Waits until it holds, whatever events that takes. Raises ShiftError."""
        try:
            async with asyncio.timeout(WAIT_S):
                while not holds():
                    if self.ended or "FAULT" in self.shown:
                        raise ShiftError(
                            f"the firmware ended before {what}: {self.last_log}"
                        )
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise ShiftError(f"no {what}; the screen is {self.shown!r}") from None


def press(device: Device, *names: str) -> None:
    """Keys, one after the other."""
    for name in names:
        device.inputs.key(name)


async def to_the_card(device: Device, watch: Watch) -> None:
    """From the idle screen to the question for the card. Raises ShiftError."""
    await watch.screen("1 CHECKOUT")
    press(device, "1")
    await watch.screen("TOTAL")
    press(device, *"4335")
    await watch.screen("43.35")
    press(device, "ENTER")
    await watch.screen("SCAN CARD")


async def _checkout(device: Device, watch: Watch) -> None:
    await to_the_card(device, watch)
    device.inputs.line(SCANNER, scanned(COLLECTOR))
    await watch.screen("UP/DOWN")
    press(device, "ENTER")
    await watch.screen("ENTER=GO ON")
    press(device, "ENTER")
    await watch.screen("1 CHECKOUT")


async def _play(setup: Setup, checkouts: int) -> Counts:
    watch = Watch()
    device = Device(setup, watch.tell)
    await device.start()
    try:
        await device.power()
        await watch.ready("1 CHECKOUT")
        bytes_before, screens_before = device.chips.lcd.bus_bytes, len(watch.screens)
        for _ in range(checkouts):
            await _checkout(device, watch)
        return Counts(
            device.chips.lcd.bus_bytes - bytes_before,
            watch.screens[screens_before:],
            device.access_point.connections,
        )
    finally:
        await device.close()


@contextmanager
def desk(
    emulator: RunningEmulator, firmware: Program, changes: profile.Sections | None = None
) -> Iterator[Setup]:
    """A handheld with a new flash image and the settings for `emulator`, still off."""
    with tempfile.TemporaryDirectory(prefix="milepad-bench-") as folder:
        settings = Path(folder) / "profile.toml"
        settings.write_text(template.for_platform(emulator, changes), "utf-8")
        flash = Path(folder) / "flash.img"
        image.write_files(flash, profile.load(settings).files)
        yield Setup(firmware, flash)


def play(
    emulator: RunningEmulator,
    firmware: Program,
    checkouts: int = 1,
    changes: profile.Sections | None = None,
) -> Counts:
    """Boots from a new flash image and plays so many checkouts. Raises ShiftError."""
    with desk(emulator, firmware, changes) as setup:
        return asyncio.run(_play(setup, checkouts))
