"""What an earning costs on flash: the bench's figures, and that a long queue is survived."""

from __future__ import annotations

from functools import cache

import pytest

from tools.bench import __main__ as bench
from tools.bench import long_queue

# Each is measured once for all tests; of an outage's garbage some is collected on the way.
EARNINGS = {"outage": 300, "online": 100, "json": 100, "json_online": 60}


@cache
def measure(strategy: str) -> dict[str, float]:
    return long_queue.measure(strategy, EARNINGS[strategy])


def test_an_earning_of_an_outage_costs_what_is_budgeted() -> None:
    figures, json = measure("outage"), measure("json")
    assert figures["bytes"] <= long_queue.OUTAGE_BYTES.most
    assert figures["erases"] <= long_queue.OUTAGE_ERASES.most
    assert figures["bytes"] < json["bytes"] / 4 and figures["erases"] < json["erases"] / 4


def test_an_earning_that_is_sent_at_once_costs_about_one_block() -> None:
    figures = measure("online")
    assert figures["bytes"] <= long_queue.ONLINE_BYTES.most
    assert figures["erases"] <= long_queue.ONLINE_ERASES.most


def test_the_bench_holds_an_earning_against_a_json_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured = {strategy: measure(strategy) for strategy in EARNINGS}
    monkeypatch.setattr(long_queue, "measure", measured.get)
    rows = list(bench._queue_rows())
    assert [row.what for row in rows] == [
        "earning, outage, programmed",
        "earning, outage, blocks erased",
        "earning, online, programmed",
        "earning, online, blocks erased",
    ]
    assert all(row.is_kept and "JSON" in row.others for row in rows)
