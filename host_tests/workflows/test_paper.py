"""Paper: what is offered again, what is given up, and what a reprint can still find."""

from __future__ import annotations

import pytest

from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story


async def reprint(shop: Shop) -> None:
    """4 MORE, 1 REPRINT; up to the idle screen, or to a message."""
    shop.begin("menu")
    await shop.sees("1 CHECKOUT")
    await shop.press("4")
    await shop.sees("1 REPRINT LAST SLIP")
    await shop.press("1")


@story
async def test_paper_that_runs_out_in_the_middle_costs_no_slip():
    shop = Shop()
    shop.printer.faults = ["paper"]
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("APPROVED", "PRINTING")
    await shop.sees("PRINTER: NO PAPER", "ENTER=PRINT", "CANCEL=NO SLIP")
    await shop.press("ENTER")
    await shop.sees("APPROVED", CONFIRMATION, "ENTER=GO ON")
    assert len(shop.printer.jobs) == 1


@story
async def test_the_approval_comes_back_to_the_screen_when_the_slip_was_given_up():
    shop = Shop()
    shop.printer.faults = ["paper"]
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("CANCEL=NO SLIP")
    await shop.press("CANCEL")
    assert (await shop.sees("APPROVED", "ENTER=GO ON"))[2] == "GIVE $40.00 OFF"
    assert shop.printer.jobs == []


@story
async def test_no_answer_is_told_even_if_its_slip_was_given_up():
    shop = Shop(redeem=silence())
    shop.printer.faults = ["silent"]
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("PRINTER: NO ANSWER", "CANCEL=NO SLIP")
    await shop.press("CANCEL")
    await shop.sees("NO ANSWER", "NO DISCOUNT")


@story
async def test_a_slip_that_was_given_up_can_be_printed_later():
    shop = Shop()
    shop.printer.faults = ["paper"]
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("CANCEL=NO SLIP")
    await shop.press("CANCEL")
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    await reprint(shop)
    await shop.sees("1 CHECKOUT")
    (slip,) = shop.printer.slips
    assert CONFIRMATION in slip and "COPY - PRINTED AGAIN" in slip


@story
async def test_customer_and_store_each_get_a_copy():
    shop = Shop(profile={"printer": {"store_copy": True}})
    await shop.redeem()
    customer, store = shop.printer.slips
    assert "CUSTOMER COPY" in customer and "7,777" in customer
    assert "STORE COPY" in store and "777" not in store
    assert CONFIRMATION in customer and CONFIRMATION in store


@story
async def test_paper_that_runs_out_before_the_stores_copy_repeats_that_copy_alone():
    shop = Shop(profile={"printer": {"store_copy": True}})
    shop.printer.faults = ["", "paper"]
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("PRINTER: NO PAPER")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    assert ["STORE COPY" in slip for slip in shop.printer.slips] == [False, True]


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_after_a_reboot_the_last_slip_is_printed_from_the_ledger(language):
    shop = Shop()
    await shop.to_card()
    if language == "fr-CA":
        await shop.press(".")
    await shop.swipe()
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    shop.boot()
    await reprint(shop)
    await shop.sees("1 CHECKOUT")
    first, again = shop.printer.slips
    copy = "COPIE - RÉIMPRESSION" if language == "fr-CA" else "COPY - PRINTED AGAIN"
    assert copy in again and copy not in first
    assert CONFIRMATION in again and "777" not in again  # balances are not kept


@story
async def test_a_sale_that_left_no_slip_does_not_hide_the_last_one():
    shop = Shop(redeem=[answer("redeem", "0000"), answer("redeem", "0051"), nothing_sent()])
    await shop.redeem()
    for row in ("REFUSED", "NOT SENT"):
        await shop.to_offer()
        await shop.press("ENTER")
        await shop.sees(row)
        await shop.press("ENTER")
        await shop.ended()
    shop.boot()
    await reprint(shop)
    await shop.sees("1 CHECKOUT")
    assert CONFIRMATION in shop.printer.slips[-1]


@story
async def test_without_any_slip_the_cashier_is_told():
    shop = Shop()
    await reprint(shop)
    await shop.sees("NO SLIP KEPT")
    await shop.press("ENTER")
    await shop.sees("1 CHECKOUT")
    assert shop.printer.jobs == []


@story
async def test_a_reprint_that_meets_no_paper_is_offered_again():
    shop = Shop()
    await shop.redeem()
    shop.printer.faults = ["paper"]
    await reprint(shop)
    await shop.sees("PRINTER: NO PAPER")
    await shop.press("ENTER")
    await shop.sees("1 CHECKOUT")
    assert len(shop.printer.jobs) == 2


@story
async def test_while_a_slip_prints_nobody_wonders_what_the_device_does():
    shop = Shop(redeem=silence())
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("WAITING FOR ANSWER")
    await shop.sees("NO ANSWER", "PRINTING")
    await shop.sees("NO ANSWER", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    await reprint(shop)
    await shop.sees("PRINTING")
    await shop.sees("1 CHECKOUT")
