"""The headless handheld loses its power at each step of an exchange with the platform.

The wire hangs after an exact byte of the request or of the reply, counted on the kept
connection, and then the power goes: before anything has left, in the middle of the request,
between request and reply, in the middle of the reply, and with its last byte.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.books import Books
from host_tests.kit.cashier import FINISH, VOID
from host_tests.kit.relay import Direction
from host_tests.system.power.counter import PATIENCE_S, Counter, counter
from tools.emulator.testing import RunningEmulator


class Shift:
    """A counter, and the platform's books for what happened at it."""

    def __init__(self, place: Counter, platform: RunningEmulator) -> None:
        self.place = place
        self.platform = platform
        self.sizes: dict[Direction, int] = {}

    async def rehearse(self) -> None:
        """A checkout; how many bytes a redemption and its reply are."""
        await self.place.to_the_offer()
        wire = self.place.wire
        wire.watch()
        await self.place.press("ENTER")
        await self.place.sees("APPROVED")
        self.sizes = {"request": wire.count("request"), "reply": wire.count("reply")}
        await self.place.cut()

    async def interrupted(self, direction: Direction, count: int) -> None:
        """A redemption whose exchange stops after so many bytes, and then the power."""
        await self.place.power()
        await self.place.to_the_offer()
        self.place.wire.hang_after(direction, count)
        await self.place.press("ENTER")
        await asyncio.wait_for(self.place.wire.fell_silent.wait(), PATIENCE_S)
        await self.place.cut()

    async def settled(self, choice: str) -> str:
        """Power comes back and the cashier chooses; the screen's confirmation number."""
        await self.place.power()
        await self.place.sees("=FINISH")
        await self.place.press(choice)
        screen = await self.place.sees("APPROVED" if choice == FINISH else "VOIDED")
        await self.place.cut()
        return screen[1].split()[-1]

    async def arrived(self, op: str, count: int) -> None:
        """Waits until so many requests have come to the platform."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.platform.requests(op)) < count:
                await asyncio.sleep(0.02)

    def entries(self, kind: str) -> list[dict[str, Any]]:
        return [each for each in self.platform.ledger() if each["kind"] == kind]


def play(platform: RunningEmulator, folder: Path, story: Any) -> None:
    async def run() -> None:
        async with counter(platform, folder) as place:
            # The platform's day is another than the desktop's: until it is asked, a time server
            # would make a day of the reports' "today" on which nothing was sold.
            await place.do("ntp", "absent")
            shift = Shift(place, platform)
            await story(shift)
            books = Books(platform)
            assert books.copy_faults() == []
            torn = [each for each in books.arrived if not each["complete"] and each["op"]]
            assert not torn, "a torn record was read"
            assert not [line for line in place.log if line.startswith("complaint")]

    platform.reset()
    asyncio.run(run())


async def cut_and_settle(
    shift: Shift, direction: Direction, share: float, choices: tuple[str, ...]
) -> None:
    """The same cut for each choice that the cashier has."""
    size = shift.sizes[direction]
    count = min(size, max(0, round(size * share)))
    for choice in choices:
        before = len(shift.entries("redemption"))
        await shift.interrupted(direction, count)
        reached_it = direction == "reply" or count == size
        assert len(shift.entries("redemption")) == before + reached_it
        number = await shift.settled(choice)
        made = shift.entries("redemption")
        assert len(made) == before + 1
        assert made[-1]["reversed"] == (choice == VOID)
        if choice == FINISH:
            assert made[-1]["confirmation"] == number


def test_an_interrupted_redemption_is_finished_or_voided(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    async def story(shift: Shift) -> None:
        await shift.rehearse()
        await cut_and_settle(shift, "request", 0, (VOID,))  # nothing has left
        await cut_and_settle(shift, "request", 0.5, (FINISH,))  # the half of it
        await cut_and_settle(shift, "reply", 0, (VOID,))  # all of it, and no answer yet
        await cut_and_settle(shift, "reply", 0.5, (FINISH,))

    play(platform, tmp_path, story)


@pytest.mark.prove
@pytest.mark.timeout(900)  # a handheld that lost its clock waits for the network first
@pytest.mark.parametrize("direction", ["request", "reply"])
def test_wherever_the_exchange_is_cut_it_is_finished_or_voided(
    platform: RunningEmulator, tmp_path: Path, direction: Direction
) -> None:
    async def story(shift: Shift) -> None:
        await shift.rehearse()
        for step in range(12):
            await cut_and_settle(shift, direction, step / 12, (FINISH, VOID))

    play(platform, tmp_path, story)


def test_with_the_last_byte_of_the_reply_the_outcome_is_known_or_asked_for(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    async def story(shift: Shift) -> None:
        await shift.rehearse()
        await shift.interrupted("reply", shift.sizes["reply"])
        await shift.place.power()
        screen = await shift.place.sees_any("=FINISH", "SLIP AGAIN")
        if any("=FINISH" in row for row in screen):
            await shift.place.press(FINISH)
            await shift.place.approved()
        await shift.place.to_the_menu()
        assert len(shift.entries("redemption")) == 2
        await shift.place.press("4")
        await shift.place.sees("REPORTS")
        await shift.place.press("2")
        await shift.place.sees("TOTALS")
        await shift.place.press("1")
        today = await shift.place.sees("NET")  # a date, where nobody has told the time yet
        assert "$80.00" in today[0]
        assert today[1].startswith("REDEEM 2")

    play(platform, tmp_path, story)


def test_a_second_cut_while_it_is_finished_leaves_it_unresolved_with_advice(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    async def story(shift: Shift) -> None:
        place = shift.place
        platform.faults("redeem", "delay", seconds=60, count=2)
        await place.to_the_offer()
        await place.press("ENTER")
        await shift.arrived("redeem", 1)
        await place.cut()
        await place.power()
        await place.sees("=FINISH")
        await place.press(FINISH)
        await shift.arrived("redeem", 2)
        await place.cut()
        trace_id = shift.entries("redemption")[0]["trace_id"]
        await place.power()
        screen = await place.sees("UNRESOLVED")
        assert "INTERRUPTED" in screen[0] and "$40.00" in screen[0]
        assert trace_id in screen[2]
        assert "NO DISCOUNT" in screen[3]
        await place.press("ENTER")
        await place.to_the_menu()
        assert len(platform.requests("redeem")) == 2
        await place.press("4")
        await place.sees("REPORTS")
        await place.press("2")
        await place.sees("TOTALS")
        await place.press("1")
        today = await place.sees("NET")
        assert today[3].split() == ["UNRESOLVED", "1", "ENTER"]

    play(platform, tmp_path, story)


def test_a_cut_while_a_void_takes_back_does_not_stop_it(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    async def story(shift: Shift) -> None:
        place = shift.place
        platform.faults("redeem", "delay", seconds=60)
        platform.faults("reverse", "delay", seconds=60)
        await place.to_the_offer()
        await place.press("ENTER")
        await shift.arrived("redeem", 1)
        await place.cut()
        await place.power()
        await place.sees("=FINISH")
        await place.press(VOID)
        await shift.arrived("reverse", 1)
        await place.cut()
        await place.power()
        await place.sees("VOIDED")  # it was decided: nobody is asked again
        assert [each["reversed"] for each in shift.entries("redemption")] == [True]
        assert len(shift.entries("reversal")) == 1

    play(platform, tmp_path, story)
