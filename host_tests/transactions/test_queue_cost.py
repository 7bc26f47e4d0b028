"""What an earning costs on flash: the bench's figures, and that a long queue is survived."""

from __future__ import annotations

from tools.bench import __main__ as bench
from tools.bench import long_queue


def test_an_earning_of_an_outage_costs_what_is_budgeted() -> None:
    figures = long_queue.measure("outage", 300)  # its garbage is collected on the way
    assert figures["bytes"] <= long_queue.OUTAGE_BYTES.most
    assert figures["erases"] <= long_queue.OUTAGE_ERASES.most
    json = long_queue.measure("json", 100)
    assert figures["bytes"] < json["bytes"] / 4 and figures["erases"] < json["erases"] / 4


def test_an_earning_that_is_sent_at_once_costs_about_one_block() -> None:
    figures = long_queue.measure("online", 100)
    assert figures["bytes"] <= long_queue.ONLINE_BYTES.most
    assert figures["erases"] <= long_queue.ONLINE_ERASES.most


def test_the_bench_holds_an_earning_against_a_json_file() -> None:
    rows = list(bench._queue_rows())
    assert [row.what for row in rows] == [
        "earning, outage, programmed",
        "earning, outage, blocks erased",
        "earning, online, programmed",
        "earning, online, blocks erased",
    ]
    assert all(row.is_kept and "JSON" in row.others for row in rows)
