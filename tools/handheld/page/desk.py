"""Everything that stands on the desk behind the page, and what a page may ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tools.emulator.testing import RunningEmulator
from tools.handheld.events import OF_THE_PLATFORM, OF_THE_TILL, Event, EventError
from tools.handheld.page import orders, player, refusals
from tools.handheld.page.clients import Client, text_of
from tools.handheld.page.face import Face
from tools.handheld.page.ledger_watch import LedgerWatch
from tools.handheld.page.platform import Platform
from tools.handheld.page.refusals import Refused
from tools.handheld.page.register import Register
from tools.handheld.page.session import Session
from tools.handheld.wiring import Setup

_SAVED = "session"
_WITHOUT_A_HAND = ("cut", "power", "battery", "language")
_MOST_WAITING = 200  # keys and cards; a page that repeats a key is quicker than a hand


class Desk:
    """A handheld, perhaps a platform, and who plays on them."""

    def __init__(
        self,
        setup: Setup,
        fixed: dict[str, Any],
        emulator: RunningEmulator | None,
        till_authority: Path | None,
    ) -> None:
        self._scenarios = {each.name: each for each in player.scenarios()}
        has_till = till_authority is not None
        listed = [
            each.described()
            for each in self._scenarios.values()
            if emulator and setup.keys == "matrix" and each.is_till_s == has_till
        ]  # without digits there is nothing to press
        self.face = Face(setup, {**fixed, "scenarios": listed})
        self.session = Session(self.face.device)
        self._one_at_a_time = asyncio.Lock()
        self._register: Register | None = None
        if emulator and till_authority:
            self._register = self._register_at(setup.flash, till_authority)
        self._platform = Platform(emulator, self.face.tell) if emulator else None
        self._books = LedgerWatch(setup.flash, self._lists, self.face.tell)
        self._player = player.Player(self.face.device, self._do, self.face.tell)
        self._orders: dict[str, Callable[[Platform, Any], Awaitable[None]]] = {
            "fault": lambda platform, value: platform.order("POST", "faults", value),
            "faults": lambda platform, _: platform.order("DELETE", "faults"),
            "clock": lambda platform, value: platform.order("POST", "clock", value),
            "platform": lambda platform, _: platform.order("POST", "reset"),
        }

    def _register_at(self, flash: Path, authority: Path) -> Register:
        """A till with the practice key; its journal lies beside the flash that it asked."""
        face = self.face
        journal = flash.with_name(flash.name + ".till")
        register = Register(
            face.tell, face.state.latest, lambda: face.device.is_on, journal, authority
        )
        face.listener = register.told
        return register

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
        await self._player.stop()
        await self._books.close()
        if self._register:
            await self._register.close()
        if self._platform:
            await self._platform.close()
        async with self._one_at_a_time:
            await self.face.close()

    async def obey(self, text: str, client: Client) -> None:
        """What a page asks for; what is not possible is told to that page alone."""
        try:
            order = orders.read(text)
            if isinstance(order, orders.Play):
                await self._play(order)
            elif isinstance(order, orders.Stop):
                await self._player.stop()
            elif isinstance(order, orders.Pause):
                self._player.pause(order.waits)
            elif isinstance(order, orders.Ask):
                await self._player.stop()  # a person takes over
                await self._ring(order)
            else:
                if order.name not in OF_THE_PLATFORM:
                    await self._player.stop()  # a person takes over
                await self._do(order)
        except EventError as fault:
            refusal = refusals.of(fault)
            told = {"order": orders.name_in(text), **refusal.told}
            client.tell(text_of({"refused": told}))
            if refusal.detail:
                self.face.device.log(f"not possible: {refusal.detail}")

    async def _perform(self, event: Event) -> None:
        async with self._one_at_a_time:
            self.session.note(event)
            await self.face.perform(event)

    async def _ring(self, ask: orders.Ask) -> None:
        if self._register is None:  # the key of a profile's own pad is not known here
            raise Refused("no_till" if self._platform else "no_platform")
        await self._register.obey(ask)
        self.session.note(Event(OF_THE_TILL, {ask.what: ask.value}))

    async def _play(self, order: orders.Play) -> None:
        if self._platform is None:  # it would move miles of real collectors
            raise Refused("no_platform")
        if order.lines:
            scenario = player.read(_SAVED, order.lines)
        elif order.scenario in self._scenarios:
            scenario = self._scenarios[order.scenario]
        else:
            raise Refused("no_scenario")
        await self._player.play(scenario, order.speed)

    async def _do(self, event: Event) -> None:
        """Makes an event or an order happen. EventError when it is not possible."""
        if event.name == OF_THE_TILL:
            await self._ring(orders.ask(event.value))
            return
        if event.name not in OF_THE_PLATFORM:
            is_full = self.face.device.inputs.waiting >= _MOST_WAITING
            if is_full and event.name not in _WITHOUT_A_HAND:
                raise Refused("too_many")
            # Half a power-up is none: one at a time, and whoever asked may be gone meanwhile.
            await asyncio.shield(asyncio.ensure_future(self._perform(event)))
            return
        if self._platform is None:
            raise Refused("no_platform")
        await self._orders[event.name](self._platform, event.value)
        self.session.note(event)
        if event.name == "platform":
            self.face.state.forget_requests()
            self.face.clients.refresh()
