"""A PIN pad over its lives, its cashier, and a till that keeps what it gave discounts for.

The till does what the integrator's guide tells: it keeps its intent, waits, and when no answer
comes it asks for the status until one does, or gives up and lets a person ask.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any
from unittest import mock

from host_tests.kit.board import Board
from host_tests.kit.cashier import CARD, Cashier, say
from host_tests.kit.chips import Display
from host_tests.kit.media import TearingBytes
from host_tests.kit.pad import account, loyalty
from host_tests.kit.powered import CAPACITY, FINISH_S, Air, Device, Powered
from host_tests.kit.profile import flash_files
from host_tests.kit.stores import VALUES_BYTES, SmallLittlefsStore
from milepad import app
from milepad.base.timekeeper import Timekeeper
from milepad.ledger.stores.ring import RingStore
from milepad.pinpad import link

_TICK_S = 0.1
_ANSWER_TICKS = 900  # longer than two copies of a call and a customer take
_STATUS_TRIES = 12
_STATUS_EVERY = 50  # ticks
OPEN, GIVEN, NONE, DOUBT = "open", "given", "none", "doubt"


class Sale:
    """What the till knows of one of its requests."""

    def __init__(self, service_id: str, body: dict[str, Any]) -> None:
        self.service_id = service_id
        self.body = body
        self.state = OPEN
        self.number = ""  # the redemption's, where a discount was given
        self.cents = 0
        self.answer: Any = None


class PadDevice(Device):
    """One pad. `sales` are its till's."""

    def __init__(self, is_ring: bool) -> None:
        super().__init__(is_ring)
        self.till_medium = TearingBytes(VALUES_BYTES + CAPACITY * 208 + 2 * 512)
        self.till_medium.power = self.plug
        self.sales: list[Sale] = []
        self.service: Any = None
        self._numbers = itertools.count(1)

    def _till_store(self) -> Powered:
        store: Any
        if self.is_ring:
            store = RingStore(self.till_medium, CAPACITY, 512)
        else:
            store = SmallLittlefsStore(self.medium, "/till")
        return Powered(store, self.plug)

    def _note(self, _device: Any, _board: Any, service: Any) -> Any:
        self.service = service
        return asyncio.Event().wait

    async def power_on(self) -> None:
        """A new life; its till link is called directly."""
        self._loop = asyncio.get_running_loop()
        self.plug.restore()
        self.set_rtc(1609459200)
        board: Any = Board(
            flash_files(
                cashier={"finish_s": FINISH_S},
                platform={"base_url": self.base_url},
                till={"mode": "serial"},
            )
        )
        board.time = Timekeeper(self.set_rtc, board.log)
        board.wlan = Air(self, board.time)
        board.display = Display()
        board.client = lambda *_: self.platform
        board.ledger_store = self._powered_store
        board.till_store = self._till_store
        self.lives.append(board)
        self.service = None
        with mock.patch.object(link, "_transport", self._note):
            self.task = asyncio.create_task(app._main(board))
            await asyncio.sleep(0)
            await asyncio.sleep(_TICK_S)

    # --- the till ---

    async def sell(self, choice: str, cut: int, torn: int = 0, loses: bool = False) -> Sale:
        """A redemption of $40.00; what the till makes of it, after it has asked for what it
        did not get. Power goes after `cut` writes (-1: it does not).
        """
        body = loyalty("Redemption", value="40.00", data=account(CARD))
        sale = Sale("s%d" % next(self._numbers), body)
        self.sales.append(sale)
        await self._ready(choice)
        self.plug.left, self.till_medium.torn_bytes = cut, torn
        self.medium.torn_bytes = torn
        answer = await self._asked("Loyalty", body, sale.service_id, choice)
        self.plug.left = -1 if self.is_on else 0
        if answer is None or loses:
            await self.recover(sale, choice)
        else:
            self._took(sale, answer)
        return sale

    async def recover(self, sale: Sale, choice: str, cut: int = -1) -> None:
        """Asks for the status, every five seconds, until it is known."""
        for _ in range(_STATUS_TRIES):
            await self._ready(choice)
            self.plug.left = cut
            cut = -1
            about = {"MessageReference": {"ServiceID": sale.service_id}}
            found = await self._asked("TransactionStatus", about, "", choice)
            self.plug.left = -1 if self.is_on else 0
            if found and "RepeatedMessageResponse" in found:
                body = found["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
                self._took(sale, body["LoyaltyResponse"])
                return
            if found and found["Response"]["ErrorCondition"] == "NotFound":
                sale.state = NONE
                return
            await self._wait(_STATUS_EVERY, choice)

    async def again(self, sale: Sale, choice: str) -> Any:
        """The same request once more."""
        await self._ready(choice)
        return await self._asked("Loyalty", sale.body, sale.service_id, choice)

    def _took(self, sale: Sale, answer: Any) -> None:
        response = answer["Response"]
        sale.answer = answer
        if response["Result"] == "Success":
            sale.state = GIVEN
            result = answer["LoyaltyResult"][0]
            sale.number = result["LoyaltyAcquirerData"].get("ApprovalCode", "")
            sale.cents = round(result["LoyaltyAmount"]["Value"] * 100)
        elif response["ErrorCondition"] == "InProgress":
            sale.state, sale.answer = OPEN, None
        else:
            is_doubt = "outcome=unknown" in response.get("AdditionalResponse", "")
            sale.state = DOUBT if is_doubt else NONE

    async def _ready(self, choice: str) -> None:
        """Power is there, and the pad stands at its idle screen or asks its cashier."""
        while not self.is_on:
            await self.power_on()
        await self._wait(20, choice)

    async def _asked(self, category: str, body: Any, service_id: str, choice: str) -> Any:
        """The body of the response; None when the power went or none came."""
        service = self.service
        if service is None:
            return None
        head = {
            "MessageClass": "Service",
            "MessageCategory": category,
            "MessageType": "Request",
            "SaleID": "TILL1",
            "POIID": "001",
            "ServiceID": service_id or "q%d" % next(self._numbers),
        }
        message = {"MessageHeader": head, category + "Request": body}
        raw = json.dumps({"SaleToPOIRequest": message}).encode()
        task = asyncio.create_task(service.take(raw))
        await self._wait(_ANSWER_TICKS, choice, task)
        gone = not self.is_on or self.plug.gone  # what it would have said, nobody heard
        if gone or not task.done() or task.cancelled() or task.exception():
            task.cancel()
            return None
        (found,) = json.loads(task.result()).values()
        return found[category + "Response"]

    async def _wait(
        self, ticks: int, choice: str, task: asyncio.Task | None = None
    ) -> None:
        """Lets time pass; whoever stands at the pad answers what it asks."""
        cashier = Cashier([], choice)
        for _ in range(ticks):
            if task is not None and task.done():
                return
            await asyncio.sleep(_TICK_S)
            if not self.is_on or self.plug.gone:
                if self.task is not None:
                    await self.power_off()
                return
            for key in self._keys(cashier):
                self.lives[-1].keypad.emit("key", key)

    def _keys(self, cashier: Cashier) -> list[str]:
        rows = self.screen
        if rows[0].startswith(say("till")) or not rows[0]:
            return []
        if rows[3] in ("", say("printing")) and "=" not in rows[2]:
            return []  # what came of it stands by itself
        found = cashier.answer(rows)
        return [key for key in found if isinstance(key, str)]
