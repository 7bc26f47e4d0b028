"""A device that earns, over its lives, and a platform of AIR MILES Issuance with bad moments.

From session to flash the firmware's own code runs; what is scripted is the transport, the
medium and the time. The platform commits by key, counts copies, and complains about what no
device may do: another body under a key, another key for a transaction, two of one collector.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from types import SimpleNamespace
from typing import Any, NamedTuple

from host_tests.kit.media import FakeFiles, TearingBytes
from host_tests.kit.power import Power, PowerCut
from host_tests.kit.powered import Powered
from host_tests.kit.profile import document
from host_tests.kit.stores import VALUES_BYTES, SmallLittlefsStore
from milepad.base.at_work import AtWork
from milepad.base.errors import LinkError, NotSentError
from milepad.base.timekeeper import Timekeeper
from milepad.base.transaction import Transaction
from milepad.issuance.basket import Basket
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.bodies import LittlefsBodies
from milepad.ledger.stores.body_cells import CellBodies
from milepad.ledger.stores.ring import RingStore
from milepad.ledger.trace_ids import TraceIds
from milepad.link.session import Session
from milepad.profile.check import check
from milepad.transactions.drain import Drain
from milepad.transactions.earnings import Earnings
from milepad.transactions.transactions import Transactions

CARDS = ("84095202006", "81000000010", "81000000027")
# What an exchange may meet; the first is none, the last three take the power.
FAULTS = (
    "",
    "no way",
    "lost request",
    "lost reply",
    "500 before",
    "500 after",
    "bad token",
    "429",
    "202",
    "another",
    "a copy is wrong",
    "power before",
    "power with the request",
    "power with the reply",
)


class Answer(NamedTuple):
    """What `client.post` gives."""

    status: int
    body: bytes
    date: bytes = b""
    retry_after: bytes = b""


_INSTEAD = {
    "bad token": Answer(401, b"{}"),
    "429": Answer(429, b"", retry_after=b"120"),
    "500 before": Answer(500, b""),
}
_AFTERWARDS = {
    "500 after": Answer(500, b"<html>"),
    "another": Answer(200, b'{"checkoutTransactionId": "999999999999"}'),
    "202": Answer(202, b'{"milesAmount": 5}'),
}


class IssuingPlatform:
    """The far end and the way to it; `faults` are what the next exchanges meet."""

    stage = "idle"
    sent = False

    def __init__(self, power: Power) -> None:
        self.power = power
        self.faults: list[str] = []
        self.refused: set[str] = set()  # cards whose earnings are wrong: 400
        self.failing: dict[str, int] = {}  # cards whose next earnings meet so many 500
        self.commits: dict[str, str] = {}  # key: transaction
        self.order: dict[str, list[str]] = defaultdict(list)  # by collector
        self.copies: dict[str, list[bytes]] = defaultdict(list)  # by key
        self.arrived: list[tuple[float, str]] = []  # when, and which path
        self.complaints: list[str] = []
        self.exchange_s = 0.5
        self._busy: set[str] = set()  # collectors
        self._keys: dict[str, str] = {}  # transaction: key

    async def post(
        self, url: tuple, headers: list, raw: bytes, may_leave: Any = None
    ) -> Answer:
        """The face of `link.client.Client`."""
        self.sent, self.stage = False, "connecting"
        await asyncio.sleep(0.1)
        try:
            return await self._exchange(url[2], dict(headers), raw)
        finally:
            self.stage = "idle"

    def close(self) -> None:
        """It keeps no connection."""

    async def _exchange(self, path: str, headers: dict[str, str], raw: bytes) -> Answer:
        if "amcash" in path:
            self.sent, self.stage = True, "waiting"
            self.arrived.append((asyncio.get_running_loop().time(), path))
            await asyncio.sleep(self.exchange_s)
            return Answer(200, b'{"responseCode": "0000"}')
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "no way":
            raise NotSentError("no connection within 10 s")
        if fault == "power before":
            self._cut()
        self.sent, self.stage = True, "waiting"
        self.arrived.append((asyncio.get_running_loop().time(), path))
        if fault == "power with the request":
            self._cut()
        if fault == "lost request":
            raise LinkError("no reply within 15 s")
        answer = self._answer(headers.get("Idempotency-Key", ""), raw, fault)
        await asyncio.sleep(self.exchange_s)
        if fault == "power with the reply":
            self._cut()
        if fault == "lost reply":
            raise LinkError("no reply within 15 s")
        return answer

    def _cut(self) -> None:
        self.power.pull()
        raise PowerCut

    def _answer(self, key: str, raw: bytes, fault: str) -> Answer:
        body = json.loads(raw)
        card = body.get("collectorNumber", "")
        name = body.get("checkoutTransactionId") or body.get("clientTransactionId")
        if fault in _INSTEAD:
            return _INSTEAD[fault]
        if self.failing.get(card, 0):
            self.failing[card] -= 1
            return Answer(500, b"")
        if card in self.refused and key not in self.commits:
            return Answer(400, b'{"message": "wrong"}')
        self._look(key, name, raw)
        if fault == "a copy is wrong" and key in self.commits:
            return Answer(400, b'{"message": "it is there already"}')
        if key not in self.commits:
            self.commits[key] = name
            self.order[card].append(name)
        return _AFTERWARDS.get(fault, Answer(200, b'{"milesAmount": 5}'))

    def _look(self, key: str, name: str, raw: bytes) -> None:
        self.copies[key].append(raw)
        if len(set(self.copies[key])) > 1:
            self.complaints.append(f"another body under the key of {name}")
        if self._keys.setdefault(name, key) != key:
            self.complaints.append(f"{name} has two keys")


class Earner:
    """One device. `boot()` is a new life; `power_cut` is what ends one."""

    def __init__(self, is_ring: bool = False, cells: int = 60, **issuance: Any) -> None:
        self.is_ring = is_ring
        self.cells = cells
        self.power = Power()
        if is_ring:
            self.medium: Any = TearingBytes(VALUES_BYTES + cells * 208)
            self.bodies_medium: Any = TearingBytes(cells * 512)
            self.medium.power = self.bodies_medium.power = self.power
        else:
            self.medium = self.bodies_medium = FakeFiles()
            self.medium.power = self.power
        self.platform = IssuingPlatform(self.power)
        self.profile = check(document(issuance={"family": "amrp", **issuance}))
        self.wlan = SimpleNamespace(is_up=lambda: self.wifi)
        self.wifi = True
        self.lines: list[str] = []
        self._slowness = 1.0
        self.time_is_known = True
        self.told: list[tuple[int, int]] = []
        self.boot()

    def boot(self) -> None:
        """Power comes on: RAM is new, the flash is as it was."""
        self.power.restore()
        if self.is_ring:
            store: Any = RingStore(self.medium, self.cells)
            bodies: Any = CellBodies(self.bodies_medium, self.cells)
        else:
            store, bodies = SmallLittlefsStore(self.medium), LittlefsBodies(self.medium)
        store, bodies = Powered(store, self.power), Powered(bodies, self.power)
        self.ledger = Ledger(store, 2000)
        self.time = Timekeeper(lambda unix_s: None, self.lines.append)
        if self.time_is_known:
            self.prove_time()
        token = SimpleNamespace(bearer=self._bearer, drop=lambda: None)
        url = self.profile["platform"]["base_url"]
        self.session = Session(self.platform, token, url)  # type: ignore[arg-type]
        self.transactions = Transactions(
            self.session,
            self.ledger,
            TraceIds(store, "0042", self.time.now_s()),
            self.profile,
            self.time,
            self._progress,
            self.lines.append,
        )
        self.at_work = AtWork()
        parts = (self.profile, self.time, self.wlan, self.lines.append)
        self.earnings = Earnings(self.transactions, bodies, *parts)  # type: ignore[arg-type]
        self.earnings.changed = lambda: self.told.append(self.earnings.waiting())
        self.drain = Drain(self.earnings, self.transactions, self.at_work, self._sleep)

    def prove_time(self) -> None:
        """The platform has told the time."""
        self.time.note_platform(self.time.now_s())

    @staticmethod
    async def _bearer() -> str:
        return "Bearer t"

    @staticmethod
    async def _progress(title_key: str, work: Any, stage: Any, may_cancel: Any) -> Any:
        return await work

    async def earn(self, card: str = CARDS[0], op: str = "issue", **changes: Any) -> Any:
        """A sale of $28.22 earns; the call's result. What is raised is handed on."""
        sale = Transaction(
            collector_number=card, basket_cents=2822, pre_tax_cents=2497, **changes
        )
        basket = Basket(2497, 2822)
        basket.hst_cents = 325
        with self.at_work:
            return await self.earnings.submit(op, sale, basket)

    async def drained(self, within_s: float = 40000) -> None:
        """Lets the drain run until nothing waits that it may send."""
        task = asyncio.create_task(self.drain.run())
        try:
            async with asyncio.timeout(within_s):
                while any(not each.is_parked for each in self.earnings.items()):
                    if task.done():
                        task.result()
                    await asyncio.sleep(0.25)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _sleep(self, delay_ms: int) -> None:
        await asyncio.sleep(delay_ms / 1000 * self._slowness)

    async def passes(self, seconds: float) -> None:
        """Lets the drain run for so long; over days it looks less often."""
        self._slowness = max(1.0, seconds / 1000)
        try:
            await self._passes(seconds)
        finally:
            self._slowness = 1.0

    async def _passes(self, seconds: float) -> None:
        task = asyncio.create_task(self.drain.run())
        await asyncio.wait([task], timeout=seconds)
        if task.done():
            task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def outcomes(self) -> list[tuple[str, str]]:
        """(outcome, code) of each entry on the ledger."""
        return [(each.outcome, each.result.response_code) for each in self.ledger.entries()]

    def faults(self) -> list[str]:
        """What is wrong between the platform and what the device says."""
        wrong = list(self.platform.complaints)
        for entry in self.ledger.entries():
            committed = entry.idempotency_key in self.platform.commits
            if entry.outcome == "approved" and not committed:
                wrong.append(f"{entry.sequence} is approved and not committed")
            if entry.outcome in ("declined", "not_sent") and committed:
                wrong.append(f"{entry.sequence} is {entry.outcome} and committed")
        return wrong
