"""A monkey at the keys, the readers, the paper, the air and the power switch.

Whatever it does, the app lives, comes back to the idle screen, keeps every balance and card
number off the display, and its ledger agrees with the platform's.
"""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.kit.board import Board
from host_tests.kit.cashier import CARD
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.profile import flash_files
from host_tests.kit.session import (
    ScriptedSession,
    answer,
    finished,
    nothing_sent,
    silence,
    unfinished,
)
from host_tests.kit.shop import OTHER_CARD
from host_tests.kit.virtual_time import virtually
from milepad.ledger.ledger import Ledger
from milepad.link.retry import CallResult

# Not 6, 7 and 8: four of them in a row would look like a balance of this platform.
DIGITS = ("0", "1", "2", "3", "4", "5", "9", "00")
NAMES = ("ENTER", "ENTER", "ENTER", "CANCEL", "CLEAR", "UP", "DOWN", ".")
LINES = (CARD, CARD, OTHER_CARD, CONFIRMATION, "", "x", "W" * 64, "\x00\x7f", "]C0" + CARD)

a_hand = st.one_of(
    st.tuples(st.just("key"), st.sampled_from(DIGITS + NAMES + ("1", "2", "3", "4"))),
    st.tuples(st.just("scan"), st.sampled_from(LINES)),
    st.tuples(st.just("swipe"), st.sampled_from([f";{CARD}=99?", "%E?", "?;%", ";8=?"])),
    st.tuples(st.just("wait"), st.sampled_from([0.01, 0.3, 1, 5, 70])),
)
# A cashier gets things done now and then, or the monkey would never meet the platform.
TO_IDLE = [
    ("key", "7"),  # after a cut: FINISH; elsewhere a digit, or nothing
    ("wait", 12),
    ("key", "CANCEL"),
    ("wait", 12),
    ("key", "CANCEL"),
    ("key", "0"),  # what cannot be settled now: LATER
    ("wait", 1),
    ("key", "CANCEL"),
]
BASKET = [*TO_IDLE, ("key", "1"), *[("key", c) for c in "4335"], ("key", "ENTER")]
OFFER = [*BASKET, ("scan", CARD), ("wait", 12)]
REFUND = [
    *TO_IDLE,
    ("key", "3"),
    ("scan", "LAST"),
    ("wait", 1),
    ("scan", CARD),
    ("wait", 1),
]
JOBS: list[list[tuple[str, Any]]] = [
    OFFER,
    [*OFFER, ("key", "ENTER")],
    [*OFFER, ("key", "ENTER"), ("wait", 12)],
    [*OFFER, ("key", "DOWN"), ("key", "ENTER"), ("wait", 30), ("key", "ENTER")],
    REFUND,
    [*REFUND, ("key", "ENTER")],
    [*REFUND, ("key", "ENTER"), ("wait", 30), ("key", "ENTER")],
    [*TO_IDLE, ("key", "2"), ("scan", CARD), ("wait", 12), ("key", "ENTER")],
    [*TO_IDLE, ("key", "4"), ("key", "1"), ("wait", 5)],
    [*TO_IDLE, ("key", "4"), ("key", "2"), ("key", "ENTER"), ("key", "ENTER")],
]
a_job = st.sampled_from(JOBS)
the_world = st.one_of(
    st.tuples(st.just("wifi"), st.booleans()),
    st.tuples(st.just("paper"), st.booleans()),
    st.tuples(st.just("cut"), st.just(0)),
    st.tuples(st.just("day"), st.sampled_from(["good", "bad"])),
)
some_time = st.lists(
    st.one_of(a_hand.map(lambda hand: [hand]), a_job, a_job, the_world.map(lambda w: [w])),
    min_size=8,
    max_size=30,
).map(lambda parts: [act for part in parts for act in part])


class Platform(ScriptedSession):
    """Commits what it redeems, remembers idempotency keys, and has bad days."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)
        self.air, self.day = True, "good"
        self.commits: dict[str, str] = {}  # idempotency key: confirmation number
        self.copies: dict[str, int] = {}

    async def call(
        self, request: Any, before_copy: Any = None, copies: int = 0
    ) -> CallResult:
        async with self._lock:
            self.may_cancel = not copies
            self.stage = "connecting"
            await asyncio.sleep(self.random.choice((0.0, 0.4, 2.0)))
            if not self.air:
                return unfinished(copies) if copies else nothing_sent()
            self.may_cancel, self.stage = False, "waiting"
            outcome = self._serve(request, before_copy, copies)
            await asyncio.sleep(self.random.choice((0.1, 0.8, 9.0)))
            return finished(outcome) if copies else outcome

    def _serve(self, request: Any, before_copy: Any, copies: int) -> CallResult:
        json.loads(request.body)
        key = request.idempotency_key
        if not key:
            code = self._pick("0000", "0000", "0000", "0001", "0005", "0006", "0002")
            return answer(request.op, code) if self._pick(1, 1, 0) else silence()
        self.copies[key] = self.copies.get(key, 0) + 1
        what = "approve" if key in self.commits else self._pick("approve", "refuse", "lose")
        if what == "refuse":
            return answer(request.op, self._pick("0051", "0057", "0080", "0066", "0092"))
        if what == "approve" or self._pick(True, False):
            self.commits.setdefault(key, "%011d" % (3000000000 + len(self.commits)))
        if what == "lose":
            if before_copy:
                before_copy(2)
            self.copies[key] += not copies  # an interrupted call has one copy left
            return silence()
        return answer(request.op, "0000", txnConfirmationNumber=self.commits[key])

    def _pick(self, good: Any, *others: Any) -> Any:
        return good if self.day == "good" else self.random.choice((good, *others))


class Monkey:
    """One device, its platform, and what happens to them."""

    def __init__(self, seed: int) -> None:
        files = flash_files(platform={"echo_s": 60}, cashier={"idle_s": 60})
        self.board = Board(files)
        self.board.session = self.platform = Platform(seed)
        self.board.printer.print_s = 0.5
        self.paper = True
        self.task: asyncio.Task | None = None

    def power(self, monkeypatch: Any) -> None:
        for task in asyncio.all_tasks():  # nothing of before the cut goes on
            if task is not asyncio.current_task():
                task.cancel()
        self.platform._lock = asyncio.Lock()
        self.task = self.board.boot(monkeypatch)

    async def do(self, kind: str, value: Any, monkeypatch: Any) -> None:
        board = self.board
        if kind == "key":
            board.keypad.emit("key", value)
        elif kind in ("scan", "swipe"):
            last = list(self.platform.commits.values())[-1:] or [CONFIRMATION]
            board.scanner.emit(kind, last[0] if value == "LAST" else value)
        elif kind == "wifi":
            self.platform.air = value
        elif kind == "paper":
            self.paper = value
        elif kind == "day":
            self.platform.day = value
        elif kind == "cut":
            self.power(monkeypatch)
        board.printer.faults = [] if self.paper else ["paper"] * 50
        await asyncio.sleep(value if kind == "wait" else 0.05)
        assert self.task is not None and not self.task.done(), "the app has ended"

    async def home(self, monkeypatch: Any) -> None:
        """All is well again; CANCEL until the idle screen is there and nothing is open."""
        self.platform.air, self.platform.day, self.paper = True, "good", True
        for _ in range(80):
            title, keys = self.board.screen[0], self.board.screen[2:]
            keys = " ".join(keys).replace("00=", "")
            is_idle = "CHECKOUT" in title or "ACHAT" in title
            if is_idle and all(each.outcome != "open" for each in ledger_of(self.board)):
                return
            if "0=" in keys:  # INTERRUPTED: FINISH, or else give up
                await self.do("key", "7" if "7=" in keys else "8", monkeypatch)
            elif not is_idle:
                await self.do("key", "CANCEL", monkeypatch)
            await self.do("wait", 15, monkeypatch)
        raise AssertionError(f"never came home: {self.board.screen}")

    def check(self) -> None:
        faults = [
            line for line in self.board.lines if line.startswith(("stopped", "input"))
        ]
        assert faults == []
        for line in self.board.lines:
            assert CARD not in line and OTHER_CARD not in line and "very-secret" not in line
        entries = {each.idempotency_key: each for each in ledger_of(self.board)}
        for key, entry in entries.items():
            assert entry.outcome != "open"
            outcome = entry.outcome
            if outcome == "approved":
                assert entry.result.confirmation_number == self.platform.commits[key]
            elif outcome in ("declined", "not_sent"):
                assert key not in self.platform.commits
        assert set(self.platform.copies) <= set(entries)
        assert all(copies <= 2 for copies in self.platform.copies.values())


def ledger_of(board: Board) -> list:
    return list(Ledger(board.store, 2000).entries())


def live_through(acts: list[tuple[str, Any]], seed: int, monkeypatch: Any) -> list:
    """Does all of it, comes home, checks; the device's entries."""
    monkey = Monkey(seed)

    async def day() -> None:
        monkey.power(monkeypatch)
        await monkey.board.sees("CHECKOUT")
        for kind, value in acts:
            await monkey.do(kind, value, monkeypatch)
        await monkey.home(monkeypatch)
        monkey.check()
        assert monkey.task is not None
        monkey.task.cancel()

    virtually(day())
    return ledger_of(monkey.board)


@settings(max_examples=40)
@given(acts=some_time, seed=st.integers(0, 9999))
def test_nothing_that_a_monkey_does_ends_the_app_or_parts_the_two_ledgers(
    acts, seed, monkeypatch
):
    live_through(acts, seed, monkeypatch)


def a_bad_day(dice: random.Random) -> list[tuple[str, Any]]:
    """Sixty jobs, and the air, the paper, the platform and the power come and go."""
    acts: list[tuple[str, Any]] = []
    for _ in range(60):
        acts += dice.choice(JOBS)
        happens = dice.randrange(10)
        if happens < 3:
            acts.append(("wait", dice.choice((0.01, 0.3, 0.5, 1, 3))))
        if happens < 2:
            acts.append(("cut", 0))
        elif happens == 4:
            acts.append(("wifi", dice.random() < 0.7))
        elif happens == 5:
            acts.append(("paper", dice.random() < 0.7))
        elif happens == 6:
            acts.append(("day", dice.choice(("good", "bad", "bad"))))
        elif happens > 7:
            acts.append(("key", dice.choice(DIGITS + NAMES)))
    return acts


@pytest.mark.parametrize("seed", (0, 2, 3, 4))
def test_after_a_long_bad_day_the_two_ledgers_still_agree(seed, monkeypatch):
    entries = live_through(a_bad_day(random.Random(seed)), seed, monkeypatch)
    assert len({entry.outcome for entry in entries}) >= 3
