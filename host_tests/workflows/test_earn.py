"""Earning by key 5: both totals, the card, what was earned; and the idle screen's two keys."""

from __future__ import annotations

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.earning import (
    DONE,
    PARKED,
    PENDING,
    TWO,
    WAITING,
    bodies,
    key_5,
    raising,
    shop_that_earns,
)
from host_tests.kit.virtual_time import story
from milepad.base.errors import QUEUE_FULL, StorageError

# --- key 5 ---


@story
async def test_key_5_asks_both_totals_and_the_card_and_says_what_was_earned():
    shop = shop_that_earns()
    shop.session.issuing["issue"] = [TWO]
    await key_5(shop)
    await shop.swipe()
    assert await shop.sees("EARNED", "ENTER=GO ON") == [
        "EARNED 2 MILES",
        "CARD 2006     $43.35",
        "",
        "ENTER=GO ON",
    ]
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (body,) = bodies(shop)
    assert body["collectorNumber"] == CARD
    assert (body["basketPreTaxAmount"], body["basketPostTaxAmount"]) == (38.36, 43.35)
    assert body["basketHSTAmount"] == 4.99
    (entry,) = shop.entries
    (slip,) = shop.printer.slips
    for part in ("MILES EARNED", "$38.36", "$43.35", entry.trace_id, "**** *** 2006"):
        assert part in slip


@pytest.mark.parametrize(
    ("outcome", "rows"),
    [
        (DONE, ["EARNED", ""]),
        (PENDING, ["WILL BE ADDED", "MILES: AUTOMATIC"]),
        (WAITING, ["WILL BE ADDED", "MILES: AUTOMATIC"]),
        (PARKED, ["NOT EARNED", "SEE THE QUEUE: 4, 5"]),
    ],
)
@story
async def test_every_outcome_of_an_earning_is_told_and_printed(outcome, rows):
    shop = shop_that_earns()
    shop.session.issuing["issue"] = [outcome]
    await key_5(shop)
    await shop.swipe()
    seen = await shop.sees("ENTER=GO ON")
    assert [seen[0], seen[2]] == rows
    assert len(shop.printer.slips) == 1


@story
async def test_a_keyed_number_may_earn():
    shop = shop_that_earns()
    await key_5(shop)
    shop.display.keying = CARD
    await shop.press(CARD, "ENTER")
    await shop.sees("EARNED")
    assert bodies(shop)[0]["collectorNumber"] == CARD
    assert shop.entries[0].card_entry_mode == "MANUAL"


@story
async def test_the_total_with_tax_is_never_less_than_the_one_before_it():
    shop = shop_that_earns()
    shop.begin("earn")
    await shop.press("3836", "ENTER")
    await shop.sees("TOTAL WITH TAX")
    await shop.press("3835", "ENTER")
    await shop.sees("TOTAL WITH TAX", "MIN $38.36")
    await shop.press("CLEAR", "3836", "ENTER")
    await shop.sees("SWIPE OR SCAN")


@story
async def test_a_sale_without_a_card_is_recorded_where_the_shop_wants_it():
    shop = shop_that_earns(issuance={"record_without_card": True})
    await key_5(shop)
    assert "NUMBER, 00=NO CARD" in shop.screen
    await shop.press("00", "ENTER")
    assert (await shop.sees("RECORDED"))[:2] == ["RECORDED", "$43.35"]
    (body,) = bodies(shop)
    assert "collectorNumber" not in body
    assert shop.session.issued()[0].op == "record"
    assert shop.printer.slips == []


@story
async def test_a_queue_that_is_full_says_so_and_nothing_is_printed():
    shop = shop_that_earns()
    shop.device.earnings.queue.keep = raising(StorageError(QUEUE_FULL))
    await key_5(shop)
    await shop.swipe()
    await shop.sees(shop.terminal.text("storage_queue_full"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.printer.slips == []


@story
async def test_the_miles_are_shown_before_where_the_shop_wants_it():
    shop = shop_that_earns(issuance={"calculate": True})
    shop.session.issuing["calculate"] = [TWO]
    await key_5(shop)
    await shop.swipe()
    assert await shop.sees("ENTER=YES") == [
        "EARN          $43.35",
        "EARNS 2 MILES",
        "CARD 2006",
        "ENTER=YES  CANCEL=NO",
    ]
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.entries == []


@story
async def test_miles_that_cannot_be_shown_before_are_earned_all_the_same():
    shop = shop_that_earns(issuance={"calculate": True})
    shop.session.issuing["calculate"] = [WAITING]
    await key_5(shop)
    await shop.swipe()
    await shop.sees("EARNED")


# --- the idle screen ---


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("en-CA", ["2 BALANCE     5 EARN", "3 REFUND    6 RETURN"]),
        ("fr-CA", ["2 SOLDE    5 OBTENIR", "3 REMBOURS. 6 RETOUR"]),
    ],
)
@story
async def test_the_idle_screen_has_two_more_keys_where_sales_earn(language, rows):
    shop = shop_that_earns(language)
    shop.begin("menu")
    await shop.sees(shop.terminal.text("menu_checkout"))
    assert shop.screen[1:3] == rows
    await shop.press("5")
    await shop.sees(shop.terminal.text("pre_tax_total"))
    await shop.press("CANCEL")
    await shop.sees(shop.terminal.text("menu_checkout"))
    await shop.press("6")
    await shop.sees(shop.terminal.text("return"), shop.terminal.text("confirmation_how"))


@story
async def test_a_card_that_was_read_on_the_idle_screen_earns():
    shop = shop_that_earns()
    shop.begin("menu")
    await shop.sees("1 CHECKOUT")
    await shop.swipe()
    await shop.sees("CARD 2006")
    await shop.press("5", "3836", "ENTER", "4335", "ENTER")
    await shop.sees("EARNED")
    assert bodies(shop)[0]["collectorNumber"] == CARD


@story
async def test_a_checkout_earns_nothing_by_itself_where_the_shop_does_not_want_it():
    shop = shop_that_earns(issuance={"at_checkout": False})
    shop.begin("menu")
    await shop.press("1", "4335", "ENTER")
    await shop.swipe()
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    assert bodies(shop) == []
