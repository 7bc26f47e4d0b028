"""A monkey at a shop whose sales earn: no key, cut or bad day ends the app or earns twice."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.kit.cashier import CARD
from host_tests.kit.media import FakeFiles
from host_tests.kit.profile import flash_files
from host_tests.kit.virtual_time import virtually
from host_tests.workflows import test_monkey
from host_tests.workflows.test_monkey import OFFER, TO_IDLE, Monkey, Platform, ledger_of
from milepad.ledger.stores.bodies import LittlefsBodies

EARN = [
    *TO_IDLE,
    *[("key", key) for key in ("5", "2", "4", "9", "7", "ENTER")],
    *[("key", key) for key in ("2", "8", "2", "2", "ENTER")],
    ("wait", 1),
    ("scan", CARD),
    ("wait", 12),
]
RETURN = [*TO_IDLE, ("key", "6"), ("scan", "LAST"), ("wait", 1)]
QUEUE = [*TO_IDLE, ("key", "4"), ("key", "5"), ("wait", 1)]
JOBS: list[list[tuple[str, Any]]] = [
    EARN,
    [*EARN, ("key", "ENTER")],
    [*OFFER, ("key", "ENTER"), ("wait", 30), ("key", "ENTER")],
    [*OFFER, ("key", "CANCEL"), ("wait", 12)],
    [*RETURN, ("key", "ENTER"), ("wait", 12)],
    [*RETURN, *[("key", key) for key in ("00", "1", "ENTER", "1", "ENTER")], ("wait", 12)],
    [*QUEUE, ("key", "7"), ("wait", 12)],
    [*QUEUE, ("key", "9"), ("key", "00"), ("wait", 1)],
    [*TO_IDLE, ("key", "4"), ("key", "2"), ("key", "1"), ("key", "DOWN"), ("key", "ENTER")],
    [*TO_IDLE, ("key", "4"), ("key", "6"), ("key", "1"), ("key", "5"), ("key", "ENTER")],
]
some_time = st.lists(
    st.one_of(
        test_monkey.a_hand.map(lambda hand: [hand]),
        st.sampled_from(JOBS),
        st.sampled_from(JOBS),
        test_monkey.the_world.map(lambda each: [each]),
    ),
    min_size=8,
    max_size=30,
).map(lambda parts: [act for part in parts for act in part])


class Issuing(Platform):
    """Commits earnings by key, and answers as its days are."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.issued: dict[str, str] = {}  # key: transaction
        self.sent: dict[str, set[bytes]] = defaultdict(set)  # by key

    async def exchange(self, request: Any, attempt: Any) -> None:
        """One copy of an earning."""
        async with self._lock:
            self.may_cancel, self.stage = True, "connecting"
            await asyncio.sleep(self.random.choice((0.0, 0.4, 2.0)))
            if not self.air:
                attempt.note_not_sent("no connection within 10 s")
            elif attempt.may_leave():
                self.may_cancel, self.stage = False, "waiting"
                await self._answer(request, attempt)
            self.stage = "idle"

    async def _answer(self, request: Any, attempt: Any) -> None:
        key = request.idempotency_key
        status = self._pick(200, 200, 202, 400, 500, 0)
        self.sent[key].add(bytes(request.body))
        if key and (status in (200, 202) or self._pick(False, True, False)):
            self.issued.setdefault(key, request.trace_id)
        await asyncio.sleep(self.random.choice((0.1, 0.8, 9.0)))
        if status:
            attempt.note_answer(status, b'{"milesAmount": 1}', request.trace_id)
        else:
            attempt.note_no_answer("no reply within 15 s")


class EarningMonkey(Monkey):
    """The same monkey; what waits for the network may be open at its day's end."""

    def __init__(self, seed: int, family: str) -> None:
        super().__init__(seed)
        self.board.files = type(self.board.files)(
            flash_files(
                platform={"echo_s": 60},
                cashier={"idle_s": 60},
                issuance={"family": family, "taxes": [["HST", "13"]]},
            )
        )
        self.board.session = self.platform = Issuing(seed)
        bodies = FakeFiles()
        self.board.queue_store = lambda: LittlefsBodies(bodies)
        self.board.tell = lambda *_: None

    def check_earnings(self) -> None:
        platform = self.platform
        assert [line for line in self.board.lines if line.startswith("stopped")] == []
        earnings = {e.idempotency_key: e for e in ledger_of(self.board) if e.is_earning}
        assert all(len(bodies) == 1 for key, bodies in platform.sent.items() if key)
        assert set(filter(None, platform.sent)) <= set(earnings)
        numbers = list(platform.issued.values())
        assert len(numbers) == len(set(numbers))
        for key, entry in earnings.items():
            if entry.outcome == "approved" and entry.op != "record":
                assert key in platform.issued
            if entry.outcome == "not_sent":
                assert key not in platform.issued


@pytest.mark.parametrize("family", ["amrp", "partner"])
@settings(max_examples=12)
@given(acts=some_time, seed=st.integers(0, 9999))
def test_no_key_cut_or_bad_day_ends_a_shop_that_earns_or_earns_twice(
    acts, seed, family, monkeypatch
):
    monkey = EarningMonkey(seed, family)

    async def day() -> None:
        monkey.power(monkeypatch)
        await monkey.board.sees("CHECKOUT")
        for kind, value in acts:
            trace_ids = [e.trace_id for e in ledger_of(monkey.board) if e.is_earning]
            is_slip = value == "LAST" and trace_ids
            await monkey.do(kind, trace_ids[-1] if is_slip else value, monkeypatch)
        monkey.check_earnings()
        assert monkey.task is not None
        monkey.task.cancel()

    virtually(day())
