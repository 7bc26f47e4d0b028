"""A checkout whose card earns without being presented again, on what the collector pays."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.earning import (
    TWO,
    bodies,
    checkout,
    shop_that_earns,
)
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story


@story
async def test_a_checkout_redeems_then_earns_on_what_is_left_and_gives_one_slip():
    shop = shop_that_earns()
    shop.session.issuing["issue"] = [TWO]
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    assert (await shop.sees("APPROVED"))[:3] == [
        "APPROVED      $40.00",
        f"CONF# {CONFIRMATION}",
        "GIVE $40.00 OFF",
    ]
    assert (await shop.sees("EARNED 2", "ENTER"))[:3] == [
        "APPROVED      $40.00",
        f"CONF# {CONFIRMATION}",
        "GIVE $40.00 OFF",
    ]
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (body,) = bodies(shop)
    assert (body["basketPreTaxAmount"], body["basketPostTaxAmount"]) == (2.96, 3.35)
    assert body["context"] == {"redemptionConfirmationNum": CONFIRMATION}
    (slip,) = shop.printer.slips
    for part in ("REDEMPTION APPROVED", "Miles earned", CONFIRMATION, "Earned on"):
        assert part in slip
    redemption, earning = shop.entries
    assert earning.redemption_number == redemption.result.confirmation_number


@story
async def test_the_discount_stands_on_the_screen_while_the_earning_is_sent():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    rows = await shop.sees("EARNING..")
    assert rows[:3] == ["APPROVED      $40.00", f"CONF# {CONFIRMATION}", "GIVE $40.00 OFF"]


@story
async def test_the_whole_basket_earns_where_the_shop_says_so():
    shop = shop_that_earns(issuance={"basis": "whole_basket"})
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("EARNED")
    assert bodies(shop)[0]["basketPostTaxAmount"] == 43.35


@story
async def test_a_basket_that_is_paid_in_full_with_miles_earns_nothing():
    shop = shop_that_earns()
    await checkout(shop, "4000")
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    assert bodies(shop) == []
    assert "earned" not in shop.printer.slips[0]


@story
async def test_a_rate_tells_the_total_before_tax_and_without_rates_it_is_asked_for():
    shop = shop_that_earns(issuance={"taxes": []})
    shop.begin("checkout", shop.at_checkout())
    await shop.press("4335", "ENTER")
    await shop.sees("TOTAL BEFORE TAX")
    await shop.press("4000", "ENTER")
    await shop.sees("CARD")
    await shop.swipe()
    await shop.sees("REDEEM")
    await shop.press("CANCEL")
    await shop.sees("EARNED")
    assert bodies(shop)[0]["basketPreTaxAmount"] == 40.0


NOTHING_TAKEN = {
    "no offer": {"inquire": answer("inquire", "0000", availableOfferUnits=None)},
    "locked": {"inquire": answer("inquire", "0005")},
    "no way out": {"inquire": nothing_sent("wifi")},
    "no answer to an inquiry": {"inquire": silence()},
    "declined": {"redeem": answer("redeem", "0051")},
    "not sent": {"redeem": nothing_sent()},
}


@pytest.mark.parametrize("why", NOTHING_TAKEN)
@story
async def test_where_nothing_was_taken_for_certain_the_whole_basket_earns(why):
    shop = shop_that_earns(**NOTHING_TAKEN[why])
    await checkout(shop)
    if "redeem" in NOTHING_TAKEN[why]:
        await shop.sees("REDEEM")
        await shop.press("ENTER")
    await asyncio.sleep(3)
    await shop.to_rest()
    await shop.press("CANCEL")
    assert (await shop.sees("EARNED", "ENTER=GO ON"))[1] == "CARD 2006     $43.35"
    assert bodies(shop)[0]["basketPostTaxAmount"] == 43.35
    assert shop.session.bodies("redeem") == [] or "redeem" in NOTHING_TAKEN[why]


@story
async def test_cancel_on_the_offer_leaves_the_discount_and_earns_with_the_same_card():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("CANCEL")
    await shop.sees("EARNED")
    assert bodies(shop)[0]["basketPostTaxAmount"] == 43.35
    await shop.press("ENTER")
    assert await shop.ended() == ""


@story
async def test_who_leaves_the_offer_alone_has_not_earned():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    assert await shop.ended() == "Cancelled"
    assert bodies(shop) == []


@pytest.mark.parametrize("code", ["0002", "0025"])
@story
async def test_an_account_that_is_not_there_or_not_active_earns_nothing(code):
    shop = shop_that_earns(inquire=answer("inquire", code))
    await checkout(shop)
    await shop.sees("REFUSED", code)
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert bodies(shop) == []


@story
async def test_a_keyed_number_that_cannot_redeem_earns_on_cancel():
    shop = shop_that_earns()
    shop.begin("checkout", shop.at_checkout())
    await shop.press("4335", "ENTER")
    await shop.sees("KEYED: NO REDEMPTION")
    shop.display.keying = CARD
    await shop.press(CARD, "ENTER")
    await shop.sees("ENTER=AGAIN")
    await shop.press("CANCEL")
    await shop.sees("EARNED")
    assert shop.entries[0].card_entry_mode == "MANUAL"


# --- in doubt ---


async def in_doubt(shop: Shop) -> None:
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("NO ANSWER", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.sees("ENTER=YES") == [
        "NO DISCOUNT GIVEN",
        "EARN ON $43.35?",
        "CARD 2006",
        "ENTER=YES  CANCEL=NO",
    ]


@story
async def test_without_an_answer_a_person_says_whether_the_whole_basket_earns():
    shop = shop_that_earns(redeem=silence())
    await in_doubt(shop)
    assert bodies(shop) == []
    await shop.press("ENTER")
    await shop.sees("EARNED")
    assert bodies(shop)[0]["basketPostTaxAmount"] == 43.35


@pytest.mark.parametrize("key", ["CANCEL", None])
@story
async def test_without_an_answer_nothing_is_earned_unless_a_person_says_so(key):
    shop = shop_that_earns(redeem=silence())
    await in_doubt(shop)
    if key:
        await shop.press(key)
    assert await shop.ended() == "Cancelled"
    assert bodies(shop) == []


@pytest.mark.parametrize("second", [answer("redeem", "0000"), answer("redeem", "0051")])
@story
async def test_a_sale_that_is_tried_again_after_no_answer_earns_once(second):
    shop = shop_that_earns(redeem=[silence(), second])
    await in_doubt(shop)
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    await checkout(shop)
    await shop.sees("00=AGAIN")
    await shop.press("00")
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.to_rest()
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert len(bodies(shop)) == 1


@story
async def test_a_sale_that_did_not_earn_in_doubt_earns_when_the_second_try_is_approved():
    shop = shop_that_earns(redeem=[silence(), answer("redeem", "0000")])
    await in_doubt(shop)
    await shop.press("CANCEL")
    await shop.ended()
    await checkout(shop)
    await shop.sees("00=AGAIN")
    await shop.press("00")
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "EARNED")
    assert bodies(shop)[0]["basketPostTaxAmount"] == 3.35
