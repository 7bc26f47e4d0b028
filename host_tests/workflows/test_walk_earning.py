"""A walk over every screen and slip of earning: each outcome, both families, both languages.

The display and the terminal of these tests refuse a screen that is too wide, shows a balance
or a full collector number. Here it is made sure that every message of earning was shown, and
that what a slip says is what became of the miles.
"""

from __future__ import annotations

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.session import answer, silence
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from host_tests.workflows.test_earn import (
    DONE,
    PARKED,
    PENDING,
    TWO,
    WAITING,
    checkout,
    key_5,
    shop_that_earns,
)
from host_tests.workflows.test_walk import EARNING, all_keys, seen
from milepad import words

# outcome: (row on the screen, title of the slip of an earning alone)
OUTCOMES = {
    "done": (DONE, "earned", "earned"),
    "done, counted": (TWO, "earned", "earned"),
    "pending": (PENDING, "will_be_added", "later_earned"),
    "queued": (WAITING, "will_be_added", "later_earned"),
    "parked": (PARKED, "not_earned", "not_accepted"),
}
every_outcome = pytest.mark.parametrize("outcome", OUTCOMES)
both_languages = pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
every_family = pytest.mark.parametrize("family", ["amrp"])


def shop_of(language: str, family: str, **script) -> Shop:
    issuance = {"family": family, "record_without_card": True, "calculate": True}
    return shop_that_earns(language, issuance=issuance, **script)


def plan(shop: Shop, outcome: tuple) -> None:
    """What the platform, or nobody, says to whatever the shop sends."""
    for op in ("issue", "post", "return", "issuance/reverse", "record"):
        shop.device.earnings.script[op] = [outcome] * 9


@every_outcome
@every_family
@both_languages
@story
async def test_a_sale_alone_says_on_screen_and_slip_what_became_of_its_miles(
    language, family, outcome
):
    result, key, title = OUTCOMES[outcome]
    shop = shop_of(language, family)
    plan(shop, result)
    await key_5(shop)
    await shop.swipe()
    await shop.sees(shop.terminal.text(key), shop.terminal.text("go_on"))
    (slip,) = shop.printer.slips
    assert words.slip_text(title, language) in slip
    assert (words.slip_text("count_earned", language) in slip) == (result is TWO)


@every_outcome
@every_family
@both_languages
@story
async def test_a_checkout_says_on_its_one_slip_what_became_of_its_miles(
    language, family, outcome
):
    result, key, _ = OUTCOMES[outcome]
    shop = shop_of(language, family)
    plan(shop, result)
    await checkout(shop)
    await shop.sees(shop.terminal.text("redeem"))
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text(key), shop.terminal.text("enter"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (slip,) = shop.printer.slips
    assert words.slip_text("redemption", language) in slip
    said = {
        "done": "some_earned",
        "done, counted": "count_earned",
        "parked": "refused_miles",
    }
    first = words.slip_text(said.get(outcome, "later_some_earned"), language)[:24]
    assert first.replace("\u00a0", " ") in slip.replace("\xa0", " ")
    shop.begin("reports")
    await shop.press("2", "ENTER")
    await shop.to_rest()
    again = shop.printer.slips[-1]
    assert words.slip_text("reprint", language) in again
    assert words.slip_text("redemption", language) in again


@every_outcome
@every_family
@both_languages
@story
async def test_a_return_says_on_screen_and_slip_what_became_of_the_miles(
    language, family, outcome
):
    result, key, _ = OUTCOMES[outcome]
    key = {"earned": "taken_back", "will_be_added": "will_be_taken"}.get(key, "not_taken")
    shop = shop_of(language, family)
    await key_5(shop)
    await shop.swipe()
    await all_keys(shop, "ENTER")
    plan(shop, result)
    shop.begin("return_sale")
    await shop.scan(shop.entries[0].trace_id)
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text(key), shop.terminal.text("go_on"))
    assert shop.entries[0].trace_id in shop.printer.slips[-1]


async def sales(shop: Shop) -> None:
    shop.begin("earn")
    await shop.press("100", "ENTER", "99", "ENTER")
    await all_keys(shop, "CANCEL")
    for outcome, _, _ in OUTCOMES.values():
        plan(shop, outcome)
        for keys in (["00", "ENTER"], [CARD, "ENTER"]):
            await key_5(shop)
            shop.display.keying = CARD
            await shop.press(*keys)
            shop.display.keying = ""
            await all_keys(shop, "ENTER")
    shop.device.earnings.script["calculate"] = [TWO]
    await key_5(shop)
    await shop.swipe()
    await all_keys(shop, "ENTER")


async def checkouts(shop: Shop) -> None:
    plan(shop, TWO)
    shop.session.script["redeem"] = silence()
    await checkout(shop, "4437")
    await shop.sees(shop.terminal.text("redeem"))
    await shop.press("ENTER")
    await all_keys(shop, "ENTER")
    shop.session.script["redeem"] = answer("redeem", "0000")
    await checkout(shop)
    await shop.sees(shop.terminal.text("redeem"))
    await shop.press("ENTER")
    await all_keys(shop, "ENTER")


async def returns(shop: Shop) -> None:
    shop.begin("return_sale")
    await shop.press("1234", "ENTER")
    await shop.press("CANCEL")
    await shop.ended()
    number = next(
        e.result.confirmation_number
        for e in shop.entries
        if e.outcome and e.op == "redeem" and e.result.confirmation_number
    )
    for outcome, _, _ in OUTCOMES.values():
        plan(shop, outcome)
        shop.begin("return_sale")
        await shop.scan(number)
        await shop.press("00", "50", "ENTER", "55", "ENTER")
        await all_keys(shop, "ENTER")
    shop.begin("return_sale")
    await shop.scan(number)
    await all_keys(shop, "ENTER")
    shop.begin("return_sale")
    await shop.scan(number)
    await all_keys(shop, "ENTER")


async def the_menu(shop: Shop) -> None:
    shop.begin("menu")
    for keys in (
        ["5", "CANCEL"],
        ["6", "CANCEL"],
        ["4", "CANCEL"],
        ["4", "2", "1", "DOWN", "UP", "DOWN", "ENTER"],
    ):
        await shop.press(*keys)
        await shop.to_rest()
    shop._task.cancel()
    shop._task = None


@every_family
@both_languages
@story
async def test_every_message_of_earning_is_shown_and_none_is_too_wide(language, family):
    shop = shop_of(language, family)
    for walk in (sales, checkouts, returns, the_menu):
        await walk(shop)
    table = words.table(language)
    unseen = {key for key in EARNING if not seen(table[key], shop.screens)}
    unseen -= {"more_adjust"} if family == "amrp" else set()
    assert not unseen, unseen
