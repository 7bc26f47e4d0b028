"""Till, pad and platform, with the power cut on each write, and lost answers: the discount that a
till gives is the one that was committed, or somebody is told to ask.
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
from host_tests.kit.platform import FAULTS
from host_tests.kit.powered import CAPACITY
from host_tests.kit.powered_pad import DOUBT, GIVEN, NONE, OPEN, PadDevice
from host_tests.kit.virtual_time import virtual_loop
from milepad import starting
from milepad.base import compat
from milepad.base.vocabulary import OPEN as ENTRY_OPEN
from milepad.base.vocabulary import UNKNOWN

a_choice = st.sampled_from((FINISH, VOID, LATER))
some_faults = st.lists(st.sampled_from(FAULTS), max_size=3)
a_cut = st.one_of(st.just(-1), st.integers(0, 14))
_MOST_SALES = 6  # the ledger of these tests is small


class TillMachine(RuleBasedStateMachine):
    """A day at a till."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=virtual_loop)

    @initialize(is_ring=st.booleans())
    def open_shop(self, is_ring: bool) -> None:
        self.pad = PadDevice(is_ring)
        self.patches = [
            mock.patch.object(compat, "time", self.pad.clock()),
            mock.patch.object(starting, "_LEDGER_CAPACITY", CAPACITY),
            mock.patch("gc.collect"),
        ]
        for patch in self.patches:
            patch.start()

    def teardown(self) -> None:
        if hasattr(self, "pad"):
            if self.pad.is_on:
                self.runner.run(self.pad.power_off())
            for patch in self.patches:
                patch.stop()
        self.runner.close()

    # --- what happens ---

    @precondition(lambda self: len(self.pad.sales) < _MOST_SALES)
    @rule(
        choice=a_choice,
        faults=some_faults,
        cut=a_cut,
        torn=st.integers(0, 200),
        loses=st.booleans(),
    )
    def sell(
        self, choice: str, faults: list[str], cut: int, torn: int, loses: bool
    ) -> None:
        self.pad.platform.faults = list(faults)
        self.runner.run(self.pad.sell(choice, cut, torn, loses))
        self.pad.platform.faults = []

    @precondition(lambda self: self.of_state(OPEN))
    @rule(choice=a_choice, cut=a_cut)
    def ask_about_what_is_open(self, choice: str, cut: int) -> None:
        sale = self.of_state(OPEN)[0]
        self.runner.run(self.pad.recover(sale, choice, cut))

    @precondition(lambda self: self.of_state(GIVEN) + self.of_state(NONE))
    @rule(data=st.data())
    def the_same_request_again_is_answered_as_before(self, data: Any) -> None:
        known = [each for each in self.pad.sales if each.answer and each.state != OPEN]
        if known:
            sale = data.draw(st.sampled_from(known))
            assert self.runner.run(self.pad.again(sale, LATER)) in (sale.answer, None)

    @rule()
    def the_plug_is_pulled(self) -> None:
        if self.pad.is_on:
            self.runner.run(self.pad.power_off())

    # --- what holds ---

    def of_state(self, state: str) -> list[Any]:
        return [sale for sale in self.pad.sales if sale.state == state]

    @invariant()
    def a_discount_that_was_given_was_committed_once_and_stands(self) -> None:
        if not hasattr(self, "pad"):
            return
        standing = self.pad.platform.standing()
        given = [sale.number for sale in self.of_state(GIVEN)]
        assert len(given) == len(set(given))
        for sale in self.of_state(GIVEN):
            assert sale.number in standing
            assert sale.cents == standing[sale.number].cents == 4000

    @invariant()
    def what_was_committed_and_gave_no_discount_is_asked_about(self) -> None:
        if not hasattr(self, "pad"):
            return
        given = [sale.number for sale in self.of_state(GIVEN)]
        entries = {entry.trace_id: entry for entry in self.pad.ledger().entries()}
        for number, commit in self.pad.platform.standing().items():
            entry = entries[commit.trace_id]
            open_on_pad = entry.outcome in (ENTRY_OPEN, UNKNOWN) or entry.result.decision
            asked = self.of_state(OPEN) + self.of_state(DOUBT)
            assert number in given or open_on_pad or asked, (number, entry.outcome)

    @invariant()
    def at_most_two_copies_left_and_they_were_alike(self) -> None:
        if not hasattr(self, "pad"):
            return
        for copies in self.pad.platform.copies.values():
            assert len(copies) <= 2
            assert len(set(copies)) == 1


PROVE = os.environ.get("PROVE") == "1"
TestTillMachine = TillMachine.TestCase
TestTillMachine.settings = settings(
    max_examples=600 if PROVE else 20,
    stateful_step_count=10 if PROVE else 6,
    deadline=None,
)
TestTillMachine.pytestmark = [pytest.mark.timeout(3600)]  # a failure is made small first
