"""A shop in one process: a real terminal, till, ledger and workflows; all else is scripted.

The display and the printer write down what they get, the platform answers from a script at
`session.call`, and time is virtual: a minute without a key takes no time at all. Whatever a
test does, no screen may ever be wider than 20 columns or show a balance or a full collector
number; the display itself sees to that.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import re
from typing import Any

from host_tests.kit.cashier import CARD
from host_tests.kit.chips import Buzzer, Display, Hardware, Printer
from host_tests.kit.files import Files
from host_tests.kit.media import FakeFiles
from host_tests.kit.platform import BALANCES, CONFIRMATION
from host_tests.kit.profile import document
from host_tests.kit.session import ScriptedSession
from host_tests.kit.stores import ring_store
from host_tests.kit.times import proven_time
from milepad.base.transaction import Transaction
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.bodies import LittlefsBodies
from milepad.ledger.trace_ids import TraceIds
from milepad.profile.check import check
from milepad.terminal.terminal import Terminal
from milepad.transactions.earnings import Earnings
from milepad.transactions.transactions import Transactions
from milepad.workflows import menu
from milepad.workflows.device import Device

OTHER_CARD = "81000000010"
KEYS = (*"0123456789", "00", ".", "ENTER", "CANCEL", "CLEAR", "UP", "DOWN")


class PrivateDisplay(Display):
    """Refuses what must never be on a screen."""

    keying = ""  # the number that is being keyed may be seen while it is

    def show(self, rows: list[str]) -> bool:
        text = "\n".join(rows)
        # A trace id may hold the digits of a balance by chance.
        beside_trace_ids = re.sub(r"\b\d{12}\b", "", text)
        for balance in BALANCES:
            assert balance not in beside_trace_ids, text
        for number in (CARD, OTHER_CARD):
            assert number not in text or number == self.keying, text
        return super().show(rows)


class WatchedTerminal(Terminal):
    """Looks at the rows before they are cut to fit: none may need that."""

    def show(self, *rows: str) -> None:
        lines = "\n".join(rows).split("\n")
        assert len(lines) <= 4, rows
        assert all(len(line) <= 20 for line in lines), rows
        super().show(*rows)


class Shop:
    """A till and its cashier. `workflow` begins one; `press`, `scan`, `swipe` are hands."""

    def __init__(self, language: str = "en-CA", **script: Any) -> None:
        changes = script.pop("profile", {})
        offers = script.pop("offers", {})
        cashier = {"language": language, **changes.pop("cashier", {})}
        self.profile = check(document(cashier=cashier, **changes))
        self.session = ScriptedSession(**script)
        self.display, self.printer, self.buzzer = PrivateDisplay(), Printer(), Buzzer()
        idle_ms = self.profile["cashier"]["idle_s"] * 1000
        self.terminal = WatchedTerminal(
            self.display, self.buzzer, self.printer, language, idle_ms
        )
        self.hardware = Hardware()
        self.hardware.files = Files({"offers.json": json.dumps(offers).encode()})
        is_small = self.profile["issuance"]["family"] == "off"
        self.store = ring_store(24 if is_small else 200)
        self.store.warning = ""  # these tests take it for flash
        self.flash = FakeFiles()  # with the bytes of what waits in the queue
        self.log: list[str] = []
        self._mark = 0
        self._task: asyncio.Task | None = None
        self.boot()

    def boot(self) -> None:
        """RAM is new, the flash is as it was."""
        self.ledger = Ledger(self.store, 2000)
        self.trace_ids = TraceIds(self.store, "0042", 1780000000)
        self.set_time(proven_time())

    def set_time(self, time: Any) -> None:
        """The device's parts are made anew around a clock."""
        made_of = (self.session, self.ledger, self.trace_ids, self.profile, time)
        transactions = Transactions(*made_of, self.terminal.wait_for, self.log.append)
        self.device = Device(
            self.terminal, transactions, self.profile, time, self.log.append, self.hardware
        )
        if self.profile["issuance"]["family"] != "off":
            made_of = (transactions, LittlefsBodies(self.flash), self.profile, time)
            self.device.earnings = Earnings(*made_of, self.hardware, self.log.append)

    def cut(self) -> None:
        """Power goes and comes back: whatever ran is gone."""
        assert self._task is not None
        self._task.cancel()
        self._task = None
        self.boot()

    def at_checkout(self) -> Any:
        """What a checkout earns with, as the menu hands it on."""
        return menu._at_checkout(self.device)

    async def to_rest(self) -> None:
        """Until a screen waits for a key: nothing is sent, nothing is printed."""
        busy = ("wait_cancel", "wait_hold", "printing")
        while self.screen[3] in [self.terminal.text(key) for key in busy]:
            await asyncio.sleep(1)

    def begin(self, name: str, *args: Any) -> None:
        """Starts a workflow: "checkout", "refund", "balance", "menu", "reports", "recover"."""
        module = importlib.import_module("milepad.workflows." + name)
        self._task = asyncio.create_task(module.run(self.device, *args))

    async def ended(self) -> str:
        """Waits until the workflow is over; the name of the error it ended with, or ""."""
        assert self._task is not None
        done, _ = await asyncio.wait([self._task], timeout=300)
        assert done, f"the workflow still runs: {self.screen}"
        fault = self._task.exception()
        return type(fault).__name__ if fault else ""

    @property
    def over(self) -> bool:
        return self._task is None or self._task.done()

    @property
    def screen(self) -> list[str]:
        return self.display.screens[-1]

    @property
    def screens(self) -> str:
        """Every screen so far, as one text."""
        return "\n\n".join("\n".join(rows) for rows in self.display.screens)

    @property
    def entries(self) -> list[Transaction]:
        return list(self.ledger.entries())

    def act(self, kind: str, value: str) -> None:
        self._mark = len(self.display.screens) - 1
        self.terminal.emit(kind, value)

    async def press(self, *keys: str) -> None:
        """Key names, or digits to press one by one."""
        for name in keys:
            for key in [name] if name in KEYS else name:
                self.act("key", key)
                await asyncio.sleep(0.05)

    async def scan(self, text: str) -> None:
        self.act("scan", text)
        await asyncio.sleep(0.05)

    async def swipe(self, number: str = CARD) -> None:
        self.act("swipe", f"%B{number}^COLLECTOR/A^99?;{number}=99?")
        await asyncio.sleep(0.05)

    async def sees(self, *texts: str, within_s: float = 30) -> list[str]:
        """The first screen since the last thing that was done which holds all of these."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    for at in range(self._mark, len(self.display.screens)):
                        rows = self.display.screens[at]
                        if all(text in "\n".join(rows) for text in texts):
                            self._mark = at
                            return rows
                    self.display.changed.clear()
                    await self._next_screen()
        except TimeoutError:
            raise AssertionError(f"{texts} never came; last: {self.screen}") from None

    async def _next_screen(self) -> None:
        waits = [asyncio.create_task(self.display.changed.wait())]
        if self._task is not None and not self._task.done():
            waits.append(self._task)
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        waits[0].cancel()
        if self._task is not None and self._task.done() and self._task.exception():
            self._task.result()

    async def to_offer(self, cents: str = "4335") -> None:
        """A checkout up to the offer."""
        await self.to_card(cents)
        await self.swipe()
        await self.sees(self.terminal.text("redeem"), self.terminal.text("offer_keys"))

    async def to_card(self, cents: str = "4335") -> None:
        """A checkout up to the card."""
        self.begin("checkout")
        await self.sees(self.terminal.text("basket_total"))
        await self.press(cents, "ENTER")
        await self.sees(self.terminal.text("card"))

    async def redeem(self) -> None:
        """A whole checkout of $40.00, to its end."""
        await self.to_offer()
        await self.press("ENTER")
        await self.sees(self.terminal.text("approved"), self.terminal.text("go_on"))
        await self.press("ENTER")
        assert await self.ended() == ""

    async def to_refund_question(self, number: str = CONFIRMATION) -> None:
        """A refund up to the last question."""
        self.begin("refund")
        await self.sees(self.terminal.text("confirmation"))
        await self.scan(number)
        await self.sees(self.terminal.text("card"), self.terminal.text("card_how"))
        await self.swipe()
        await self.sees(self.terminal.text("yes_no"))
