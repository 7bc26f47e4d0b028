"""A shop in one process: a real terminal, till, ledger and workflows; all else is scripted.

The display and the printer write down what they get, the platform answers from a script at
`session.call`, and time is virtual: a minute without a key takes no time at all. Whatever a
test does, no screen may ever be wider than 20 columns or show a balance or a full collector
number; the display itself sees to that.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import json
import re
import selectors
from collections.abc import Callable, Coroutine
from copy import copy
from typing import Any

from host_tests.kit.times import proven_time
from milepad.amcash.replies import parse
from milepad.amcash.response_codes import lookup
from milepad.amcash.transaction import Transaction
from milepad.base.errors import PrinterError
from milepad.base.vocabulary import NOT_SENT, UNKNOWN
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.ring import memory_store
from milepad.ledger.trace_ids import TraceIds
from milepad.link.retry import Attempts, CallResult
from milepad.profile.check import check
from milepad.terminal.terminal import Terminal
from milepad.transactions.transactions import Transactions
from milepad.workflows.device import Device

CARD = "84095202006"
OTHER_CARD = "81000000010"
CONFIRMATION = "03007368806"
KEYS = (*"0123456789", "00", ".", "ENTER", "CANCEL", "CLEAR", "UP", "DOWN")

CASH, DREAM, AVAILABLE_MILES = "7777", "8888", "6655"
BALANCES = (CASH, DREAM, AVAILABLE_MILES, "7,777", "8,888", "6,655")
OFFER = {
    "availableOfferUnits": "4",
    "dailyOfferLimit": "75",
    "offerDescEn": "Save now with Cash Miles.",
    "offerDescFr": "Économisez dès maintenant.",
    "offerId": "1111111111",
    "offerType": "RGL",
    "unitValueAMCash": "95",
    "unitValueDollars": "10.00",
}
ACCOUNT = {
    "cashBalance": CASH,
    "dreamBalance": DREAM,
    "availableCashBalance": AVAILABLE_MILES,
    "availableDollarAmount": "700",
}
MEMBERS: dict[str, dict[str, str]] = {
    "echo": {},
    "inquire": ACCOUNT | OFFER,
    "redeem": ACCOUNT
    | OFFER
    | {
        "milesRedeemed": "380",
        "unitsRedeemed": "4",
        "txnConfirmationNumber": CONFIRMATION,
    },
    "reverse": ACCOUNT
    | {
        "milesReversed": "380",
        "unitsReversed": "4",
        "unitValueAMCash": "95",
        "unitValueDollars": "10",
        "txnConfirmationNumber": "03007369999",
    },
}


_COMMANDS = re.compile(
    rb"\x1b@|\x1c\.|\x1b[tEad].|\x1d[!hwHV].|\x1dkI..*?(?=\x1b)", re.DOTALL
)

# --- time ---


class _Leap(selectors.BaseSelector):
    """Never waits: where the loop would sleep, its clock leaps."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now_s = 1000.0

    def select(self, timeout: float | None = None) -> list:
        ready = self._real.select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("nothing will ever happen again")
            self.now_s += max(timeout, 0)
        return ready

    def register(self, *args: Any) -> Any:
        return self._real.register(*args)

    def unregister(self, *args: Any) -> Any:
        return self._real.unregister(*args)

    def modify(self, *args: Any) -> Any:
        return self._real.modify(*args)

    def get_map(self) -> Any:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


def virtual_loop() -> asyncio.AbstractEventLoop:
    leap = _Leap()
    loop = asyncio.SelectorEventLoop(leap)
    loop.time = lambda: leap.now_s  # type: ignore[method-assign]
    loop._clock_resolution = 1e-6  # type: ignore[attr-defined]
    return loop


def story(function: Callable[..., Coroutine]) -> Callable[..., None]:
    """Makes a test of a coroutine function; time in it is virtual."""

    @functools.wraps(function)
    def test(*args: Any, **kwargs: Any) -> None:
        with asyncio.Runner(loop_factory=virtual_loop) as runner:
            runner.run(function(*args, **kwargs))

    return test


# --- the chips ---


class Display:
    """Writes down every screen, and refuses what must never be on one."""

    def __init__(self) -> None:
        self.screens: list[list[str]] = [[""] * 4]
        self.keying = ""  # the number that is being keyed may be seen while it is
        self.changed = asyncio.Event()

    async def start(self) -> None:
        """Nothing to do."""

    def show(self, rows: list[str]) -> None:
        assert len(rows) == 4
        text = "\n".join(rows)
        assert all(len(row) <= 20 for row in rows), text
        beside_trace_ids = re.sub(
            r"\b\d{12}\b", "", text
        )  # one may hold such digits by chance
        for balance in BALANCES:
            assert balance not in beside_trace_ids, text
        for number in (CARD, OTHER_CARD):
            assert number not in text or number == self.keying, text
        if rows != self.screens[-1]:
            self.screens.append(rows)
            self.changed.set()


class Printer:
    """Writes down every job; `faults` holds what the next ones meet instead."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.faults: list[str] = []
        self.print_s = 3.0
        self.baud = 9600
        self.has_status = True

    async def print(self, raw: bytes) -> None:
        await asyncio.sleep(self.print_s)
        if self.faults:
            fault = self.faults.pop(0)
            if fault:
                raise PrinterError(fault)
        self.jobs.append(raw)

    @property
    def slips(self) -> list[str]:
        """The text of every job, without its commands."""
        return [_COMMANDS.sub(b"", raw).decode("cp858") for raw in self.jobs]


class Buzzer:
    """Writes down every sound."""

    def __init__(self) -> None:
        self.sounds: list[str] = []

    async def play(self, name: str) -> None:
        self.sounds.append(name)


class WatchedTerminal(Terminal):
    """Looks at the rows before they are cut to fit: none may need that."""

    def show(self, *rows: str) -> None:
        lines = "\n".join(rows).split("\n")
        assert len(lines) <= 4, rows
        assert all(len(line) <= 20 for line in lines), rows
        super().show(*rows)


# --- the platform ---


def answer(op: str, code: str, **changes: str | None) -> CallResult:
    """What a call comes to when the platform always answers like this."""
    members = {"message": "text", **MEMBERS[op], **changes}
    if code:
        members["responseCode"] = code
    reply = parse(json.dumps({k: v for k, v in members.items() if v is not None}).encode())
    attempts = Attempts(moves=op in ("redeem", "reverse"))
    while attempts.again:
        attempts.note_reply(lookup(code).http_status or 401, reply)
    return attempts.result()


def nothing_sent(cause: str = "network") -> CallResult:
    """What a call comes to when there is no way out."""
    outcome = CallResult(NOT_SENT, "", None, 0, "no connection within 10 s")
    outcome.cause = cause
    return outcome


def unfinished(copies: int) -> CallResult:
    """What finishing an interrupted call comes to when there is no way out."""
    return CallResult(UNKNOWN, "", None, copies, "no connection within 10 s")


def finished(outcome: CallResult) -> CallResult:
    """What an interrupted call comes to when its second copy is answered like this."""
    return CallResult(outcome.outcome, outcome.code, outcome.reply, 2, outcome.reason)


def silence() -> CallResult:
    """What a call comes to when two copies left and no answer came."""
    attempts = Attempts()
    while attempts.again:
        attempts.note_no_answer("no reply within 15 s")
    return attempts.result()


def _about(request: Any, outcome: CallResult) -> CallResult:
    outcome.trace_id = request.trace_id
    return outcome


class ScriptedSession:
    """Answers from a script: {op: outcome or list of outcomes}; 0000 where it says nothing.

    A call connects for `connect_s`, in which it may be cancelled, then `arrived` holds the
    request, and the answer comes after `reply_s`.
    """

    def __init__(self, **script: CallResult | list[CallResult]) -> None:
        self.script = script
        self.connect_s = 0.4
        self.reply_s = 0.8
        self.stage = "idle"
        self.may_cancel = True
        self.arrived: list[Any] = []
        self._lock = asyncio.Lock()

    async def call(
        self, request: Any, before_copy: Any = None, copies: int = 0
    ) -> CallResult:
        async with self._lock:
            self.may_cancel = not copies
            outcome = self._next(request.op)
            outcome.trace_id = request.trace_id
            try:
                self.stage = "connecting"
                await asyncio.sleep(self.connect_s)
                if (
                    outcome.outcome == NOT_SENT
                ):  # of an earlier copy nothing is known even then
                    return _about(request, unfinished(copies)) if copies else outcome
                self.stage = "waiting"
                self.may_cancel = False
                self.arrived.append(request)
                await asyncio.sleep(self.reply_s)
                return _about(request, finished(outcome)) if copies else outcome
            finally:
                self.stage = "idle"

    def _next(self, op: str) -> CallResult:
        planned = self.script.get(op, [])
        if isinstance(planned, CallResult):
            return copy(planned)
        return copy(planned.pop(0)) if planned else answer(op, "0000")

    def ops(self) -> list[str]:
        """The operations that arrived."""
        return [request.op for request in self.arrived]

    def bodies(self, op: str) -> list[dict[str, str]]:
        """What arrived for an operation."""
        return [json.loads(each.body) for each in self.arrived if each.op == op]


# --- the shop ---

PROFILE: dict[str, dict[str, Any]] = {
    "network": {"ssid": "shop", "password": "wifi-secret"},
    "platform": {
        "base_url": "https://localhost:1",
        "token_url": "https://localhost:1/oauth/token",
        "ca": "ca.der",
        "client_id": "id",
        "client_secret": "very-secret",
        "echo_s": 0,
    },
    "partner": {
        "sponsor_code": "LOY1",
        "store_id": "0001",
        "vendor_id": "100087",
        "acquirer_id": "100000",
    },
    "device": {"device_id": "001"},
    "cashier": {"language": "en-CA"},
    "time": {"zone": "EST5EDT,M3.2.0,M11.1.0"},
    "printer": {"store_copy": False},
}


def document(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A profile as it is written, with `changes` by section."""
    return {
        name: {**PROFILE.get(name, {}), **changes.get(name, {})}
        for name in {**PROFILE, **changes}
    }


class Shop:
    """A till and its cashier. `workflow` begins one; `press`, `scan`, `swipe` are hands."""

    def __init__(self, language: str = "en-CA", **script: Any) -> None:
        changes = script.pop("profile", {})
        cashier = {"language": language, **changes.pop("cashier", {})}
        self.profile = check(document(cashier=cashier, **changes))
        self.session = ScriptedSession(**script)
        self.display, self.printer, self.buzzer = Display(), Printer(), Buzzer()
        idle_ms = self.profile["cashier"]["idle_s"] * 1000
        self.terminal = WatchedTerminal(
            self.display, self.buzzer, self.printer, language, idle_ms
        )
        self.store = memory_store(24, "")
        self.store.warning = ""  # these tests take it for flash
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
            self.terminal, transactions, self.profile, time, self.log.append
        )

    def cut(self) -> None:
        """Power goes and comes back: whatever ran is gone."""
        assert self._task is not None
        self._task.cancel()
        self._task = None
        self.boot()

    def begin(self, name: str) -> None:
        """Starts a workflow: "checkout", "refund", "balance", "menu", "reports", "recover"."""
        module = importlib.import_module("milepad.workflows." + name)
        self._task = asyncio.create_task(module.run(self.device))

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
