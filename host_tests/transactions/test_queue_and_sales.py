"""A queue of 500 is drained while 200 checkouts go on: nobody waits, and nothing is made twice.

Elsewhere eight offline orders became nineteen payments, because a new sale was made while the
queue drained.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from host_tests.kit.earner import Earner
from host_tests.kit.virtual_time import START_S, story
from milepad.base import compat

QUEUED, SALES = 500, 200
CARDS = [f"8{number:010d}" for number in range(60)]


@story
async def test_500_wait_and_200_checkouts_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    clock = SimpleNamespace(
        time=lambda: START_S + loop.time(),
        monotonic_ns=lambda: int(loop.time() * 1e9),
    )
    monkeypatch.setattr(compat, "time", clock)
    shop = Earner()
    shop.wifi = False
    names = [(await shop.earn(CARDS[at % 60])).trace_id for at in range(QUEUED)]
    shop.boot()  # the night
    shop.wifi = True
    shop.platform.faults = ["lost reply", "500 after", "", "bad token", "lost request"]
    draining = asyncio.create_task(shop.drain.run())
    waits, began = [], []
    for sale in range(SALES):
        await asyncio.sleep(0.1 + sale % 7 / 2)  # somewhere within an exchange, or between
        start_s = loop.time()
        with shop.at_work:
            before = len(shop.platform.arrived)
            await shop.transactions.echo()  # any exchange of a checkout
            waits.append(loop.time() - start_s)
            await asyncio.sleep(5)  # the cashier and the collector
            began += [path for _, path in shop.platform.arrived[before + 2 :]]
            names.append((await shop.earn(CARDS[sale % 60])).trace_id)
    while shop.earnings.waiting()[0]:
        await asyncio.sleep(1)
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)
    assert max(waits) <= 2 * 0.6 + 0.1  # one exchange on its way, and its own
    assert began == []  # no copy begins while somebody is served
    assert sorted(shop.platform.commits.values()) == sorted(names)
    assert shop.faults() == []
    for card, order in shop.platform.order.items():
        assert order == [name for name in names if name in order], card
    assert len(shop.platform.arrived) == len(names) + SALES + 4
