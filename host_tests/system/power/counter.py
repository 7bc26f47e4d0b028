"""A shop's counter: the headless handheld in this process, on a wire that hangs to order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from host_tests.kit.relay import Relay, relaying_to
from host_tests.system.power.bench import COLLECTOR, device_files
from tools.emulator.testing import RunningEmulator
from tools.handheld import firmware, image
from tools.handheld.device import Device
from tools.handheld.events import Event
from tools.handheld.headless import perform
from tools.handheld.wiring import Setup

PATIENCE_S = 60.0
PRINTER = {"store_copy": False, "baud": 115200}


class Counter:
    """The handheld, and hands that key and read."""

    def __init__(self, setup: Setup) -> None:
        self.events: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self.device = Device(setup, self._take)
        self.wire: Relay | None = None  # between access point and platform
        self._mark = 0

    def _take(self, event: Any) -> None:
        self.events.append(dict(event))
        self._news.set()

    async def do(self, name: str, value: object = True) -> None:
        """One event of the contract. What is awaited next has to come after it."""
        screens = [at for at, event in enumerate(self.events) if "screen" in event]
        self._mark = screens[-1] if screens else 0
        await perform(self.device, Event(name, value))

    async def press(self, *names: str) -> None:
        for name in names:
            await self.do("key", name)

    async def sees(self, text: str) -> list[str]:
        """The next screen that holds `text`, of the present one and those to come."""
        return await self.sees_any(text)

    async def sees_any(self, *texts: str) -> list[str]:
        """The next screen that holds one of `texts`."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    for at in range(self._mark, len(self.events)):
                        screen = self.events[at].get("screen", [])
                        if any(text in row for row in screen for text in texts):
                            self._mark = at
                            return list(screen)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            last = "\n".join(map(str, self.events[-8:]))
            raise AssertionError(f"{texts} never came:\n{last}") from None

    async def power(self) -> None:
        await self.do("power")

    async def cut(self) -> None:
        await self.do("cut")

    @property
    def slips(self) -> list[str]:
        """The text of every slip."""
        return ["\n".join(e["slip"]["lines"]) for e in self.events if "slip" in e]

    @property
    def log(self) -> list[str]:
        """The firmware's own lines, and the desktop's."""
        return [event["log"] for event in self.events if "log" in event]

    # --- what a cashier does ---

    async def to_the_menu(self) -> None:
        """To the idle screen; a key ends the last sale that a start shows for a moment."""
        screen = await self.sees_any("CHECKOUT", "SLIP AGAIN")
        if "CHECKOUT" not in screen[0]:
            await self.press("ENTER")
            await self.sees("CHECKOUT")

    async def to_the_offer(self) -> None:
        """From the idle screen to the offer of $40.00."""
        await self.to_the_menu()
        await self.press("1")
        await self.sees("TOTAL")
        for digit, amount in zip(
            "4335", ("$0.04", "$0.43", "$4.33", "$43.35"), strict=True
        ):
            await self.press(digit)
            await self.sees(amount)
        await self.press("ENTER")
        await self.sees("SWIPE OR SCAN CARD")
        await self.do("scan", COLLECTOR)
        await self.sees("UP/DOWN")

    async def checkout(self) -> str:
        """A whole one; its confirmation number."""
        await self.to_the_offer()
        await self.press("ENTER")
        return await self.approved()

    async def approved(self) -> str:
        """Waits for an approval and leaves it; its confirmation number."""
        screen = await self.sees("APPROVED")
        await self.sees("ENTER=GO ON")
        await self.press("ENTER")
        return screen[1].split()[-1]


@asynccontextmanager
async def counter(
    emulator: RunningEmulator, folder: Path, **changes: dict[str, Any]
) -> AsyncIterator[Counter]:
    """A provisioned handheld that is switched on."""
    flash = folder / "flash.img"
    async with relaying_to(emulator.port) as relay:
        url = emulator.url.replace(str(emulator.port), str(relay.port))
        # No answer is given up before a test has cut the power, on a busy machine too.
        platform = {"base_url": url, "token_url": url + "/oauth/token", "reply_s": 60}
        wanted = {"printer": PRINTER, "platform": platform, **changes}
        image.write_files(flash, device_files(emulator, **wanted))
        async with standing(flash) as place:
            place.wire = relay
            yield place


@asynccontextmanager
async def standing(flash: Path) -> AsyncIterator[Counter]:
    """A handheld on a flash as it is, switched on."""
    place = Counter(Setup(firmware.program("micropython"), flash, line_ms=0))
    await place.device.start()
    try:
        await place.power()
        yield place
    finally:
        await place.device.close()
