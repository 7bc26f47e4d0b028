"""A walk over every screen of every workflow, in both languages.

Every reply of this platform holds balances that can be told apart (7777, 8888, 6655). The
display of these tests refuses a screen with one of them, one that is too wide, and one with
a full collector number; here it is made sure that every screen there is has been shown.
"""

from __future__ import annotations

import ast
import asyncio
import itertools
from pathlib import Path

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.platform import BALANCES, CONFIRMATION
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import OTHER_CARD, Shop
from host_tests.kit.stores import ring_store
from host_tests.kit.virtual_time import story
from milepad import words
from milepad.base import errors
from milepad.base.compat import unix_time
from milepad.base.errors import StorageError
from milepad.base.transaction import Transaction
from milepad.workflows.interrupted import FINISH, LATER, VOID

FIRMWARE = Path(words.__file__).parents[2]
OUTCOMES = {
    "approved": answer("redeem", "0000"),
    "declined": answer("redeem", "0051"),
    "not sent": nothing_sent(),
    "unknown": silence(),
    "odd": answer("redeem", "0000", unitsRedeemed="40", txnConfirmationNumber=None),
}

EARNING = {
    "menu_earn",
    "menu_return",
    "earn",
    "wait_issue",
    "wait_take",
    "wait_calculate",
    "earned",
    "will_be_added",
    "taken_back",
    "will_be_taken",
    "not_earned",
    "not_taken",
    "enter",
    "miles",
    "miles_before",
    "earn_on",
    "no_discount_given",
    "return",
    "return_rest",
    "sale_not_found",
    "is_earning",
    "slip_miles",
    "all_returned",
    "all_or_part",
    "back_pre_tax",
    "back_with_tax",
    "refund_too",
    "return_too",
    "see_queue",
    "sent_later",
    "recorded",
    "recorded_later",
    "not_recorded",
    "or_no_card",
    "too_little",
    "report_issued",
    "report_returned",
    "report_queued",
    "report_pending",
    "report_parked",
    "queue_count",
    "queue_hours",
    "queue_days",
    "queue_empty",
    "queue_keys",
    "delete",
    "delete_keys",
    "deleted",
    "may_be_added",
    "no_miles",
    "over_limit",
    "adjust_give",
    "adjust_take",
    "reason_goodwill",
    "reason_correction",
    "reason_promotion",
    "trade_retail",
    "trade_wholesale",
    "bonus",
    "bonus_items",
    "bonus_keys",
    "more_queue",
    "more_adjust",
}  # what test_walk_earning sees

REASONS = [value for name, value in vars(errors).items() if name.isupper()]


async def checkouts(shop: Shop) -> None:
    shop.begin("checkout")
    await shop.press("ENTER", "9", "00", "00", "00", "CLEAR")
    await shop.press("CANCEL")
    await shop.ended()
    for outcome in OUTCOMES.values():
        shop.session.script["redeem"] = outcome
        shop.printer.faults = ["paper", "cover", "silent"]
        await shop.to_offer(another_basket())
        await shop.press("DOWN", "UP", "ENTER")
        await all_keys(shop, "ENTER")
    for inquiry in (
        answer("inquire", "0000", availableOfferUnits=None),
        answer("inquire", "0005"),
        nothing_sent(),
        silence(),
    ):
        shop.session.script["inquire"] = inquiry
        await shop.to_card(another_basket())
        await shop.swipe()
        await all_keys(shop, "ENTER")
    shop.session.script["inquire"] = answer("inquire", "0000", availableOfferUnits=None)
    await shop.to_card("999")
    await shop.swipe()
    await all_keys(shop, "ENTER")
    shop.session.script.clear()
    await shop.to_card()
    await shop.scan("nothing")
    await shop.press("ENTER", ".", ".")
    shop.act("noise", "half a line")
    await shop.press("ENTER")
    shop.display.keying = CARD
    await shop.press(CARD, "ENTER")
    await all_keys(shop, "ENTER")
    await shop.to_card()
    await shop.press(CARD[:-1] + "7", "ENTER", "00")
    await all_keys(shop, "ENTER")
    shop.display.keying = ""
    for fault in [StorageError(reason) for reason in REASONS]:
        shop.ledger.begin = raising(fault)  # type: ignore[method-assign]
        await shop.to_offer(another_basket())
        await shop.press("ENTER")
        await all_keys(shop, "ENTER")
    shop.boot()
    await the_same_sale(shop)


BASKETS = itertools.count(4336)


def another_basket() -> str:
    """One that no sale had, so that none is taken for an earlier one again."""
    return str(4336 + next(BASKETS) % 600)


async def the_same_sale(shop: Shop) -> None:
    shop.session.script["redeem"] = silence()
    cents = another_basket()
    await shop.to_offer(cents)
    await shop.press("ENTER")
    await all_keys(shop, "ENTER")
    await shop.to_card(cents)
    await shop.swipe()
    await shop.sees(shop.terminal.text("again_keys"))
    await shop.press("CANCEL")
    await shop.ended()
    shop.session.script.clear()


def raising(fault: Exception):
    def begin(transaction: Transaction) -> int:
        raise fault

    return begin


async def all_keys(shop: Shop, *keys: str) -> None:
    """The same keys until the workflow is over; nothing is tried again."""
    for _ in range(40):
        if shop.over:
            break
        is_offered = shop.screen[3] == shop.terminal.text("enter_again")
        await shop.press(*(["CANCEL"] if is_offered else keys))
        await shop.sees("", within_s=5)
        await _a_moment()
    await shop.ended()


async def _a_moment() -> None:
    await asyncio.sleep(5)


async def refunds(shop: Shop) -> None:
    shop.begin("refund")
    await shop.scan("?")
    await shop.press("ENTER")
    shop.act("noise", "half a line")
    await shop.press("ENTER", "CANCEL")
    await shop.ended()
    outcomes = {
        "20000000001": answer("reverse", "0000"),
        "20000000002": answer("reverse", "0080"),
        "20000000003": silence(),
    }
    for number, outcome in outcomes.items():
        shop.session.script["reverse"] = outcome
        await shop.to_refund_question(number)
        await shop.press("ENTER")
        await all_keys(shop, "ENTER")
    shop.session.script["reverse"] = answer("reverse", "0057")
    shop.begin("refund")
    await shop.scan("20000000001")
    await all_keys(shop, "ENTER")
    shop.begin("refund")
    await shop.scan("20000000003")
    await shop.press("00")
    await shop.swipe()
    await all_keys(shop, "ENTER")
    shop.session.script.clear()
    await shop.redeem()
    shop.begin("refund")
    await shop.scan(OTHER_CARD)
    await shop.press("ENTER")
    await shop.scan(CONFIRMATION)
    await shop.swipe(OTHER_CARD)
    await shop.press("00")
    await all_keys(shop, "CANCEL")
    await an_open_refund(shop)


async def an_open_refund(shop: Shop) -> None:
    """Power goes while a refund is on its way; before it is finished it is asked for again."""
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("wait_waiting"))
    shop.cut()
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await all_keys(shop, FINISH, "ENTER")
    shop.begin("recover")
    await all_keys(shop, FINISH, "ENTER")


async def balances(shop: Shop) -> None:
    answers = [answer("inquire", code) for code in ("0000", "0001", "0002")]
    for each in [*answers, nothing_sent(), silence()]:
        shop.session.script["inquire"] = each
        shop.begin("balance")
        await shop.swipe()
        await all_keys(shop, "ENTER")
    shop.session.script.clear()


async def the_menu(shop: Shop) -> None:
    shop.begin("menu")
    shop.session.script["echo"] = [nothing_sent("wifi")]
    causes = ["power", "button", "watchdog", "program"]
    for keys in (
        ["4", "3"],
        ["4", "1"],
        ["4", "2", "1", "ENTER"],
        ["4", "2", "2", "DOWN", "ENTER", "CANCEL"],
        ["4", "2", "3", "CANCEL"],
        *[["4", "0", "DOWN", "DOWN", "DOWN", "CANCEL"]] * 4,
        ["4", "3"],
    ):
        if "0" in keys:
            shop.hardware.cause = causes.pop()
        await shop.press(*keys)
        await _a_moment()
        await _a_moment()
        await shop.press("ENTER")
        await _a_moment()
    await shop.press("4", "4")
    await shop.sees("1 ")
    await shop.press("4", "4")
    shop._task.cancel()
    shop._task = None


async def recoveries(shop: Shop) -> None:
    text = shop.terminal.text
    for outcome in OUTCOMES.values():
        for key in (FINISH, VOID):
            empty(shop)
            await interrupted(shop)
            shop.session.script["redeem"] = [outcome, answer("redeem", "0000")]
            shop.begin("recover")
            await shop.sees(text("interrupted"), text("interrupted_finish"))
            await shop.press(key)
            await _a_moment()
            await all_keys(shop, "ENTER", LATER)
    empty(shop)
    await interrupted(shop)
    shop.ledger.note(shop.ledger.open_entries()[0].sequence, 2, "")
    for state, key in (
        ("lost", "waiting_time"),
        ("set", "no_copy_left"),
        ("proven", "unresolved"),
    ):
        shop.set_time(Time(state))
        shop.session.script["echo"] = nothing_sent()
        await recovery(shop, key)
    for state, key in (("silent", "reply_no_time"), ("early", "wrong_time")):
        empty(shop)
        await interrupted(shop)
        shop.set_time(Time(state))
        await recovery(shop, key)
    shop.device.transactions.identity.store_id = "0002"
    await recovery(shop, "settings_changed")
    empty(shop)
    shop.session.script.clear()
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees(text("wait_waiting"))
    shop.cut()
    shop.set_time(Time("set"))
    shop.session.script["echo"] = nothing_sent()
    await recovery(shop, "not_asked_again", FINISH)
    assert text("interrupted_reversal").split("...")[0] in shop.screens
    shop.session.script.clear()
    empty(shop)
    await interrupted(shop)
    shop.set_time(Time("proven"))
    shop.session.script["reverse"] = nothing_sent()
    await recovery(shop, "void_waits", VOID, "ENTER")
    shop.begin("menu")
    await shop.sees(text("open_entries") % 1)
    shop._task.cancel()
    shop._task = None


def empty(shop: Shop) -> None:
    """Another device, as far as its flash goes."""
    shop.store = ring_store(24)
    shop.store.warning = ""
    shop.boot()


async def recovery(shop: Shop, key: str, *keys: str) -> None:
    """One with that screen; what is open at its end stays so."""
    shop.begin("recover")
    await _a_moment()
    for each in keys:
        await shop.press(each)
        await _a_moment()
        await _a_moment()
    if shop.over:
        shop._task.result()
    await shop.sees(shop.terminal.text(key).split("\n")[0])
    await all_keys(shop, "ENTER", LATER)
    assert shop._task.exception() is None


class Time:
    """A Timekeeper in one of its states."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.heard = state == "silent"

    def now_s(self) -> int:
        return unix_time() - 7200 * (self.state == "early")

    def is_set(self) -> bool:
        return self.state != "lost"

    def is_proven(self) -> bool:
        return self.state in ("proven", "early")


async def interrupted(shop: Shop) -> None:
    """Power goes while a redemption is on its way."""
    shop.session.script["redeem"] = answer("redeem", "0000")
    await shop.to_offer(another_basket())
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("wait_waiting"))
    shop.cut()


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_no_screen_of_any_workflow_shows_a_balance_or_is_too_wide(language):
    shop = Shop(language)
    for part in (checkouts, refunds, balances, the_menu, recoveries):
        await part(shop)
    assert not any(balance in shop.screens for balance in BALANCES)
    used = used_keys()
    unseen = {
        key
        for key, text in words.table(language).items()
        if key in used - EARNING and not seen(text, shop.screens)
    }
    # These have their own tests: test_about, test_app, test_every_code, test_menu,
    # test_odd_approvals, test_supervisor and test_time, and those of the pad.
    assert {key for key in unseen if not key.startswith(("code_", "advice_"))} <= {
        "about_board",
        "about_clock",
        "supervisor",
        "pin_is",
        "pin_wrong",
        "pins_wrong",
        "pin_waits",
        "till",
        "till_menu",
        "root_ends",
        "profile_bad",
        "profile_advice",
        "fault",
        "starting",
        "pre_tax_total",
        "no_time",
        "waiting_time",
        "ledger_warning",
        "report_empty",
        "report_net_of",
        "last_sale",
        "reprint_hint",
        "nothing_to_print",
        "asked",
        "no_confirmation",
        "mismatch",
    }


def used_keys() -> set[str]:
    """Every literal of the firmware that is the key of a message."""
    keys = set(words.table("en-CA"))
    found = set()
    rooms = ("", "workflows", "terminal", "transactions", "pinpad")
    paths = [path for room in rooms for path in (FIRMWARE / "milepad" / room).glob("*.py")]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and node.value in keys:
                found.add(node.value)
    return found


def seen(text: str, screens: str) -> bool:
    """Whether a message stood on a screen, whatever its values were."""
    row = text.split("\n", maxsplit=1)[0]
    return max(row.replace("%s", "%d").split("%d"), key=len).strip() in screens


def test_both_languages_have_the_same_messages_and_places_for_values():
    english, french = words.table("en-CA"), words.table("fr-CA")
    assert set(english) == set(french)
    for key, text in english.items():
        places = [text.count("%s"), text.count("%d")]
        assert [french[key].count("%s"), french[key].count("%d")] == places, key


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
def test_no_message_is_wider_than_the_screen_or_higher_than_two_rows(language):
    for key, text in words.table(language).items():
        rows = text.split("\n")
        assert len(rows) <= 2, key
        assert all(0 < len(row) <= 20 for row in rows), key


def test_there_is_no_message_that_nobody_shows():
    unused = set(words.table("en-CA")) - used_keys()
    made_up = (
        "code_",
        "advice_",
        "op_",
        "link_",
        "not_sent_",
        "storage_",
        "reset_",
    )  # the rest of these keys comes from a table
    assert {key for key in unused if not key.startswith(made_up)} == set()
