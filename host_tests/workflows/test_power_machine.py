"""Random work, faults, power cuts and clock jumps, held against what the platform did.

The model is small: the platform's own commitments. Whatever happened, each of them is on the
device's ledger as approved or as unresolved, none was made twice for one intent, none was
told to a cashier that was not made, and the totals are sums of them.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from host_tests.kit.cashier import FINISH, LATER, VOID
from host_tests.kit.platform import FAULTS, START_S
from host_tests.kit.powered import ABSENT, BASE_URLS, CAPACITY, FINISH_S, Device
from host_tests.kit.virtual_time import sleep_through, virtual_loop
from milepad import starting
from milepad.base import compat
from milepad.ledger.totals import between

a_fault = st.sampled_from(FAULTS)
some_faults = st.one_of(st.just([]), st.lists(a_fault, min_size=1, max_size=3))
a_bad_line = st.sampled_from(
    ("bad token", "lost request", "lost reply", "platform error", "no code")
)
a_power_fault = st.sampled_from([fault for fault in FAULTS if fault.startswith("power")])
a_cut = st.one_of(st.just(-1), st.integers(0, 9))
a_choice = st.sampled_from((FINISH, VOID, FINISH, VOID, LATER))
a_bad_evening = st.tuples(
    a_choice,
    st.one_of(
        st.tuples(a_power_fault).map(list),
        st.tuples(a_bad_line, a_power_fault).map(list),
        st.lists(a_bad_line, min_size=1, max_size=2),
    ),
)


IN_FULL = os.environ.get("PROVE") == "1"
DAY_S = 86400
TIME_SERVERS = (
    0,
    ABSENT,
    300,
    DAY_S,
    -300,  # five minutes after yesterday's sale, where a day has passed since
    300 - DAY_S,
    -10 * DAY_S,
    365 * DAY_S,
    74 * 365 * DAY_S,  # 2100
    1 << 33,  # past 2106
    -START_S,  # 1970
)


class PowerMachine(RuleBasedStateMachine):
    """A shop's days."""

    def __init__(self) -> None:
        super().__init__()
        self.is_flash_bad = False  # under the life that goes on, or was the last
        self.runner = asyncio.Runner(loop_factory=virtual_loop)
        self.archive: dict[str, Any] = {}  # by trace id: what was exported
        self.rests = self.cuts = self.moves = 0

    @initialize(is_ring=st.booleans(), rests=st.integers(0, 2))
    def first_day(self, is_ring: bool, rests: int) -> None:
        self.device = Device(is_ring)
        self.most_rests = rests
        self.patches = [
            mock.patch.object(compat, "time", self.device.clock()),
            mock.patch.object(starting, "_LEDGER_CAPACITY", CAPACITY),
            # Heap is no concern here: collecting takes most of the time.
            mock.patch("gc.collect"),
        ]
        for patch in self.patches:
            patch.start()
        self.live("", FINISH, [], -1)

    def teardown(self) -> None:
        if hasattr(self, "device"):
            if self.device.is_on:
                self.runner.run(self.device.power_off())
            for patch in self.patches:
                patch.stop()
        self.runner.close()

    def live(
        self, job: str, choice: str, faults: list[str], cut: int, torn: int = 0
    ) -> None:
        """A job, after a boot where the device is off."""

        async def story() -> None:
            if not self.device.is_on:
                await self.device.power_on()
            self.device.plug.left = cut
            self.device.medium.torn_bytes = torn
            await self.device.work(job, choice)
            self.device.plug.left = -1 if self.device.is_on else 0

        self.is_flash_bad = self.is_flash_bad and self.device.plug.bad_writes > 0
        self.device.platform.faults = list(faults)
        self.runner.run(story())
        self.cuts += not self.device.is_on

    # --- what happens ---

    @rule(choice=a_choice)
    def sell_on_a_calm_day(self, choice: str) -> None:
        self.live("checkout", choice, [], -1)
        assert self.device.is_on

    @rule(choice=a_choice, faults=some_faults, cut=a_cut, torn=st.integers(0, 200))
    def sell(self, choice: str, faults: list[str], cut: int, torn: int) -> None:
        self.live("checkout", choice, faults, cut, torn)

    @precondition(lambda self: self.device.platform.commits)
    @rule(
        data=st.data(),
        choice=a_choice,
        faults=some_faults,
        cut=a_cut,
        torn=st.integers(0, 200),
    )
    def take_back(
        self, data: Any, choice: str, faults: list[str], cut: int, torn: int
    ) -> None:
        numbers = [commit.number for commit in self.device.platform.commits]
        self.device.number = data.draw(st.sampled_from(numbers))
        self.live("refund", choice, faults, cut, torn)

    @rule(choice=a_choice, faults=st.lists(a_bad_line, min_size=2, max_size=3))
    def sell_on_a_bad_line(self, choice: str, faults: list[str]) -> None:
        self.live("checkout", choice, faults, -1)

    @precondition(lambda self: self.device.is_on)
    @rule(
        job=st.sampled_from(("checkout", "refund")),
        choice=a_choice,
        faults=some_faults,
        good=st.integers(0, 6),
        bad=st.integers(1, 8),
    )
    def sell_while_the_flash_fails(
        self, job: str, choice: str, faults: list[str], good: int, bad: int
    ) -> None:
        """Some writes fail under the running device; then it is switched off and on again."""
        plug = self.device.plug
        plug.good_writes, plug.bad_writes = good, bad
        numbers = [commit.number for commit in self.device.platform.commits]
        if job == "refund" and not numbers:
            job = "checkout"
        elif job == "refund":
            self.device.number = numbers[-1]
        self.is_flash_bad = True
        self.live(job, choice, faults, -1)
        self.pull_the_plug()
        self.cuts += 1
        plug.bad_writes = 0

    @rule(evenings=st.lists(a_bad_evening, min_size=1, max_size=3), choice=a_choice)
    def sell_while_power_comes_and_goes(
        self, evenings: list[tuple[str, list[str]]], choice: str
    ) -> None:
        """The redemption is interrupted, and so is each start that would settle it."""
        job = "checkout"
        for key, faults in evenings:
            self.live(job, key, faults, -1)
            job = ""
        if not self.device.is_on:
            self.settle(choice)

    @rule(job=st.sampled_from(("balance", "reports")), cut=a_cut, choice=a_choice)
    def look(self, job: str, cut: int, choice: str) -> None:
        self.live(job, choice, [], cut)

    @precondition(lambda self: not self.device.is_on)
    @rule(choice=a_choice)
    def settle_on_a_calm_day(self, choice: str) -> None:
        self.settle(choice)

    def settle(self, choice: str) -> None:
        """What a cut left open and is voided stands no more, or is unresolved; with no room
        for the reversal it waits, and the cashier is told. Nothing else is left open.
        """
        interrupted = {
            entry.trace_id
            for entry in self.device.ledger().open_entries()
            if entry.op == "redeem"
        }
        self.live("", choice, [], -1)
        assert self.device.is_on
        entries = self.entries()
        for commit in self.device.platform.standing().values():
            if commit.trace_id in interrupted and choice == VOID:
                waits = entries[commit.trace_id].result.decision == "void"
                told = self.device.shows("LEDGER IS FULL") and waits
                assert told or entries[commit.trace_id].outcome == "unknown"
        if choice != LATER:
            assert not self.device.ledger().open_entries()

    @rule()
    def pull_the_plug(self) -> None:
        if self.device.is_on:
            self.runner.run(self.device.power_off())

    @rule(ntp=st.sampled_from(TIME_SERVERS))
    def the_time_server_tells(self, ntp: Any) -> None:
        self.device.ntp = ntp

    @precondition(lambda self: self.rests < self.most_rests)
    @rule(rest_s=st.sampled_from((30, 600, 1000, 90000)))
    def the_shop_rests(self, rest_s: int) -> None:
        """Long enough, and what is open is too old."""
        self.runner.run((asyncio.sleep if IN_FULL else sleep_through)(rest_s))
        self.rests += rest_s > FINISH_S - 100

    @precondition(lambda self: not self.device.is_on)
    @rule(base_url=st.sampled_from(BASE_URLS))
    def the_settings_change(self, base_url: str) -> None:
        self.device.base_url = base_url
        self.moves += 1

    @precondition(lambda self: not self.device.is_on)
    @rule()
    def export(self) -> None:
        ledger = self.device.ledger()
        concluded = [entry for entry in ledger.entries() if entry.outcome != "open"]
        open_ones = [entry.sequence for entry in ledger.open_entries()]
        up_to = [e for e in concluded if not open_ones or e.sequence < open_ones[0]]
        if up_to:
            self.archive.update({entry.trace_id: entry for entry in up_to})
            self.device.plug.restore()
            ledger.mark_exported(up_to[-1].sequence)

    # --- what holds ---

    def entries(self) -> dict[str, Any]:
        """By trace id, what is on the ledger and what was exported from it."""
        kept = list(self.device.ledger().entries())
        found = {entry.trace_id: entry for entry in kept}
        assert len(found) == len(kept), "a trace id is on the ledger twice"
        return {**self.archive, **found}

    @invariant()
    def the_books_agree(self) -> None:
        platform, entries = self.device.platform, self.entries()
        commits = {commit.trace_id: commit for commit in platform.commits}
        assert commits.keys() <= entries.keys()
        for trace_id, entry in entries.items():
            commit, result = commits.get(trace_id), entry.result
            if entry.outcome == "open":
                asked = self.device.shows("INTERRUPTED") or self.device.shows("WAITING FOR")
                assert asked or not self.device.is_on, "nobody was asked about it"
            elif not entry.is_unresolved and result.outcome == "approved":
                assert commit
                assert result.confirmation_number == commit.number
                assert (result.miles, result.cents) == (commit.miles, commit.cents)
            elif not entry.is_unresolved:
                assert commit is None, f"{result.outcome}, and it was committed"
        unresolved = [e for e in entries.values() if e.outcome == "unknown"]
        excuses = platform.unanswered + self.rests + self.cuts + self.moves
        assert len(unresolved) <= excuses
        if not excuses:
            assert not unresolved

    @invariant()
    def nothing_was_asked_for_twice(self) -> None:
        platform = self.device.platform
        intents = [commit.trace_id for commit in platform.commits]
        assert len(set(intents)) == len(intents)
        for copies in platform.copies.values():
            assert len(copies) <= 2
            assert len(set(copies)) == 1
        for origins in platform.origins.values():
            assert len({(host.lower(), *where) for host, *where in origins}) == 1

    @invariant()
    def nothing_was_promised_that_was_not_done(self) -> None:
        numbers = {commit.number for commit in self.device.platform.commits}
        assert set(self.device.promised()) <= numbers
        faults = [
            line
            for line in self.device.lives[-1].lines
            if line.startswith(("stopped", "input", "storage"))
        ]
        assert self.is_flash_bad or faults == []

    @invariant()
    def the_totals_add_up(self) -> None:
        totals = between(self.device.ledger(), 0, 1 << 40)
        kept = {e.trace_id: e for e in self.device.ledger().entries()}
        done = [
            commit
            for commit in self.device.platform.commits
            if commit.trace_id in kept and not kept[commit.trace_id].is_unresolved
        ]
        for op, count, miles, cents in (
            ("redeem", totals.redeemed_count, totals.redeemed_miles, totals.redeemed_cents),
            (
                "reverse",
                totals.reversed_count,
                totals.reversed_miles,
                totals.reversed_cents,
            ),
        ):
            ours = [commit for commit in done if commit.op == op]
            assert count == len(ours)
            assert miles == sum(commit.miles for commit in ours)
            assert cents == sum(commit.cents for commit in ours)
        assert totals.unresolved_count == sum(e.is_unresolved for e in kept.values())


PowerMachine.TestCase.settings = settings(
    max_examples=1000 if IN_FULL else 15,
    stateful_step_count=30 if IN_FULL else 20,
    deadline=None,
    report_multiple_bugs=False,
)
TestPowerMachine = PowerMachine.TestCase
TestPowerMachine.pytestmark = [pytest.mark.timeout(3600)]  # a failure is made small first
