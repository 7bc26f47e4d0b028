"""What stands on a display that goes away, comes back, or shows rubbish without knowing it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from host_tests.kit.chips import Buzzer, Display, Printer
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from milepad.base.errors import Cancelled
from milepad.terminal.screen import Screen
from milepad.terminal.terminal import Terminal

ROWS = ["TOTAL WITH TAX", "", "", "ENTER"]


class Watched(Display):
    """Notes what was renewed, and when it was started."""

    def __init__(self) -> None:
        super().__init__()
        self.renewed: list[int] = []
        self.starts = 0

    def renew(self, row: int) -> None:
        self.renewed.append(row)

    async def start(self) -> None:
        self.starts += 1
        await asyncio.sleep(0.05)
        await super().start()


def looked_after() -> SimpleNamespace:
    display, log = Watched(), []
    screen = Screen(display)
    task = asyncio.create_task(screen.run(log.append))
    return SimpleNamespace(display=display, log=log, screen=screen, task=task)


async def end(at: SimpleNamespace) -> None:
    at.task.cancel()
    await asyncio.gather(at.task, return_exceptions=True)


@story
async def test_a_display_that_did_not_answer_once_is_started_and_gets_its_rows():
    at = looked_after()
    at.screen.show(["CARD", "", "", ""])
    at.display.is_there = False
    at.screen.show(ROWS)
    assert not at.screen.is_seen
    at.display.is_there = True
    await asyncio.sleep(0.4)
    assert at.screen.is_seen
    assert at.display.screens[-1] == ROWS
    await asyncio.sleep(0.4)
    assert (at.display.starts, at.log) == (1, ["display: started again"])
    await end(at)


@story
async def test_a_display_that_wakes_up_late_gets_the_rows_of_that_moment():
    at = looked_after()
    at.display.is_there = False
    at.screen.show(["STARTING", "", "", ""])
    await asyncio.sleep(2)
    at.screen.show(ROWS)
    at.display.is_there = True
    await asyncio.sleep(0.6)
    assert at.display.screens[-1] == ROWS
    assert len(at.log) == 1
    await end(at)


@story
async def test_one_that_nobody_writes_to_is_found_dark_within_eight_seconds():
    at = looked_after()
    at.screen.show(ROWS)
    at.display.is_there = False
    await asyncio.sleep(8.5)
    assert not at.screen.is_seen
    await end(at)


@story
async def test_a_screen_that_stands_is_drawn_anew_every_eight_seconds():
    at = looked_after()
    at.screen.show(ROWS)
    at.display.renewed.clear()
    await asyncio.sleep(7.9)
    assert at.display.renewed == []
    await asyncio.sleep(0.5)
    assert at.display.renewed == [0, 1, 2, 3]
    await asyncio.sleep(8)
    assert at.display.renewed == [0, 1, 2, 3] * 2
    await end(at)


@story
async def test_another_screen_begins_anew_and_a_change_in_one_does_not():
    at = looked_after()
    at.screen.show(ROWS)
    assert at.display.renewed == [0]
    at.screen.show([ROWS[0], "$4.33", "", "ENTER"])
    assert at.display.renewed == [0]
    await end(at)


@story
async def test_two_who_want_it_started_start_it_once():
    at = looked_after()
    at.display.is_there = False
    at.screen.show(ROWS)
    at.display.is_there = True
    assert (
        await asyncio.gather(at.screen.is_legible(), at.screen.is_legible()) == [True] * 2
    )
    assert at.display.starts == 1
    await end(at)


# --- what it means for a cashier ---


def desk() -> SimpleNamespace:
    display = Display()
    buzzer = Buzzer()
    terminal = Terminal(display, buzzer, Printer(), "en-CA", 60000)
    terminal.show(*ROWS)
    return SimpleNamespace(terminal=terminal, display=display, buzzer=buzzer)


@story
async def test_a_key_after_one_error_counts_once_the_display_is_back():
    at = desk()
    at.display.is_there = False
    at.terminal.show("CARD")
    at.display.is_there = True
    at.terminal.emit("key", "4")
    assert await at.terminal.event() == ("key", "4")
    assert at.display.screens[-1][0] == "CARD"


@story
async def test_what_is_keyed_or_read_in_the_dark_is_heard_and_answers_nothing():
    at = desk()
    at.display.is_there = False
    question = asyncio.create_task(at.terminal.key("ENTER"))
    for event in (("key", "ENTER"), ("scan", "84095202006"), ("key", "CANCEL")):
        at.terminal.emit(*event)
        await asyncio.sleep(1)
    assert not question.done()
    assert at.buzzer.sounds.count("error") == 3
    at.display.is_there = True
    await at.terminal.screen.restart()
    at.terminal.emit("key", "ENTER")
    assert await question == "ENTER"


@story
async def test_no_work_begins_that_nobody_could_see():
    at = desk()
    at.display.is_there = False
    begun = []

    async def work() -> None:
        begun.append(True)

    with pytest.raises(Cancelled):
        await at.terminal.wait_for("wait_redeem", work(), lambda: "waiting", lambda: True)
    await asyncio.sleep(0.1)
    assert begun == []
    assert at.buzzer.sounds == ["error"]


def waiting(at: Any, may_cancel: Any) -> asyncio.Task:
    async def work() -> str:
        await asyncio.sleep(3)
        return "done"

    wait = at.terminal.wait_for("wait_redeem", work(), lambda: "connecting", may_cancel)
    return asyncio.create_task(wait)


@story
async def test_work_that_has_not_left_stops_when_the_display_goes_dark():
    at = desk()
    task = waiting(at, lambda: True)
    await asyncio.sleep(0.5)
    at.display.is_there = False
    await asyncio.sleep(0.7)
    assert task.done()
    assert isinstance(task.exception(), Cancelled)


@story
async def test_what_has_left_is_waited_for_in_the_dark():
    at = desk()
    task = waiting(at, lambda: False)
    await asyncio.sleep(0.5)
    at.display.is_there = False
    at.terminal.emit("key", "CANCEL")
    assert await task == "done"


@story
async def test_one_error_while_connecting_stops_nothing():
    at = desk()
    task = waiting(at, lambda: True)
    await asyncio.sleep(0.5)
    at.display.is_started = False
    assert await task == "done"
    assert at.terminal.screen.is_seen


@pytest.mark.parametrize("dark_at", ["offer", "connecting"])
@story
async def test_no_redemption_leaves_while_the_cashier_cannot_see(dark_at):
    shop = Shop()
    shop.session.connect_s = 1.5
    await shop.to_offer()
    if dark_at == "offer":
        shop.display.is_there = False
        shop.terminal.show("AN EARLIER SCREEN")  # the chip has not taken it
    await shop.press("ENTER")
    if dark_at == "connecting":
        await asyncio.sleep(0.5)
        shop.display.is_there = False
    await asyncio.sleep(5)
    assert "redeem" not in shop.session.ops()
    assert [each.outcome for each in shop.entries] in ([], ["not_sent"])


@story
async def test_no_reversal_leaves_while_the_cashier_cannot_see():
    shop = Shop()
    await shop.redeem()
    await shop.to_refund_question()
    shop.display.is_there = False
    await shop.press("ENTER")
    await asyncio.sleep(5)
    assert "reverse" not in shop.session.ops()


@story
async def test_after_one_error_at_the_offer_the_sale_goes_on_in_sight():
    shop = Shop()
    await shop.to_offer()
    shop.display.is_started = False
    await shop.press("ENTER")
    await shop.sees("APPROVED", "GO ON")
    assert shop.session.ops() == ["inquire", "redeem"]
