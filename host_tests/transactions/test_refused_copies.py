"""A 400 is certain of the first copy alone: after one without an answer it speaks of the copy."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from host_tests.kit.earner import CARDS, Earner
from host_tests.kit.power import PowerCut
from host_tests.kit.virtual_time import StoryClock, story
from milepad.base.errors import Cancelled
from milepad.base.transaction import Transaction
from milepad.issuance.basket import Basket

WRONG = "a copy is wrong"  # to a platform that has counted the first
IN_DOUBT, CERTAIN = [("unknown", "400")], [("declined", "400")]


def is_parked(earner: Any) -> bool:
    (item,) = earner.earnings.items()
    return bool(item.is_parked)


@pytest.mark.parametrize("first", ["lost reply", "500 after", "another"])
@story
async def test_a_refused_copy_in_the_background_is_in_doubt_and_waits_for_a_person(
    earner: Any, first: str
) -> None:
    earner.platform.faults = [first, WRONG]
    assert (await earner.earn()).outcome == "open"
    await earner.passes(4000)
    assert earner.outcomes() == IN_DOUBT and is_parked(earner)
    assert len(earner.platform.arrived) == 2
    earner.boot()
    await earner.passes(4000)
    assert earner.outcomes() == IN_DOUBT and is_parked(earner)
    assert len(earner.platform.arrived) == 2
    assert earner.faults() == []


@story
async def test_a_reboot_between_the_copies_forgets_no_doubt(earner: Any) -> None:
    earner.platform.faults = ["lost reply", WRONG]
    await earner.earn()
    earner.boot()
    await earner.passes(60)
    assert earner.outcomes() == IN_DOUBT and is_parked(earner)


@story
async def test_a_power_cut_with_the_first_copy_forgets_no_doubt(earner: Any) -> None:
    earner.platform.faults = ["power with the reply"]
    with pytest.raises(PowerCut):
        await earner.earn()
    earner.boot()
    earner.platform.faults = [WRONG]
    await earner.passes(60)
    assert earner.outcomes() == IN_DOUBT and is_parked(earner)


@story
async def test_what_waited_and_is_refused_at_once_is_certain(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    earner.boot()
    earner.platform.refused = {CARDS[0]}
    earner.wifi = True
    await earner.passes(60)
    assert earner.outcomes() == CERTAIN
    assert earner.earnings.delete(earner.earnings.queue.numbers[0]) == "declined"


@story
async def test_a_refusal_after_a_refused_token_is_certain(earner: Any) -> None:
    earner.platform.refused = {CARDS[0]}
    earner.platform.faults = ["bad token"]
    assert (await earner.earn()).outcome == "declined"
    earner.boot()
    assert earner.outcomes() == CERTAIN


@story
async def test_sent_now_and_refused_again_stays_what_it_was(earner: Any) -> None:
    earner.platform.faults = ["lost reply", WRONG, WRONG]
    await earner.earn()
    await earner.passes(60)
    assert (await earner.earnings.send_now()).outcome == "unknown"
    assert earner.outcomes() == IN_DOUBT and is_parked(earner)
    assert (await earner.earnings.send_now()).outcome == "approved"
    assert earner.outcomes() == [("approved", "200")]


@story
async def test_a_certain_refusal_that_is_sent_now_and_refused_stays_certain(
    earner: Any,
) -> None:
    earner.platform.refused = {CARDS[0]}
    await earner.earn()
    assert (await earner.earnings.send_now()).outcome == "declined"
    earner.boot()
    assert earner.outcomes() == CERTAIN and is_parked(earner)


@pytest.mark.parametrize("fault", ["lost reply", "500 after", "power with the reply"])
@story
async def test_a_certain_refusal_that_is_sent_now_without_an_answer_is_in_doubt(
    earner: Any, fault: str
) -> None:
    earner.platform.refused = {CARDS[0]}
    await earner.earn()
    earner.platform.refused = set()
    earner.platform.faults = [fault]
    try:
        await earner.earnings.send_now()
    except PowerCut:
        earner.boot()
    assert earner.outcomes() == IN_DOUBT and is_parked(earner)
    assert earner.faults() == []
    assert earner.earnings.delete(earner.earnings.queue.numbers[0]) == "unknown"
    earner.boot()
    assert earner.earnings.waiting() == (0, 0)
    assert earner.outcomes() == IN_DOUBT


@story
async def test_a_certain_refusal_of_which_nothing_more_leaves_stays_certain(
    earner: Any,
) -> None:
    earner.platform.refused = {CARDS[0]}
    await earner.earn()
    earner.platform.faults = ["no way"]
    await earner.earnings.send_now()
    earner.boot()
    assert earner.outcomes() == CERTAIN and is_parked(earner)


@story
async def test_what_is_refused_while_it_is_deleted_does_not_come_back(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    earner.wifi = True
    earner.platform.refused = {CARDS[0]}
    (item,) = earner.earnings.items()
    draining = asyncio.create_task(earner.passes(5))
    while not earner.platform.arrived:
        await asyncio.sleep(0.01)
    with earner.at_work:
        earner.earnings.delete(item.sequence)
    await draining
    assert earner.outcomes() == CERTAIN
    assert earner.earnings.waiting() == (0, 0)
    earner.boot()
    assert earner.earnings.waiting() == (0, 0)


@story
async def test_a_calculation_that_is_refused_moves_nothing_and_is_certain(
    clock: StoryClock,
) -> None:

    earner = Earner()
    earner.platform.refused = {CARDS[0]}
    sale = Transaction(collector_number=CARDS[0], basket_cents=2822, pre_tax_cents=2497)
    basket = Basket(2497, 2822)
    basket.hst_cents = 325
    assert (await earner.earnings.calculate(sale, basket)).outcome == "declined"


@story
async def test_a_certain_refusal_whose_sending_is_stopped_stays_certain(
    earner: Any,
) -> None:
    earner.platform.refused = {CARDS[0]}
    await earner.earn()

    async def stopped(*_: object) -> None:
        (item,) = earner.earnings.items()
        assert item.outcome == "unknown"  # the way was open
        raise Cancelled("CANCEL was pressed")

    earner.platform.post = stopped
    with pytest.raises(Cancelled):
        await earner.earnings.send_now()
    earner.boot()
    assert earner.outcomes() == CERTAIN and is_parked(earner)
