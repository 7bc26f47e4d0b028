"""The queue's screens: what waits is looked at, sent, or deleted by a supervisor."""

from __future__ import annotations

import pytest

from host_tests.kit.earning import (
    DONE,
    FAILED,
    PARKED,
    WAITING,
    key_5,
    shop_that_earns,
)
from host_tests.kit.session import Issued
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story

PIN = {"supervisor": {"pin": "4711"}}


async def waiting(shop: Shop, *outcomes: Issued | None) -> None:
    """The queue's screens over so many sales, with what became of each so far."""
    shop.session.issuing["issue"] = list(outcomes)
    for _ in outcomes:
        await key_5(shop)
        await shop.swipe()
        await shop.sees("ENTER=GO ON")
        await shop.press("ENTER")
        await shop.ended()
    shop.begin("queue")


@story
async def test_an_empty_queue_says_so():
    shop = shop_that_earns()
    shop.begin("queue")
    await shop.sees("NOTHING WAITS")


@story
async def test_what_waits_is_listed_oldest_first_with_its_state_and_number():
    shop = shop_that_earns()
    await waiting(shop, PARKED, DONE, WAITING)
    first, _, last = shop.entries
    rows = await shop.sees("1/2", "UP/DOWN")
    assert rows[1].startswith("REFUSED 400 ")
    assert rows[2] == "TRACE " + first.trace_id
    await shop.press("DOWN")
    rows = await shop.sees("2/2")
    clock = "%02d:%02d" % last.local_time[3:5]
    assert rows == [
        "2/2           $43.35",
        "WILL BE ADDED  " + clock,
        "TRACE " + last.trace_id,
        "UP/DOWN 7=SEND 9=DEL",
    ]
    await shop.press("DOWN", "DOWN", "UP", "UP")
    assert (await shop.sees("1/2"))[0].startswith("1/2")


@story
async def test_one_is_sent_now_and_leaves_the_queue():
    shop = shop_that_earns()
    await waiting(shop, WAITING)
    await shop.sees("1/1")
    await shop.press("7")
    assert (await shop.sees("EARNED", "ENTER=GO ON"))[0] == "CARD 2006     $43.35"
    await shop.press("ENTER")
    await shop.sees("NOTHING WAITS")


@story
async def test_one_that_cannot_be_sent_says_why_and_stays():
    shop = shop_that_earns()
    await waiting(shop, WAITING)
    shop.session.issuing["issue"] = [WAITING]
    await shop.sees("1/1")
    await shop.press("7")
    assert (await shop.sees("ENTER=GO ON"))[2] == "SERVICE UNREACHABLE", shop.screen
    await shop.press("ENTER")
    await shop.sees("1/1")


@story
async def test_one_that_would_go_elsewhere_says_that_the_settings_changed():
    shop = shop_that_earns()
    shop.session.issuing["issue"] = [WAITING]
    await key_5(shop)
    await shop.swipe()
    await shop.sees("ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    shop.profile["platform"]["base_url"] = "https://elsewhere.example"
    shop.boot()
    shop.begin("queue")
    await shop.sees("1/1")
    await shop.press("7")
    assert (await shop.sees("ENTER=GO ON"))[2] == "SETTINGS CHANGED"
    await shop.press("ENTER")
    assert (await shop.sees("1/1"))[1].startswith("NOT SENT")


@story
async def test_one_is_not_sent_before_an_older_one_of_its_collector():
    shop = shop_that_earns()
    await waiting(shop, WAITING, WAITING)
    await shop.sees("1/2")
    await shop.press("DOWN")
    await shop.sees("2/2")
    await shop.press("7")
    assert (await shop.sees("ENTER=GO ON"))[2] == "AN OLDER ONE FIRST"
    assert {each.outcome for each in shop.entries} == {"open"}


@story
async def test_a_copy_that_is_refused_after_one_without_an_answer_is_in_doubt():
    shop = shop_that_earns()
    await waiting(shop, FAILED)
    shop.session.issuing["issue"] = [PARKED]
    await shop.sees("1/1")
    await shop.press("7")
    assert (await shop.sees("ENTER=GO ON"))[1].startswith("NO ANSWER")
    await shop.press("ENTER")
    assert (await shop.sees("1/1"))[1].startswith("NO ANSWER")
    await shop.press("9")
    await shop.sees("00=DELETE")
    await shop.press("00")
    assert (await shop.sees("DELETED"))[2] == "IT MAY BE ADDED YET"
    await shop.press("ENTER")
    await shop.ended()
    shop.boot()
    shop.begin("more")
    await shop.press("1")
    await shop.ended()
    slip = shop.printer.slips[-1]
    assert "NO ANSWER" in slip and shop.entries[0].trace_id in slip
    assert "It is not known whether AIR" in slip and "Keep this slip" not in slip


@story
async def test_a_refused_one_whose_sending_was_stopped_is_not_sent_by_itself():
    shop = shop_that_earns()
    await waiting(shop, PARKED)
    await shop.sees("1/1")
    await shop.press("7")
    await shop.sees("CANCEL=STOP")
    await shop.press("CANCEL")
    await shop.sees("1/1", "REFUSED 400")
    assert shop.device.earnings.queue.next() == 0
    assert shop.entries[0].outcome == "declined"


@story
async def test_a_deletion_is_confirmed_recorded_and_says_that_it_may_have_counted():
    shop = shop_that_earns()
    await waiting(shop, FAILED)
    await shop.sees("1/1")
    await shop.press("9")
    assert (await shop.sees("00=DELETE"))[0] == "DELETE?       $43.35"
    await shop.press("00")
    rows = await shop.sees("DELETED")
    assert rows[2] == "IT MAY BE ADDED YET"
    assert shop.entries[0].outcome == "unknown"
    assert any("deleted, unknown" in line for line in shop.log)


@pytest.mark.parametrize("key", ["CANCEL", "ENTER", None])
@story
async def test_without_a_confirmation_nothing_is_deleted(key):
    shop = shop_that_earns()
    await waiting(shop, PARKED)
    await shop.sees("1/1")
    await shop.press("9")
    await shop.sees("00=DELETE")
    if key:
        await shop.press(key)
    await shop.sees("1/1", within_s=120)
    assert shop.entries[0].is_parked


@story
async def test_only_a_supervisor_deletes():
    shop = shop_that_earns(profile=PIN)
    await waiting(shop, PARKED)
    await shop.sees("1/1")
    await shop.press("9")
    await shop.sees("SUPERVISOR")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.entries[0].is_parked
