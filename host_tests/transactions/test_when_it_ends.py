"""Nothing is sent for ever, and nothing is sent blindly: the clock, the count, the platform's
own wish decide, over reboots as well."""

from __future__ import annotations

from typing import Any

import pytest

from host_tests.kit.earner import Answer, Earner
from host_tests.kit.virtual_time import StoryClock, story
from milepad.base import compat
from milepad.transactions import queue

HOUR_S, DAY_S = 3600, 86400
FOR_EVER = 2000


def held(earner: Any) -> bool:
    """Whether a person sees it, and nothing sends it."""
    (number,) = earner.earnings.queue.numbers
    return bool(earner.earnings.queue.is_aside(number))


@story
async def test_replies_to_another_transaction_end_with_the_key(earner: Any) -> None:
    earner.platform.faults = ["another"] * FOR_EVER
    await earner.earn()
    await earner.passes(10 * DAY_S)
    assert held(earner) and len(earner.platform.arrived) < 50
    assert earner.faults() == []


@story
async def test_copies_end_though_nobody_tells_the_time(clock: StoryClock) -> None:
    earner = Earner()
    earner.time.note_ntp(earner.time.now_s())
    earner.time.is_proven = lambda: False  # type: ignore[method-assign]
    earner.time.heard = True
    earner.platform.faults = ["lost reply"] * FOR_EVER
    await earner.earn()
    await earner.passes(10 * DAY_S)
    assert held(earner) and len(earner.platform.arrived) < 50


@story
async def test_what_may_have_left_before_a_power_cut_waits_for_the_time(
    earner: Any,
) -> None:
    earner.platform.faults = ["lost reply"]
    await earner.earn()
    earner.time_is_known = False
    earner.boot()
    await earner.passes(HOUR_S)
    paths = {path.rpartition("/")[2] for _, path in earner.platform.arrived[1:]}
    assert paths == {"echo"}
    earner.prove_time()
    await earner.drained(within_s=40)


@story
async def test_a_platform_that_dates_nothing_is_not_waited_for(earner: Any) -> None:
    earner.platform.faults = ["lost reply"]
    await earner.earn()
    earner.time_is_known = False
    earner.boot()
    earner.time.heard = True
    await earner.drained(within_s=5)


@pytest.mark.parametrize(("years", "most"), [(-3, 1), (3, 50)])
@story
async def test_by_a_clock_that_was_years_off_copies_end_as_well(
    earner: Any, clock: StoryClock, years: int, most: int
) -> None:
    clock.ahead_s = years * 365 * DAY_S
    earner.platform.faults = ["lost reply"] * FOR_EVER
    await earner.earn()
    clock.ahead_s = 0
    await earner.passes(10 * DAY_S)
    assert held(earner) and len(earner.platform.arrived) <= most
    earner.platform.faults = []
    assert (await earner.earnings.send_now()).outcome == "approved"


@story
async def test_a_rest_ends_though_there_is_no_wifi_until_the_ticks_come_round(
    earner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MicroPython's ticks: of a moment 6 to 12 days ago they say that it is to come."""
    period = 1 << 30
    wrapped = compat.ticks_ms
    monkeypatch.setattr(queue, "ticks_ms", lambda: wrapped() % period)
    monkeypatch.setattr(
        queue,
        "ticks_diff",
        lambda end, start: (end - start + period // 2) % period - period // 2,
    )
    earner.profile["issuance"]["queue_hours"] = 2000
    earner.boot()
    earner.platform.faults = ["500 before"] * 3
    await earner.earn()
    await earner.passes(10)
    earner.wifi = False
    await earner.passes(9 * DAY_S)
    earner.wifi = True
    earner.platform.faults = []
    assert earner.earnings.queue.next() == 1


@story
async def test_a_retry_after_holds_over_a_reboot(earner: Any) -> None:
    earner.platform.faults = ["429"]
    await earner.earn()
    earner.boot()
    await earner.passes(100)
    assert len(earner.platform.arrived) == 1
    await earner.drained(within_s=30)


@story
async def test_without_a_clock_a_retry_after_holds_once_the_time_is_known(
    earner: Any,
) -> None:
    earner.platform.faults = ["429"]
    await earner.earn()
    earner.time_is_known = False
    earner.boot()
    earner.prove_time()
    await earner.passes(100)
    assert len(earner.platform.arrived) == 1


@story
async def test_a_retry_after_of_another_age_is_forgotten(
    earner: Any, clock: StoryClock
) -> None:
    earner.platform.faults = ["429"]
    await earner.earn()
    clock.ahead_s = -3.0 * DAY_S
    earner.boot()
    await earner.drained(within_s=5)


@story
async def test_without_a_way_out_it_is_certain_that_no_copy_left(earner: Any) -> None:
    earner.platform.faults = ["no way"] * 9
    await earner.earn()
    await earner.passes(HOUR_S)
    (item,) = earner.earnings.items()
    assert earner.earnings.delete(item.sequence) == "not_sent"


@story
async def test_a_refusal_after_days_without_a_way_out_is_certain(earner: Any) -> None:
    earner.platform.faults = ["no way"] * 4
    await earner.earn()
    await earner.passes(200)
    refused = Answer(400, b"{}")
    earner.platform.faults = []
    earner.platform._answer = lambda *_: refused
    await earner.passes(HOUR_S)
    assert earner.outcomes() == [("declined", "400")]
