"""Earning: key 5, and a checkout whose card earns without being presented again."""

from __future__ import annotations

import asyncio
import json

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import Issued, answer, nothing_sent, silence
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from milepad.base.errors import QUEUE_FULL, StorageError

HST = {"family": "amrp", "taxes": [["HST", "13"]]}
DONE, TWO, PENDING, PARKED = Issued(200), Issued(200, 2), Issued(202), Issued(400)
WAITING = None  # no way out: it stays in the queue
FAILED = Issued(500)  # a copy left: it stays in the queue, and may have been added


def shop_that_earns(language: str = "en-CA", **script) -> Shop:
    settings = {**HST, **script.pop("issuance", {})}
    return Shop(
        language, profile={"issuance": settings, **script.pop("profile", {})}, **script
    )


def raising(fault: Exception):
    def keep(*_: object) -> None:
        raise fault

    return keep


def bodies(shop: Shop) -> list[dict]:
    return [json.loads(each.body) for each in shop.session.issued()]


async def key_5(shop: Shop, pre_tax: str = "3836", with_tax: str = "4335") -> None:
    shop.begin("earn")
    await shop.sees(shop.terminal.text("pre_tax_total"))
    await shop.press(pre_tax, "ENTER")
    await shop.sees(shop.terminal.text("basket_total"))
    await shop.press(with_tax, "ENTER")
    await shop.sees(shop.terminal.text("card"), shop.terminal.text("card_how"))


# --- key 5 ---


@story
async def test_key_5_asks_both_totals_and_the_card_and_says_what_was_earned():
    shop = shop_that_earns()
    shop.session.issuing["issue"] = [TWO]
    await key_5(shop)
    await shop.swipe()
    assert await shop.sees("EARNED", "ENTER=GO ON") == [
        "EARNED 2",
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
        (PENDING, ["WILL BE ADDED", ""]),
        (WAITING, ["WILL BE ADDED", "SENT BY ITSELF LATER"]),
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


# --- a checkout ---


async def checkout(shop: Shop, cents: str = "4335") -> None:
    shop.begin("checkout", shop.at_checkout())
    await shop.sees(shop.terminal.text("basket_total"))
    await shop.press(cents, "ENTER")
    await shop.sees(shop.terminal.text("card"))
    await shop.swipe()


@story
async def test_a_checkout_redeems_then_earns_on_what_is_left_and_gives_one_slip():
    shop = shop_that_earns()
    shop.session.issuing["issue"] = [TWO]
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    assert (await shop.sees("APPROVED"))[:3] == [
        "APPROVED      $40.00",
        f"NO {CONFIRMATION}",
        "GIVE $40.00 OFF",
    ]
    assert (await shop.sees("EARNED 2", "ENTER"))[:3] == [
        "APPROVED      $40.00",
        f"NO {CONFIRMATION}",
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
    assert rows[:3] == ["APPROVED      $40.00", f"NO {CONFIRMATION}", "GIVE $40.00 OFF"]


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
