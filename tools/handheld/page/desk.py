"""Everything that stands on the desk behind the page, and what a page may ask of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tools.emulator.testing import RunningEmulator
from tools.handheld.events import Event, EventError, parse
from tools.handheld.page import orders
from tools.handheld.page.clients import Client, text_of
from tools.handheld.page.face import Face
from tools.handheld.page.ledger_watch import LedgerWatch
from tools.handheld.page.platform import Platform
from tools.handheld.page.session import Session
from tools.handheld.wiring import Setup


class Desk:
    """A handheld, perhaps a platform, and who plays on them."""

    def __init__(
        self, setup: Setup, fixed: dict[str, Any], emulator: RunningEmulator | None
    ) -> None:
        self.face = Face(setup, fixed)
        self.session = Session(self.face.device.screen)
        self._platform = Platform(emulator, self.face.tell) if emulator else None
        self._books = LedgerWatch(setup.flash, self._lists, self.face.tell)
        self._orders: dict[str, Callable[[Any], Awaitable[None]]] = {
            "fault": self._fault,
            "faults": self._clear_faults,
            "clock": self._move_clock,
            "platform": self._reset_platform,
        }

    def _lists(self) -> dict[str, list[dict[str, Any]]] | None:
        return self._platform.lists() if self._platform else None

    async def start(self) -> None:
        """Switches the handheld on, and begins to watch."""
        if self._platform:
            await self._platform.start()
        await self.face.device.start()
        await self.face.device.power()
        self._books.start()

    async def close(self) -> None:
        """Ends everything."""
        await self._books.close()
        if self._platform:
            await self._platform.close()
        await self.face.close()

    async def obey(self, text: str, client: Client) -> None:
        """What a page asks for; what is not possible is told to that page alone."""
        try:
            order = orders.parse(text)
            await self.do(order or parse(text.encode("utf-8", "replace")))
        except EventError as fault:
            refusal = {"order": orders.name_in(text), "reason": str(fault)}
            client.tell(text_of({"refused": refusal}))

    async def do(self, event: Event) -> None:
        """Makes an event or an order happen. EventError when it is not possible."""
        if event.name == "quit":
            raise EventError("a page does not end the program")
        order = self._orders.get(event.name)
        if order is not None:
            await order(event.value)
        self.session.note(event)
        if order is None:
            await self.face.perform(event)

    async def _fault(self, value: object) -> None:
        await self._ordered("POST", "faults", value)

    async def _clear_faults(self, _: object) -> None:
        await self._ordered("DELETE", "faults")

    async def _move_clock(self, value: object) -> None:
        await self._ordered("POST", "clock", value)

    async def _reset_platform(self, _: object) -> None:
        await self._ordered("POST", "reset")

    async def _ordered(self, method: str, what: str, document: object = None) -> None:
        if self._platform is None:
            raise EventError("there is no emulated platform here")
        await self._platform.order(method, what, document)
