"""An earning without an answer is sent again only while its key is sure to be known."""

from __future__ import annotations

import asyncio
from typing import Any

from host_tests.kit.virtual_time import story

HOUR_S = 3600
FOR_DAYS = 500  # more copies than the back-off lets go in three days


@story
async def test_copies_stop_before_the_key_may_be_forgotten(earner: Any) -> None:
    earner.platform.faults = ["lost reply"] * FOR_DAYS
    await earner.earn()
    first_s = asyncio.get_running_loop().time()
    await earner.passes(3 * 24 * HOUR_S)
    last_s = earner.platform.arrived[-1][0]
    assert 19 * HOUR_S < last_s - first_s < 21 * HOUR_S
    assert earner.earnings.waiting()[0] == 1
    assert earner.outcomes()[0][0] == "open"


@story
async def test_of_an_earlier_life_the_earnings_own_time_counts(earner: Any) -> None:
    earner.platform.faults = ["lost reply"] * FOR_DAYS
    await earner.earn()
    await earner.passes(60)
    earner.boot()
    earner.wifi = False
    await earner.passes(21 * HOUR_S)
    copies = len(earner.platform.arrived)
    earner.wifi = True
    await earner.passes(HOUR_S)
    assert len(earner.platform.arrived) == copies


@story
async def test_what_never_left_is_sent_after_days(earner: Any) -> None:
    earner.wifi = False
    await earner.earn()
    await earner.passes(3 * 24 * HOUR_S)
    earner.wifi = True
    earner.platform.faults = ["lost reply"] * 4
    await earner.drained()
    assert earner.outcomes() == [("approved", "200")]


@story
async def test_a_person_may_send_it_all_the_same(earner: Any) -> None:
    earner.platform.faults = ["lost reply"] * FOR_DAYS
    await earner.earn()
    await earner.passes(24 * HOUR_S)
    earner.platform.faults = []
    call = await earner.earnings.send_now()
    assert (call.outcome, call.code) == ("approved", "200")
