"""A walk over every screen and slip of earning: each outcome, both families, both languages.

The display and the terminal of these tests refuse a screen that is too wide, shows a balance
or a full collector number. Here it is made sure that every message of earning was shown, and
that what a slip says is what became of the miles.
"""

from __future__ import annotations

import json

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.earning import (
    DONE,
    FAILED,
    PARKED,
    PENDING,
    TWO,
    WAITING,
    checkout,
    key_5,
    shop_that_earns,
)
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import Issued, answer, silence
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from host_tests.workflows.test_walk import EARNING, all_keys, seen
from milepad import words
from milepad.base.vocabulary import APPROVED

# outcome: (row on the screen, title of the slip of an earning alone)
OUTCOMES = {
    "done": (DONE, "earned", "earned"),
    "done, counted": (TWO, "earned", "earned"),
    "pending": (PENDING, "will_be_added", "later_earned"),
    "parked": (PARKED, "not_earned", "not_accepted"),
    "queued": (WAITING, "will_be_added", "later_earned"),
}
every_outcome = pytest.mark.parametrize("outcome", OUTCOMES)
both_languages = pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
every_family = pytest.mark.parametrize("family", ["amrp", "partner"])
RULES = {"base": {"dollars_per_mile": "1.00"}}
BONUS = [
    {"name": "COFFEE", "code": "COFFEE", "kind": "per_item", "miles": 10},
    {"name": "TRADE", "code": "TRADE", "kind": "per_item", "miles": 1, "trade": "retail"},
]


def shop_of(language: str, family: str, **script) -> Shop:
    issuance = {"family": family, "record_without_card": True, "calculate": True}
    issuance["offers"] = "offers.toml"
    return shop_that_earns(language, issuance=issuance, **{"offers": RULES, **script})


def plan(shop: Shop, outcome: Issued | None) -> None:
    """What the platform, or nobody, says to whatever the shop sends; nothing waits before it."""
    for entry in list(shop.device.earnings.items()):
        shop.device.earnings.delete(entry.sequence)
    shop.device.earnings.sending.note_link_up()
    for op in ("issue", "post", "return", "issuance/reverse", "record", "post/event"):
        shop.session.issuing[op] = [outcome] * 9


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
    counted = result is TWO or (family == "partner" and result is not PARKED)
    label = "count_earned" if key == "earned" else "later_count_earned"
    assert (words.slip_text(label, language) in slip) == counted


def said_at_checkout(family: str, outcome: str) -> str:
    """The key of what a checkout's slip says: a number where somebody knows one."""
    if outcome == "parked":
        return "refused_miles"
    later = "later_" if OUTCOMES[outcome][1] == "will_be_added" else ""
    is_counted = family == "partner" or outcome == "done, counted"
    return later + ("count_earned" if is_counted else "some_earned")


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
    first = words.slip_text(said_at_checkout(family, outcome), language)[:24]
    assert first.replace("\u00a0", " ") in slip.replace("\xa0", " "), slip
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
    shop.session.issuing["calculate"] = [TWO]
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
    shop.session.script.clear()
    shop.begin("return_sale")
    await shop.press("1234", "ENTER")
    await shop.press("CANCEL")
    await shop.ended()
    shop.begin("return_sale")
    await shop.press("004300000017", "ENTER")
    await shop.sees(shop.terminal.text("use_or_again"))
    await shop.press("00", "100", "ENTER", "113", "ENTER", "5", "ENTER")
    await shop.press("CANCEL")
    await shop.ended()
    sold = [e for e in shop.entries if e.op in ("issue", "post") and e.outcome == APPROVED]
    for outcome, _, _ in OUTCOMES.values():
        plan(shop, outcome)
        shop.begin("return_sale")
        await shop.scan(sold[0].trace_id)
        await shop.press("00", "300", "ENTER", "330", "ENTER")
        await all_keys(shop, "ENTER")
    shop.begin("return_sale")
    await shop.scan(sold[0].trace_id)
    await shop.press("00", "1", "ENTER", "1", "ENTER")
    await all_keys(shop, "ENTER")
    plan(shop, DONE)
    shop.begin("return_sale")
    await shop.scan(CONFIRMATION)
    await shop.press("00", "150", "ENTER", "165", "ENTER")
    await all_keys(shop, "ENTER")
    shop.begin("refund")
    await shop.press(sold[0].trace_id, "ENTER")
    await shop.sees(shop.terminal.text("is_earning"))
    await shop.press("CANCEL")
    await shop.ended()
    await shop.to_refund_question()
    await all_keys(shop, "ENTER")
    for _ in range(2):
        shop.begin("return_sale")
        await shop.scan(CONFIRMATION)
        await all_keys(shop, "ENTER")


async def adjustments(shop: Shop) -> None:
    for way, reason in (("1", "1"), ("2", "2"), ("1", "3")):
        shop.begin("adjust")
        await shop.press(way, "999999", "CLEAR", "25", "ENTER")
        await shop.swipe()
        await shop.press(reason)
        await all_keys(shop, "ENTER")


async def bonuses(shop: Shop) -> None:
    limited = {"base": {"max_miles": 1, "over_max": "nothing", "dollars_per_mile": "1.00"}}
    shop.hardware.files.contents["offers.json"] = json.dumps(limited).encode()
    await key_5(shop)
    await shop.swipe()
    await all_keys(shop, "ENTER")
    shop.hardware.files.contents["offers.json"] = json.dumps({"offer": BONUS}).encode()
    await key_5(shop, "100", "113")
    await shop.swipe()
    await shop.press("1", "DOWN", "9")
    await all_keys(shop, "ENTER")
    await key_5(shop, "100", "113")
    await shop.swipe()
    await shop.press("2")
    await all_keys(shop, "ENTER")


async def the_queue(shop: Shop) -> None:
    plan(shop, DONE)
    for met in (PARKED, PARKED, PARKED, FAILED):
        shop.session.issuing["issue"] = shop.session.issuing["post"] = [met]
        await key_5(shop)
        await shop.swipe()
        await all_keys(shop, "ENTER")
    shop.begin("reports")
    await shop.press("1", "DOWN")
    await shop.sees(shop.terminal.text("report_parked") % 3)
    await shop.press("CANCEL")
    await shop.ended()
    for op in ("issue", "post"):
        shop.session.issuing[op] = [WAITING, PARKED, DONE]
    shop.begin("queue")
    for keys in (
        ["DOWN", "UP", "7"],
        ["ENTER", "7"],
        ["ENTER", "9", "CANCEL", "7"],
        *[["ENTER", "9", "00"]] * 40,
    ):
        if not shop.over:
            await shop.press(*keys)
            await shop.to_rest()
    await all_keys(shop, "ENTER")


async def the_menu(shop: Shop) -> None:
    shop.begin("menu")
    for keys in (
        ["5", "CANCEL"],
        ["6", "CANCEL"],
        ["4", "CANCEL"],
        ["4", "5", "ENTER"],
        ["4", "6", "CANCEL"],
        ["4", "2", "1", "DOWN", "UP", "DOWN", "ENTER"],
    ):
        await shop.press(*keys)
        await shop.to_rest()
    shop._task.cancel()
    shop._task = None


NOT_OF = {
    "amrp": {
        *("more_adjust", "adjust_give", "adjust_take", "no_miles", "over_limit"),
        *("reason_goodwill", "reason_correction", "reason_promotion"),
        *("trade_retail", "trade_wholesale", "bonus", "bonus_items", "bonus_keys"),
        "slip_miles",
    },
    "partner": {"miles_before", "recorded_later", "wait_calculate"},
}


@every_family
@both_languages
@story
async def test_every_message_of_earning_is_shown_and_none_is_too_wide(language, family):
    shop = shop_of(language, family)
    walks = [sales, the_menu, checkouts, returns, the_menu, the_queue]
    walks += [adjustments, bonuses] if family == "partner" else []
    for walk in walks:
        await walk(shop)
    table = words.table(language)
    unseen = {key for key in EARNING if not seen(table[key], shop.screens)}
    unseen -= NOT_OF[family]
    assert not unseen, unseen
