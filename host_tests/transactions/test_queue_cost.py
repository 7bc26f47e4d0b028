"""What an earning costs on flash: the bench's figures, and that a long queue is survived."""

from __future__ import annotations

from tools.bench import __main__ as bench
from tools.bench import queue


def test_an_earning_of_an_outage_costs_what_is_budgeted() -> None:
    figures = queue.measure("outage", 300)  # its garbage is collected on the way
    assert figures["bytes"] <= queue.OUTAGE_BYTES.most
    assert figures["erases"] <= queue.OUTAGE_ERASES.most
    json = queue.measure("json", 100)
    assert figures["bytes"] < json["bytes"] / 4 and figures["erases"] < json["erases"] / 4


def test_an_earning_that_is_sent_at_once_costs_about_one_block() -> None:
    figures = queue.measure("online", 100)
    assert figures["bytes"] <= queue.ONLINE_BYTES.most
    assert figures["erases"] <= queue.ONLINE_ERASES.most


def test_the_bench_holds_an_earning_against_a_json_file() -> None:
    rows = list(bench._queue_rows())
    assert [row.what for row in rows] == [
        "earning, outage, programmed",
        "earning, outage, blocks erased",
        "earning, online, programmed",
        "earning, online, blocks erased",
    ]
    assert all(row.is_kept and "JSON" in row.others for row in rows)
