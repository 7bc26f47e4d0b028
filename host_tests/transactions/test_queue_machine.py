"""Checkouts, earnings, outages, power cuts, clock jumps and drains, against a small model.

The model is what the cashier was told and what the platform committed: whatever happened, an
earning that was promised is on the ledger and, when all is well again, committed once; of one
that was not, nothing or one commitment; none under two keys, and each collector's in order.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from host_tests.kit.earner import CARDS, FAULTS, Earner
from host_tests.kit.power import PowerCut
from host_tests.kit.virtual_time import START_S, virtual_loop
from milepad.base import compat
from milepad.base.errors import StorageError

DAY_S = 86400
a_card = st.sampled_from(CARDS)
some_faults = st.one_of(st.just([]), st.lists(st.sampled_from(FAULTS), max_size=4))
a_cut = st.one_of(st.just(-1), st.integers(0, 9))
a_jump = st.sampled_from((-400 * DAY_S, -DAY_S, -300, 300, DAY_S, 8 * DAY_S, 400 * DAY_S))
a_while = st.sampled_from((1, 5, 70, 400, 4000, DAY_S))


class QueueMachine(RuleBasedStateMachine):
    """A shop's days."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=virtual_loop)
        self.ahead_s = 0.0
        self.promised: dict[str, str] = {}  # trace id: what became of it, as it was told
        self.deleted: set[str] = set()
        self.is_hurried = False  # somebody sent one out of its turn

    @initialize(is_ring=st.booleans())
    def first_day(self, is_ring: bool) -> None:
        self.patch = mock.patch.object(compat, "time", self)
        self.patch.start()
        self.device = Earner(is_ring)

    # In the place of the module `time`.

    def _now_s(self) -> float:
        return float(self.runner.get_loop().time())

    def time(self) -> float:
        return START_S + self.ahead_s + self._now_s()

    def monotonic_ns(self) -> int:
        return int(self._now_s() * 1e9)

    def live(self, work: Coroutine[Any, Any, Any], cut: int = -1, torn: int = 0) -> Any:
        """Does something; what it comes to, or None where the power went or it was refused."""
        device = self.device
        device.power.left = cut
        if device.is_ring:
            device.medium.torn_bytes = device.bodies_medium.torn_bytes = torn

        async def story() -> Any:
            try:
                return await work
            except PowerCut:
                return "cut"
            finally:  # whatever else ran is gone with the power
                others = asyncio.all_tasks() - {asyncio.current_task()}
                for task in others:
                    task.cancel()
                await asyncio.gather(*others, return_exceptions=True)

        try:
            found = self.runner.run(story())
        except StorageError:
            found = None
        if found == "cut" or device.power.gone:
            device.boot()
            found = None
        device.power.left = -1
        return found

    # --- what happens ---

    @rule(card=a_card, faults=some_faults, cut=a_cut, torn=st.integers(0, 60))
    def a_sale_earns(self, card: str, faults: list[str], cut: int, torn: int) -> None:
        self.device.platform.faults = list(faults)
        call = self.live(self.device.earn(card), cut, torn)
        if call is not None:
            self.promised[call.trace_id] = call.outcome

    @rule(faults=some_faults, seconds=a_while, cut=a_cut, torn=st.integers(0, 60))
    def time_passes(self, faults: list[str], seconds: float, cut: int, torn: int) -> None:
        self.device.platform.faults = list(faults)
        self.live(self.device.passes(seconds), cut, torn)

    @rule(faults=some_faults, sales=st.integers(1, 3))
    def sales_go_on_while_it_drains(self, faults: list[str], sales: int) -> None:
        device = self.device
        device.platform.faults = list(faults)

        async def story() -> None:
            task = asyncio.create_task(device.passes(30))
            task.add_done_callback(lambda each: each.cancelled() or each.exception())
            for card in CARDS[:sales]:
                await asyncio.sleep(0.3)
                began_s = asyncio.get_running_loop().time()
                with device.at_work:
                    await device.transactions.echo()
                waited_s = asyncio.get_running_loop().time() - began_s
                assert waited_s <= 1.3, "it waited for more than one exchange"
                call = await device.earn(card)
                self.promised[call.trace_id] = call.outcome
            await task

        self.live(story())

    @rule(is_up=st.booleans())
    def the_wifi_comes_or_goes(self, is_up: bool) -> None:
        self.device.wifi = is_up

    @rule(jump_s=a_jump)
    def the_clock_jumps(self, jump_s: int) -> None:
        self.ahead_s += jump_s

    @rule(is_known=st.booleans())
    def the_battery_is_pulled(self, is_known: bool) -> None:
        self.device.time_is_known = is_known
        self.device.boot()

    @rule(card=a_card, is_refused=st.booleans())
    def a_card_is_refused(self, card: str, is_refused: bool) -> None:
        refused = self.device.platform.refused
        (refused.add if is_refused else refused.discard)(card)

    @rule(faults=some_faults, cut=a_cut)
    def a_supervisor_sends_now(self, faults: list[str], cut: int) -> None:
        self.device.platform.faults = list(faults)
        numbers = self.device.earnings.queue.numbers
        if numbers:
            self.is_hurried = True
            self.live(self.device.earnings.send_now(numbers[-1]), cut)

    @rule(cut=a_cut)
    def a_supervisor_deletes_the_oldest(self, cut: int) -> None:
        numbers = self.device.earnings.queue.numbers
        if numbers:
            self.deleted.add(self.device.ledger.entry(numbers[0]).trace_id)

            async def story() -> None:
                self.device.earnings.delete(numbers[0])

            self.live(story(), cut)

    # --- what holds ---

    @invariant()
    def nothing_is_lost_and_nothing_is_two(self) -> None:
        device = self.device
        entries = {entry.trace_id: entry for entry in device.ledger.entries()}
        assert device.faults() == []
        assert self.promised.keys() <= entries.keys()
        names = list(device.platform.commits.values())
        assert len(set(names)) == len(names)
        assert set(names) <= entries.keys()
        assert device.ledger.open_entries() == []
        waiting = [each for each in entries.values() if each.outcome == "open"]
        parked = [each for each in entries.values() if each.is_parked]
        assert device.earnings.waiting()[0] == len(waiting) + len(parked)
        # What is left to a person lets the others of its collector pass.
        aside = device.earnings.queue.is_aside
        self.is_hurried |= any(aside(each.sequence) for each in waiting)

    def teardown(self) -> None:
        if hasattr(self, "device"):
            self.all_is_well_again()
            self.patch.stop()
        self.runner.close()

    def all_is_well_again(self) -> None:
        """Then everything that was promised is done."""
        device = self.device
        device.wifi, device.time_is_known = True, True
        device.platform.refused.clear()
        device.platform.faults = []
        device.boot()
        self.live(device.passes(2 * DAY_S))
        for number in device.earnings.queue.numbers:  # parked, or too old
            self.live(device.earnings.send_now(number))
            self.is_hurried = True
        assert device.earnings.waiting() == (0, 0)
        self.nothing_is_lost_and_nothing_is_two()
        entries = {entry.trace_id: entry for entry in device.ledger.entries()}
        for trace_id in self.promised:
            if trace_id not in self.deleted:
                assert entries[trace_id].outcome == "approved"
                assert trace_id in device.platform.commits.values()
        if not self.is_hurried:
            for names in device.platform.order.values():
                assert names == sorted(names, key=lambda name: entries[name].sequence)


QueueMachine.TestCase.settings = settings(
    max_examples=1000 if os.environ.get("PROVE") == "1" else 30,
    stateful_step_count=40 if os.environ.get("PROVE") == "1" else 20,
    deadline=None,
    report_multiple_bugs=False,
)
TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.pytestmark = [pytest.mark.timeout(3600)]  # a failure is made small first
