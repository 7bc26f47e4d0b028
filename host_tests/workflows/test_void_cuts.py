"""A VOID that was decided is carried out, wherever the power goes and however often."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import pytest

from host_tests.kit.cashier import FINISH, VOID
from host_tests.kit.powered import CAPACITY, Device
from host_tests.kit.virtual_time import virtual_loop
from milepad import starting
from milepad.base import compat

MOST_WRITES = 40
POWER_FAULTS = ("power before", "power with the request", "power with the reply")


class Night:
    """One device, its lives, and what holds at the end of them."""

    def __init__(self, is_ring: bool) -> None:
        self.device = Device(is_ring)
        self.was_cut = False
        self._runner = asyncio.Runner(loop_factory=virtual_loop)

    def live(self, choice: str, cut: int = -1, faults: tuple = (), job: str = "") -> None:
        """Power comes on, somebody chooses, and it lasts for `cut` writes; -1: for all."""

        async def story() -> None:
            await self.device.power_on()
            self.device.plug.left = cut
            await self.device.work(job, choice)
            self.was_cut = not self.device.is_on
            if self.device.is_on:
                await self.device.power_off()

        self.device.platform.faults = list(faults)
        self._runner.run(story())

    def interrupt(self) -> None:
        """A redemption that the platform commits and nobody hears of."""
        self.live(FINISH, faults=("power with the reply",), job="checkout")
        assert len(self.device.platform.standing()) == 1

    def is_decided(self) -> bool:
        """Whether the VOID is on flash."""
        ledger = self.device.ledger()
        entries = ledger.open_entries() + ledger.voids_pending()
        decided = any(entry.result.decision == "void" for entry in entries)
        return decided or any(e.op == "reverse" for e in ledger.entries())

    def check(self) -> None:
        """All is settled, and nothing stands but what the ledger says it does not know."""
        ledger, platform = self.device.ledger(), self.device.platform
        entries = list(ledger.entries())
        assert not ledger.open_entries()
        assert not ledger.voids_pending()
        unresolved = [entry for entry in entries if entry.outcome == "unknown"]
        assert not platform.standing() or unresolved
        assert len(platform.commits) == len(
            {commit.trace_id for commit in platform.commits}
        )
        assert sum(commit.op == "redeem" for commit in platform.commits) == 1
        for copies in platform.copies.values():
            assert len(copies) <= 2 and len(set(copies)) == 1
        assert not self.device.promised() or unresolved

    def close(self) -> None:
        self._runner.close()


@contextmanager
def night(is_ring: bool) -> Iterator[Night]:
    with ExitStack() as stack:
        nights = Night(is_ring)
        stack.callback(nights.close)
        for patch in (
            mock.patch.object(compat, "time", nights.device.clock()),
            mock.patch.object(starting, "_LEDGER_CAPACITY", CAPACITY),
            mock.patch("gc.collect"),
        ):
            stack.enter_context(patch)
        nights.live(FINISH)
        nights.interrupt()
        yield nights


@pytest.mark.parametrize("is_ring", [False, True], ids=["files", "ring"])
def test_a_cut_at_any_write_loses_no_void(is_ring: bool) -> None:
    decided = 0
    for cut in range(MOST_WRITES):
        with night(is_ring) as it:
            it.live(VOID, cut)
            whole = not it.was_cut
            was_decided = it.is_decided()
            # Another cashier would finish it; but it was decided.
            it.live(FINISH if was_decided else VOID)
            it.check()
            decided += was_decided
        if whole:
            break
    assert whole and decided > 3


@pytest.mark.parametrize("is_ring", [False, True], ids=["files", "ring"])
def test_a_second_cut_at_any_write_loses_no_void(is_ring: bool) -> None:
    cuts = 0
    for first in range(MOST_WRITES):
        for second in range(MOST_WRITES):
            with night(is_ring) as it:
                it.live(VOID, first)
                whole = not it.was_cut
                it.live(VOID, second)
                whole_again = not it.was_cut
                it.live(FINISH if it.is_decided() else VOID)
                it.check()
                cuts += 1
            if whole_again:
                break
        if whole:
            break
    assert whole and cuts > 20


@pytest.mark.parametrize("is_ring", [False, True], ids=["files", "ring"])
@pytest.mark.parametrize("fault", POWER_FAULTS)
@pytest.mark.parametrize("call", [0, 1], ids=["finish", "reversal"])
def test_a_cut_in_the_middle_of_an_exchange_loses_no_void(
    is_ring: bool, fault: str, call: int
) -> None:
    with night(is_ring) as it:
        it.live(VOID, faults=("",) * call + (fault,))
        assert it.is_decided()
        it.live(FINISH)
        it.check()
        if call or fault == "power before":
            unresolved = it.device.shows("UNRESOLVED")
            assert unresolved == (call == 0), "only a spent copy leaves anything unknown"


@pytest.mark.parametrize("faults", [("no way",) * 2, ("", "no way", "no way")])
def test_without_a_network_a_void_waits_for_it(faults: tuple[str, ...]) -> None:
    with night(False) as it:
        it.live(VOID, faults=faults)
        it.live(FINISH)
        it.check()
        assert not it.device.platform.standing()
