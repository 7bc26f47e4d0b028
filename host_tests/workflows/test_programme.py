"""Another programme by its profile alone: 1,500 points for $10, one balance, both languages.

The display and the terminal of these tests refuse a row that is too wide; here no screen and
no slip may say a word of AIR MILES, and no line of a slip is wider than its paper.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from host_tests.kit.earning import TWO, WAITING, checkout, key_5, shop_that_earns
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.profile import BLUE_REWARDS
from host_tests.kit.session import answer
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from host_tests.workflows.test_return_sale import sold, to_question
from milepad import words
from milepad.amcash import response_codes
from milepad.base.programme import Programme

FOREIGN = re.compile(
    r"air ?miles|\bmil+es?\b|\bcash\b|\bargent\b|dream|rêves", re.IGNORECASE
)
OF_MONEY = ("advice_store_credit", "no_cash")  # cash in the drawer, which every shop has
BLUE = Programme(BLUE_REWARDS)
UNIT = {"unitValueAMCash": "1500", "offerDescEn": "Save.", "offerDescFr": "Économisez."}
REPLIES = {
    "inquire": answer("inquire", "0000", **UNIT),
    "redeem": answer("redeem", "0000", milesRedeemed="6000", **UNIT),
    "reverse": answer("reverse", "0000", milesReversed="6000", **UNIT),
}
both_languages = pytest.mark.parametrize("language", ["en-CA", "fr-CA"])


def blue_shop(language: str, **changes: Any) -> Shop:
    return Shop(language, profile={"programme": BLUE_REWARDS, **changes}, **REPLIES)


def nothing_foreign(shop: Shop) -> None:
    for text in [shop.screens, *shop.printer.slips]:
        assert not FOREIGN.search(text), text
    for slip in shop.printer.slips:
        assert all(len(line) <= 32 for line in slip.split("\n")), slip


@both_languages
@story
async def test_a_checkout_and_its_refund_speak_of_points(language):
    shop = blue_shop(language)
    await shop.redeem()
    dollars = "10 $" if language == "fr-CA" else "$10"
    assert f"4x{dollars}: 6000 POINTS" in shop.screens
    (slip,) = shop.printer.slips
    assert "Blue Rewards\n" in slip and "Argent" not in slip
    assert re.search(r"Points +6[,  ]000", slip)
    assert re.search(r"(Points balance|Solde de points) +7[,  ]777", slip)
    assert "8,888" not in slip and "8 888" not in slip  # the second balance

    await shop.to_refund_question(CONFIRMATION)
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("refunded"), shop.terminal.text("go_on"))
    assert "6000 POINTS" in "\n".join(shop.screen)
    await shop.press("ENTER")
    assert await shop.ended() == ""
    nothing_foreign(shop)


@both_languages
@story
async def test_balance_and_totals_speak_of_points(language):
    shop = blue_shop(language)
    await shop.redeem()
    shop.begin("balance")
    await shop.swipe()
    await shop.sees(shop.terminal.text("balance_printed"))
    await shop.press("ENTER")
    shop.begin("reports")
    await shop.press("1")
    await shop.sees(shop.terminal.text("report_net"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    totals = shop.printer.slips[-1]
    assert re.search(r"Points (redeemed|échangés) +6.000", totals)
    nothing_foreign(shop)


@both_languages
@pytest.mark.parametrize("code", response_codes.known())
@story
async def test_no_refusal_names_the_old_programme(language, code):
    shop = blue_shop(language)
    shop.session.script["inquire"] = answer("inquire", code, **UNIT)
    shop.session.script["redeem"] = answer("redeem", code, **UNIT)
    shop.begin("checkout")
    await shop.press("4335", "ENTER")
    await shop.swipe()
    for _ in range(8):
        await shop.press("ENTER")
        shop.terminal.emit("key", "CANCEL")
    nothing_foreign(shop)


@both_languages
@story
async def test_a_balance_below_a_unit_of_points_is_no_daily_limit(language):
    """What the reply leaves out, the profile's unit tells: 1,499 points are not enough."""
    for available, key in (("0", "code_0051"), ("1499", "code_0051")):
        shop = blue_shop(language)
        changes = {**UNIT, "availableOfferUnits": None, "unitValueAMCash": None}
        shop.session.script["inquire"] = answer(
            "inquire", "0000", cashBalance="1499", availableCashBalance=available, **changes
        )
        shop.begin("checkout")
        await shop.press("4335", "ENTER")
        await shop.swipe()
        await shop.sees(shop.terminal.text("no_offer"), shop.terminal.text(key))
        nothing_foreign(shop)


@both_languages
@pytest.mark.parametrize("result", [TWO, WAITING])
@story
async def test_an_earning_speaks_of_points_alone_and_within_a_checkout(language, result):
    shop = shop_that_earns(language, profile={"programme": BLUE_REWARDS}, **REPLIES)
    shop.session.issuing["issue"] = [result] * 9
    await key_5(shop)
    await shop.swipe()
    await shop.sees(shop.terminal.text("go_on"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    await checkout(shop)
    await shop.sees(shop.terminal.text("redeem"))
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("enter"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    alone, both = shop.printer.slips
    assert "Blue Rewards\n" in alone and "Blue Rewards\n" in both
    assert "POINTS" in alone and "oints" in both
    nothing_foreign(shop)


@both_languages
@story
async def test_a_return_speaks_of_points(language):
    shop = shop_that_earns(language, profile={"programme": BLUE_REWARDS}, **REPLIES)
    number = await sold(shop)
    await to_question(shop, number)
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("taken_back"), shop.terminal.text("go_on"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert ("POINTS TAKEN BACK" if language == "en-CA" else "POINTS REPRIS") in (
        shop.printer.slips[-1]
    )
    nothing_foreign(shop)


@both_languages
def test_no_message_at_all_names_the_old_programme(language):
    for key, text in words.table(language, BLUE).items():
        assert key in OF_MONEY or not FOREIGN.search(text), (key, text)
    files = (words._slips_file(language), words._seldom_file(language))
    for key in [key for file in files for key in file.SLIP_TEXTS]:
        text = words.slip_text(key, language, BLUE)
        # A second balance has no line: its label is never asked for.
        assert (
            key in (*OF_MONEY, "dream_balance")
            or key.endswith("balance")
            or (not FOREIGN.search(text))
        ), (key, text)


@both_languages
@story
async def test_a_wider_programme_with_two_balances_has_them_both(language):
    programme = {**BLUE_REWARDS, "balances": 2}
    shop = Shop(language, profile={"programme": programme}, **REPLIES)
    await shop.redeem()
    (slip,) = shop.printer.slips
    assert "Dream points" in slip or "points Rêves" in slip
