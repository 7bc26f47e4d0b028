"""Balance: on paper, and on paper only."""

from __future__ import annotations

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story


@pytest.mark.parametrize("mode", ["SWIPE", "SCAN", "MANUAL"])
@story
async def test_balances_are_printed_and_never_shown(mode):
    shop = Shop()
    shop.display.keying = CARD
    shop.begin("balance")
    await shop.sees("CARD")
    if mode == "SWIPE":
        await shop.swipe()
    elif mode == "SCAN":
        await shop.scan(CARD)
    else:
        await shop.press(CARD, "ENTER")
    await shop.sees("BALANCE IS ON PAPER")  # the display of these tests refuses balances
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.bodies("inquire")[0]["cardEntryMode"] == mode
    (slip,) = shop.printer.slips
    for part in ("7,777", "8,888", "6,655", "$700.00"):
        assert part in slip
    assert CARD not in slip
    assert shop.entries == []


@pytest.mark.parametrize("code", ["0001", "0005"])
@story
async def test_a_collector_who_hides_balances_gets_a_slip_without_them(code):
    shop = Shop(inquire=answer("inquire", code))
    shop.begin("balance")
    await shop.swipe()
    await shop.sees("BALANCE IS HIDDEN", "BY THE COLLECTOR")
    (slip,) = shop.printer.slips
    for part in ("777", "888", "655", "700"):
        assert part not in slip
    assert "hidden by choice" in slip


@story
async def test_the_slip_is_in_the_collectors_language():
    shop = Shop()
    shop.begin("balance")
    await shop.press(".")
    await shop.swipe()
    await shop.sees("BALANCE IS ON PAPER")
    assert "Solde de milles" in shop.printer.slips[0]
    assert shop.session.bodies("inquire")[0]["instantMessage"] == "fr-CA"


@story
async def test_a_store_copy_of_a_balance_is_never_printed():
    shop = Shop(profile={"printer": {"store_copy": True}})
    shop.begin("balance")
    await shop.swipe()
    await shop.sees("BALANCE IS ON PAPER")
    assert len(shop.printer.jobs) == 1


@pytest.mark.parametrize("fault", ["paper", "cover", "silent"])
@story
async def test_a_balance_that_is_not_printed_is_not_said_to_be_on_paper(fault):
    shop = Shop()
    shop.printer.faults = [fault]
    shop.begin("balance")
    await shop.swipe()
    await shop.sees("ENTER=PRINT")
    await shop.press("CANCEL")
    await shop.ended()
    assert "ON PAPER" not in shop.screens
    assert shop.printer.jobs == []


@story
async def test_cancel_leaves_before_anything_is_sent():
    shop = Shop()
    shop.begin("balance")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    shop.begin("balance")
    await shop.swipe()
    await shop.sees("CANCEL=STOP")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.session.arrived == []


@pytest.mark.parametrize("first", [nothing_sent(), silence()])
@story
async def test_a_balance_that_was_not_told_is_asked_again_with_the_same_card(first):
    shop = Shop(inquire=[first])
    shop.begin("balance")
    await shop.swipe()
    await shop.sees("BALANCE NOT KNOWN", "ENTER=AGAIN")
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("balance_printed"))
    assert shop.session.bodies("inquire")[-1]["collectorNumber"] == CARD
