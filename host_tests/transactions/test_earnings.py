"""Earning: kept before it is sent, tried once, then the queue's; nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from host_tests.kit.earner import CARDS
from host_tests.kit.virtual_time import StoryClock, story
from milepad.base.errors import FieldError, StorageError


@story
async def test_an_earning_is_done_at_once_where_the_platform_answers(earner: Any) -> None:
    call = await earner.earn()
    assert (call.outcome, call.code, call.miles) == ("approved", "200", 5)
    assert earner.earnings.waiting() == (0, 0)
    assert earner.outcomes() == [("approved", "200")]
    assert earner.faults() == []


@story
async def test_what_is_accepted_and_pending_is_done_and_never_sent_again(
    earner: Any,
) -> None:
    earner.platform.faults = ["202"]
    call = await earner.earn()
    assert (call.outcome, call.code) == ("approved", "202")
    await earner.passes(4000)
    assert len(earner.platform.arrived) == 1


@story
async def test_without_wifi_it_is_kept_and_sent_when_the_wifi_is_back(earner: Any) -> None:
    earner.wifi = False
    call = await earner.earn()
    assert (call.outcome, call.copies) == ("open", 0)
    assert earner.earnings.waiting()[0] == 1
    await earner.passes(600)
    assert earner.platform.arrived == []
    earner.wifi = True
    await earner.drained(within_s=2)
    assert earner.outcomes() == [("approved", "200")]


@story
async def test_it_survives_days_without_wifi_and_reboots(earner: Any) -> None:
    earner.wifi = False
    for card in CARDS:
        await earner.earn(card)
    for _ in range(5):
        await earner.passes(86400)
        earner.boot()
    assert earner.earnings.waiting()[0] == 3
    earner.wifi = True
    await earner.drained()
    assert earner.outcomes() == [("approved", "200")] * 3
    assert earner.faults() == []


@story
async def test_after_500_two_more_copies_follow_at_once_then_a_minute_passes(
    earner: Any,
) -> None:
    earner.platform.faults = ["500 before"] * 5
    assert (await earner.earn()).outcome == "open"
    await earner.passes(30)
    times = [when for when, _ in earner.platform.arrived]
    assert len(times) == 3 and times[-1] - times[0] < 3
    await earner.passes(65 * 1.25)
    assert len(earner.platform.arrived) == 4
    await earner.drained()
    times = [when for when, _ in earner.platform.arrived]
    gaps = [times[at + 1] - times[at] for at in range(len(times) - 1)]
    assert 60 <= gaps[2] <= 77 and 120 <= gaps[3] <= 152 and 240 <= gaps[4] <= 302
    assert earner.faults() == []


@story
async def test_every_copy_is_the_first_one(earner: Any) -> None:
    earner.platform.faults = ["lost reply", "500 after", "lost request", "another"]
    await earner.earn()
    await earner.drained()
    (copies,) = earner.platform.copies.values()
    assert len(copies) == 4 and len(set(copies)) == 1
    assert earner.faults() == []


@story
async def test_what_is_refused_is_parked_for_a_person(earner: Any) -> None:
    earner.platform.refused = {CARDS[0]}
    call = await earner.earn()
    assert (call.outcome, call.code, call.message) == ("declined", "400", "wrong")
    await earner.passes(4000)
    assert len(earner.platform.arrived) == 1
    earner.boot()
    (item,) = earner.earnings.items()
    assert item.is_parked
    earner.platform.refused = set()
    again = await earner.earnings.send_now(item.sequence)
    assert (again.outcome, earner.earnings.waiting()) == ("approved", (0, 0))
    assert earner.faults() == []


@story
async def test_a_refused_token_is_renewed_and_the_same_bytes_leave_again(
    earner: Any,
) -> None:
    earner.platform.faults = ["bad token"]
    assert (await earner.earn()).outcome == "approved"
    assert len(earner.platform.arrived) == 2


@story
async def test_429_is_obeyed(earner: Any) -> None:
    earner.platform.faults = ["429"]
    assert (await earner.earn()).outcome == "open"
    assert (await earner.earn(CARDS[1])).outcome == "open"  # which is not tried either
    await earner.passes(115)
    assert len(earner.platform.arrived) == 1
    await earner.drained(within_s=10)


@story
async def test_two_of_one_collector_are_sent_in_order_and_never_at_once(
    earner: Any,
) -> None:
    earner.platform.failing = {CARDS[0]: 3}
    await earner.earn(CARDS[0])
    await earner.earn(CARDS[0])
    await earner.earn(CARDS[1])
    await earner.passes(5)
    assert earner.earnings.waiting()[0] == 2  # the other collector's is done
    await earner.drained()
    names = [each.trace_id for each in earner.ledger.entries()]
    assert earner.platform.order[CARDS[0]] == names[:2]
    assert earner.faults() == []


@story
async def test_a_new_sale_of_a_collector_who_waits_goes_behind(earner: Any) -> None:
    earner.wifi = False
    await earner.earn(CARDS[0])
    earner.wifi = True
    call = await earner.earn(CARDS[0])
    assert (call.outcome, call.copies) == ("open", 0)
    await earner.drained(within_s=5)
    assert earner.faults() == []


@story
async def test_an_age_limit_leaves_the_decision_to_a_person(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    await earner.passes(169 * 3600)
    earner.wifi = True
    await earner.passes(60)
    assert earner.platform.arrived == []
    call = await earner.earnings.send_now()
    assert call.outcome == "approved"


@story
async def test_nothing_is_too_old_while_the_time_is_not_proven(
    earner: Any, clock: StoryClock
) -> None:
    earner.wifi = False
    await earner.earn()
    earner.time_is_known = False
    earner.boot()
    clock.ahead_s = 900 * 86400
    earner.wifi = True
    await earner.drained(within_s=5)


@story
async def test_without_the_time_nothing_is_kept(earner: Any) -> None:
    earner.time_is_known = False
    earner.boot()
    with pytest.raises(StorageError, match="no_time"):
        await earner.earn()
    assert earner.outcomes() == []


@story
async def test_a_basket_that_does_not_tie_is_a_field_error_and_nothing_is_kept(
    earner: Any,
) -> None:
    with pytest.raises(FieldError):
        await earner.earn(op="post")
    assert earner.outcomes() == [] and earner.earnings.waiting() == (0, 0)


@story
async def test_a_full_queue_refuses_new_earnings_and_nothing_else(earner: Any) -> None:
    if not earner.is_ring:
        earner.medium.blocks = 40  # of which earnings take 8
        earner.boot()
    earner.wifi = False
    kept = 0
    with pytest.raises(StorageError, match="queue_full"):
        for _ in range(2000):
            await earner.earn(CARDS[kept % 3])
            kept += 1
    assert kept >= 20 and earner.earnings.waiting()[0] == kept
    assert earner.ledger.free() > 0
    earner.wifi = True
    await earner.drained()
    assert len(earner.platform.commits) == kept
    assert earner.faults() == []


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [([], "not_sent"), (["lost request"], "unknown")],
    ids=["no copy left", "a copy left"],
)
@story
async def test_what_is_deleted_says_whether_a_copy_left(
    earner: Any, faults: list[str], outcome: str
) -> None:
    earner.wifi = bool(faults)
    earner.platform.faults = list(faults)
    await earner.earn()
    earner.boot()
    (item,) = earner.earnings.items()
    assert earner.earnings.delete(item.sequence) == outcome
    earner.boot()
    earner.wifi = True
    await earner.passes(60)
    assert earner.outcomes() == [(outcome, "")]
    assert earner.earnings.waiting() == (0, 0)


@story
async def test_a_copy_goes_only_where_the_first_was_meant_to_go(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    earner.profile["platform"]["base_url"] = "https://elsewhere:1"
    earner.boot()
    earner.wifi = True
    await earner.passes(60)
    assert earner.platform.arrived == []
    assert "would not go where it was meant to" in "".join(earner.lines)


@story
async def test_a_workflow_waits_for_one_exchange_at_most(earner: Any) -> None:
    earner.wifi = False
    for card in CARDS:
        await earner.earn(card)
    earner.wifi = True
    task = asyncio.create_task(earner.drain.run())
    while not earner.platform.arrived:
        await asyncio.sleep(0.01)
    began_s = asyncio.get_running_loop().time()
    with earner.at_work:
        await earner.transactions.echo()
        waited_s = asyncio.get_running_loop().time() - began_s
        await asyncio.sleep(600)
        assert [path for _, path in earner.platform.arrived[1:]] == [
            "/checkout/amcash/echo"
        ]
    assert waited_s < 2 * 0.6 + 0.1  # the rest of the earning's exchange, and its own
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await earner.drained()
    assert earner.faults() == []


@story
async def test_what_is_sent_meanwhile_is_not_sent_now_as_well(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    earner.wifi = True
    (item,) = earner.earnings.items()
    draining = asyncio.create_task(earner.passes(5))
    while not earner.platform.arrived:
        await asyncio.sleep(0.01)
    with earner.at_work:
        assert await earner.earnings.send_now(item.sequence) is None
    await draining
    assert len(earner.platform.arrived) == 1
    assert earner.outcomes() == [("approved", "200")]


@story
async def test_what_is_deleted_while_it_is_on_its_way_takes_the_answer(
    earner: Any,
) -> None:
    earner.wifi = False
    await earner.earn()
    earner.wifi = True
    (item,) = earner.earnings.items()
    draining = asyncio.create_task(earner.passes(5))
    while not earner.platform.arrived:
        await asyncio.sleep(0.01)
    with earner.at_work:
        assert earner.earnings.delete(item.sequence) == "unknown"
    await draining
    assert earner.outcomes() == [("approved", "200")]
    assert earner.faults() == []


@story
async def test_when_the_wifi_is_back_no_pause_is_kept(earner: Any) -> None:
    earner.platform.faults = ["no way"] * 7
    await earner.earn()
    await earner.passes(4000)
    earner.platform.faults = []
    earner.wifi = False
    await earner.passes(5)
    earner.wifi = True
    await earner.drained(within_s=5)


@story
async def test_a_platform_that_is_down_is_not_asked_by_each_of_many(earner: Any) -> None:
    earner.wifi = False
    for card in CARDS:
        await earner.earn(card)
    earner.wifi = True
    earner.platform.faults = ["lost request"] * 100
    await earner.passes(50)
    assert len(earner.platform.arrived) == 3  # of the oldest; then all of them rest
    await earner.passes(600)
    assert len(earner.platform.arrived) < 15


@story
async def test_an_outcome_that_the_flash_does_not_take_is_written_later(
    earner: Any,
) -> None:
    earner.wifi = False
    await earner.earn()
    earner.wifi = True
    earner.power.good_writes = 1 if earner.is_ring else 2  # the note of the first copy
    earner.power.bad_writes = 3
    await earner.passes(20)
    assert earner.earnings.waiting() == (0, 0) and len(earner.platform.arrived) == 1
    assert earner.outcomes() == [("open", "")]
    earner.power.bad_writes = 0
    await earner.passes(100)
    assert earner.outcomes() == [("approved", "200")]
    assert len(earner.platform.arrived) == 1


@story
async def test_a_copy_whose_note_cannot_be_kept_does_not_leave(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    earner.wifi = True
    spend = earner.power.spend

    def fails() -> None:
        raise OSError(5)

    earner.power.spend = fails
    await earner.passes(30)
    assert earner.platform.arrived == []
    earner.power.spend = spend
    await earner.drained(within_s=100)


@story
async def test_the_queue_tells_of_every_change(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    await earner.earn()
    earner.wifi = True
    await earner.drained()
    assert [count for count, _ in earner.told][-5:] == [1, 2, 2, 1, 0]


@story
async def test_a_return_whose_sale_was_refused_meanwhile_takes_nothing(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    (sale,) = earner.ledger.entries()
    await earner.earn(op="return", redemption_number=sale.trace_id)
    earner.platform.refused = {CARDS[0]}
    earner.wifi = True
    await earner.passes(4000)
    assert [path.rpartition("/")[2] for _, path in earner.platform.arrived] == ["issue"]
    assert earner.earnings.waiting()[0] == 2  # a person decides about both


@story
async def test_a_return_of_a_sale_that_waited_follows_it(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    (sale,) = earner.ledger.entries()
    await earner.earn(op="return", redemption_number=sale.trace_id)
    earner.wifi = True
    await earner.drained(within_s=10)
    assert earner.outcomes() == [("approved", "200")] * 2


@story
async def test_a_person_does_not_send_one_before_an_older_of_its_collector(
    earner: Any,
) -> None:
    earner.wifi = False
    for card in (CARDS[0], CARDS[0], CARDS[1]):
        await earner.earn(card)
    first, second, other = earner.earnings.queue.numbers
    assert (await earner.earnings.send_now(second)).cause == "order"
    assert earner.platform.arrived == []
    for number in (other, first, second):
        assert (await earner.earnings.send_now(number)).outcome == "approved"
