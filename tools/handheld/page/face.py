"""The page's face of the handheld: what the device tells goes to the state and the pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PIL import Image

from tools.handheld import paper
from tools.handheld.chips.slip import Barcode, Element
from tools.handheld.device import Device
from tools.handheld.events import Event, Outgoing
from tools.handheld.headless import perform
from tools.handheld.page import pixels
from tools.handheld.page.clients import Clients
from tools.handheld.page.state import State
from tools.handheld.wiring import Display, Setup

DOTS_PER_S = 400  # 50 mm/s, as 58 mm printers have it
_SWITCHES = ("wifi", "paper", "cover", "battery", "rssi", "ntp")
_HEAP_EVERY_S = 1.0


class Face:
    """One handheld and everything that pages know of it."""

    def __init__(self, setup: Setup, fixed: dict[str, Any]) -> None:
        self._columns = setup.columns
        printer = {
            "width": paper.width_of(setup.columns),
            "dots_per_s": DOTS_PER_S,
            "columns": setup.columns,
        }
        self.state = State({**fixed, "printer": printer})
        self.clients = Clients(self.ready)
        self.listener: Callable[[Outgoing], None] = lambda _: None  # told last
        self._glass = pixels.Glass()
        self._strips = 0
        self._switches: dict[str, Any] = {
            "power": False,
            "wifi": True,
            "paper": True,
            "cover": True,
            "battery": 100,
            "rssi": -50,
            "ntp": "present",
            "battery_is_measured": False,
        }
        self.device = Device(setup, self.tell, self)
        self._heap_timer: asyncio.TimerHandle | None = None
        self.tell({"switches": dict(self._switches)})

    def ready(self) -> Outgoing:
        """The message that every page gets first."""
        whole = self._glass.whole(self.device.chips.display)
        return {"ready": {**self.state.ready(), "pixels": whole}}

    def tell(self, message: Outgoing) -> None:
        """Something happened."""
        self.state.take(message)
        self.clients.tell(message)
        if "power" in message:
            self._switch("power", message["power"] == "on")
            self.tell({"device": {"heap": None}})
        self.listener(message)

    def _switch(self, name: str, value: object) -> None:
        if self._switches[name] != value:
            self._switches[name] = value
            self.tell({"switches": dict(self._switches)})

    def drawn(self, display: Display) -> None:
        """See Watch."""
        change = self._glass.change(display)
        if change is not None:
            self.tell({"pixels": change})
        if self._heap_timer is None and self.device.is_on:
            loop = asyncio.get_running_loop()
            self._heap_timer = loop.call_later(_HEAP_EVERY_S, self._ask_heap)

    def _ask_heap(self) -> None:
        self._heap_timer = None
        self.device.ask_heap()

    def heap(self, used: int, free: int) -> None:
        """See Watch."""
        self.tell({"device": {"heap": {"used": used, "free": free}}})

    def printed(self, element: Element) -> None:
        """See Watch."""
        picture = paper.strip(element, self._columns)
        self._strips += 1
        self.tell(
            {
                "strip": {
                    "number": self._strips,
                    "width": picture.width,
                    "height": picture.height,
                    "png": pixels.png(picture.convert("1", dither=Image.Dither.NONE)),
                    "barcode": element.text if isinstance(element, Barcode) else None,
                }
            }
        )

    async def perform(self, event: Event) -> None:
        """Makes an event of the handheld happen."""
        await perform(self.device, event)
        if event.name in _SWITCHES:
            self._switch(event.name, event.value)
        elif event.name == "language":
            self.tell({"language": event.value})

    async def close(self) -> None:
        """Ends the handheld."""
        if self._heap_timer is not None:
            self._heap_timer.cancel()
        await self.device.close()
