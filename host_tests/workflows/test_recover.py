"""After a power cut: the open request is finished, voided, set aside, or given up."""

from __future__ import annotations

import asyncio
import json
import re
from binascii import crc32
from typing import Any

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import KEYS, Shop
from host_tests.kit.virtual_time import story
from milepad.base.compat import unix_time
from milepad.base.errors import READ_ONLY, StorageError
from milepad.transactions.identical import transaction_crc32

FINISH, GIVE_UP, VOID, LATER = "7", "8", "9", "0"
FINISH_S = 900


class Time:
    """A Timekeeper whose state the test chooses; a reply of the platform proves it."""

    def __init__(self, shop: Shop, state: str = "set") -> None:
        self.state = state
        self.ahead_s = 0
        self.heard = False
        self.is_dated = True
        shop.set_time(self)
        call = shop.session.call

        async def dated_call(*args: Any) -> Any:
            outcome = await call(*args)
            if outcome.reply is not None:
                self.heard = True
                self.state = "proven" if self.is_dated else self.state
            return outcome

        shop.session.call = dated_call  # type: ignore[method-assign]

    def now_s(self) -> int:
        return unix_time() + self.ahead_s

    def is_set(self) -> bool:
        return self.state != "lost"

    def is_proven(self) -> bool:
        return self.state == "proven"


async def interrupt(shop: Shop, op: str = "redeem") -> Any:
    """Power goes while a request is on its way; the request."""
    if op == "redeem":
        await shop.to_offer()
    else:
        await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("wait_waiting"))
    request = shop.session.arrived[-1]
    shop.cut()
    shop.session.arrived.clear()
    return request


async def cut(shop: Shop, op: str = "redeem", state: str = "set") -> Time:
    """Power goes while a request is on its way, and comes back."""
    await interrupt(shop, op)
    time = Time(shop, state)
    shop.begin("recover")
    return time


def moves(shop: Shop) -> list[str]:
    """What arrived and moves miles; right before a copy of an earlier life came an ECHO."""
    return [op for op in shop.session.ops() if op != "echo"]


async def asked(shop: Shop, *texts: str) -> list[str]:
    return await shop.sees("INTERRUPTED", "7=FINISH", *texts)


# --- the question ---


@story
async def test_the_question_tells_what_time_card_and_basket_it_was():
    shop = Shop()
    await cut(shop)
    rows = await asked(shop)
    assert re.fullmatch(r"INTERRUPTED    \d\d:\d\d", rows[0])
    assert rows[1:] == ["$40.00 OF $43.35", "CARD 2006    0=LATER", "7=FINISH      9=VOID"]


@story
async def test_the_time_is_the_stores_own_when_it_began():
    shop = Shop()
    await cut(shop)
    (entry,) = shop.ledger.open_entries()
    wall_s = entry.unix_s + entry.offset_min * 60
    rows = await asked(shop)
    assert rows[0].endswith(" %02d:%02d" % (wall_s // 3600 % 24, wall_s // 60 % 60))


@story
async def test_of_another_day_the_date_is_told_in_turn():
    shop = Shop(profile={"cashier": {"finish_s": 86400}})
    noon_s = 1780000000 // 86400 * 86400 + 16 * 3600  # in Toronto
    Time(shop).now_s = lambda: noon_s  # type: ignore[method-assign]
    await interrupt(shop)
    Time(shop).now_s = lambda: noon_s + 86300  # type: ignore[method-assign]
    shop.begin("recover")
    rows = await asked(shop)
    other = await shop.sees("INTERRUPTED", "-")
    assert re.search(r" \d\d:\d\d$", rows[0]) and re.search(r" \d\d-\d\d$", other[0])
    assert rows[1:] == other[1:]


@story
async def test_in_french_no_other_word_reads_as_the_name_of_a_key():
    shop = Shop("fr-CA")
    await interrupt(shop)
    Time(shop)
    shop.begin("recover")
    rows = await shop.sees("INTERROMPU")
    assert rows[1:] == [
        "40,00 $ SUR 43,35 $",
        "CARTE 2006   0=+TARD",
        "7=TERMINER 9=ANNULER",
    ]
    assert set(re.findall(r"(\S+)=", "\n".join(rows))) == {"7", "9", "0"}


@story
async def test_a_reversal_can_be_finished_or_left_for_later_and_has_no_void():
    shop = Shop()
    await cut(shop, "reverse")
    rows = await asked(shop)
    assert rows[1:] == ["REVERSAL OF ...8806", "CARD 2006    0=LATER", "7=FINISH"]
    await shop.press(VOID)
    assert (await asked(shop))[3] == "7=FINISH"
    assert shop.ledger.open_entries()


@pytest.mark.parametrize("op", ["redeem", "reverse"])
@story
async def test_no_key_acts_that_the_screen_does_not_name(op):
    shop = Shop()
    await cut(shop, op)
    await asked(shop)
    named = (FINISH, LATER, VOID) if op == "redeem" else (FINISH, LATER)
    for key in KEYS:
        if key not in named:
            await shop.press(key)
            await asked(shop)
    await shop.scan(CARD)
    await shop.swipe()
    await asked(shop)
    assert moves(shop) == [] and not shop.over
    assert len(shop.ledger.open_entries()) == 1


@story
async def test_the_question_waits_for_as_long_as_it_takes():
    shop = Shop()
    await cut(shop)
    await asked(shop)
    await asyncio.sleep(20000)
    await asked(shop)
    assert shop.ledger.open_entries() and not shop.over


# --- FINISH ---


@story
async def test_finish_sends_the_identical_copy_and_gives_the_discount():
    shop = Shop()
    first = await interrupt(shop)
    Time(shop)
    shop.begin("recover")
    await asked(shop)
    await shop.press(FINISH)
    await shop.sees("APPROVED", CONFIRMATION, "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    # An ECHO makes sure of the token and of the time before the last copy is spent.
    assert shop.session.ops()[-2:] == ["echo", "redeem"]
    again = shop.session.arrived[-1]
    assert (again.body, again.idempotency_key) == (first.body, first.idempotency_key)
    (entry,) = shop.entries
    assert (entry.outcome, entry.result.copies_sent) == ("approved", 2)
    assert CONFIRMATION in shop.printer.slips[0]


@story
async def test_finish_of_an_approved_reversal_shows_and_prints():
    shop = Shop()
    await cut(shop, "reverse")
    await asked(shop)
    await shop.press(FINISH)
    await shop.sees("REFUNDED", "380 MILES", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == ["reverse"]
    (entry,) = shop.entries
    assert (entry.op, entry.outcome) == ("reverse", "approved")
    (slip,) = shop.printer.slips
    assert "03007369999" in slip and "380" in slip


@pytest.mark.parametrize(
    ("op", "second"), [("redeem", "NO DISCOUNT"), ("reverse", "DO NOT REFUND YET")]
)
@story
async def test_without_an_answer_again_it_is_unresolved_and_on_paper(op, second):
    shop = Shop(**{op: [answer(op, "0000"), silence()]})
    await cut(shop, op)
    await asked(shop)
    await shop.press(FINISH)
    await shop.sees("NO ANSWER", second, "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (entry,) = shop.entries
    assert (entry.outcome, entry.result.copies_sent) == ("unknown", 2)
    assert entry.trace_id in shop.printer.slips[0]


@pytest.mark.parametrize(
    ("op", "second"), [("redeem", "NO DISCOUNT"), ("reverse", "DO NOT REFUND YET")]
)
@pytest.mark.parametrize("where", ["echo", "copy"])
@pytest.mark.parametrize(
    ("cause", "why"),
    [
        ("wifi", "CHECK WI-FI, RETRY"),
        ("network", "WAIT, THEN TRY AGAIN"),
        ("busy", "LOGIN SERVER IS BUSY"),
        ("login", "LOGIN REFUSED"),
    ],
)
@story
async def test_without_a_network_it_does_not_say_that_nothing_left(
    op, second, where, cause, why
):
    script = {op: [answer(op, "0000"), nothing_sent(cause)]}
    if where == "echo":
        script = {"echo": [nothing_sent(cause), nothing_sent(cause)]}
    shop = Shop(**script)
    await cut(shop, op)
    await asked(shop)
    await shop.press(FINISH)
    rows = await shop.sees("NOT ASKED AGAIN YET")
    assert rows[1:] == ["THE FIRST MAY COUNT", second, why]
    await shop.press("ENTER")
    await asked(shop)  # the choice stands
    assert shop.ledger.open_entries()[0].result.copies_sent <= 1
    assert "NOT SENT" not in shop.screens and "UNREACHABLE" not in shop.screens
    await shop.press(FINISH)
    await shop.sees("APPROVED" if op == "redeem" else "REFUNDED")


@story
async def test_a_refused_token_costs_no_copy():
    shop = Shop(echo=[nothing_sent("login")] * 2)
    await cut(shop)
    await asked(shop)
    await shop.press(FINISH)
    await shop.sees("NOT ASKED AGAIN YET", "LOGIN REFUSED")
    await shop.press("ENTER")
    await asked(shop)
    assert moves(shop) == []


@pytest.mark.parametrize("at", ["echo", "copy"])
@story
async def test_a_finish_that_is_cancelled_before_its_copy_leaves_may_be_chosen_again(at):
    shop = Shop()
    await cut(shop)
    await asked(shop)
    if at == "echo":
        async with shop.session._lock:  # another call is under way
            await shop.press(FINISH)
            await shop.sees("TESTING LINK", "CANCEL=STOP")
            await shop.press("CANCEL")
            await asked(shop)
    else:
        shop.session.reply_s, shop.session.connect_s = 0.0, 5.0
        await shop.press(FINISH)
        await shop.sees("TESTING LINK")
        await shop.sees("REDEEMING", "CONNECTING")
        shop.session.may_cancel = True
        await shop.sees("REDEEMING", "CANCEL=STOP")
        await shop.press("CANCEL")
        await asked(shop)
    assert "redeem" not in shop.session.ops()
    await shop.press(FINISH)
    await shop.sees("APPROVED", CONFIRMATION)
    await shop.press("ENTER")
    assert await shop.ended() == ""


@story
async def test_a_copy_that_cannot_be_noted_does_not_leave_and_the_cashier_is_told():
    shop = Shop()
    await cut(shop)
    await asked(shop)
    amend, shop.store.write_result = shop.store.write_result, failing
    await shop.press(FINISH)
    await shop.sees("STORAGE: READ ONLY", "CALL FOR SERVICE")
    assert "redeem" not in shop.session.ops()
    shop.store.write_result = amend
    await shop.press("ENTER")
    await asked(shop)
    await shop.press(FINISH)
    await shop.sees("APPROVED", CONFIRMATION)
    await shop.press("ENTER")
    assert await shop.ended() == ""


def failing(*args: object) -> None:
    raise StorageError(READ_ONLY)


@story
async def test_a_second_copy_is_the_last_one():
    shop = Shop()
    await interrupt(shop)
    (entry,) = shop.ledger.open_entries()
    shop.ledger.note(entry.sequence, 2, "finish")
    Time(shop)
    shop.begin("recover")
    rows = await shop.sees("INTERRUPTED", "UNRESOLVED")
    assert rows[2:] == ["NOTE " + entry.trace_id, "NO DISCOUNT"]
    assert shop.ledger.open_entries()  # until somebody has read it
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == []  # which proved the time
    (entry,) = shop.entries
    assert (entry.outcome, entry.result.copies_sent) == ("unknown", 2)


@story
async def test_while_the_time_is_not_proven_only_a_person_gives_an_entry_up():
    shop = Shop(echo=nothing_sent())
    await interrupt(shop)
    shop.ledger.note(shop.ledger.open_entries()[0].sequence, 2, "finish")
    Time(shop)
    shop.begin("recover")
    rows = await shop.sees("INTERRUPTED", "CANNOT BE SENT AGAIN")
    assert rows[3] == "8=GIVE UP 0=LATER"
    await shop.press(LATER)
    assert await shop.ended() == ""
    assert shop.ledger.open_entries()
    shop.begin("recover")
    await shop.sees("TESTING LINK")
    await shop.sees("CANNOT BE SENT AGAIN")
    await shop.press(GIVE_UP)
    await shop.sees("UNRESOLVED", "NOTE")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.entries[0].outcome == "unknown"


# --- LATER ---


@story
async def test_later_leaves_the_entry_as_it_is():
    shop = Shop()
    await cut(shop)
    await asked(shop)
    await shop.press(LATER)
    assert await shop.ended() == ""
    (entry,) = shop.ledger.open_entries()
    assert entry.result.copies_sent <= 1 and entry.result.decision in ("", "later")
    assert moves(shop) == []
    shop.begin("recover")  # and it is asked again
    await asyncio.sleep(1)
    await asked(shop)
    assert not shop.over


@pytest.mark.parametrize("first", [LATER, FINISH, VOID])
@story
async def test_of_two_open_entries_each_is_settled_by_itself(first):
    shop = Shop()
    await interrupt(shop)
    await shop.to_offer("8335")
    await shop.press("ENTER")
    await shop.sees("WAITING FOR ANSWER")
    shop.cut()
    shop.session.arrived.clear()
    Time(shop)
    shop.begin("recover")
    await asked(shop, "$43.35")
    await shop.press(first)
    if first != LATER:
        await shop.sees("VOIDED" if first == VOID else "APPROVED", "ENTER=GO ON")
        await shop.press("ENTER")
    await asked(shop, "$83.35")
    await shop.press(FINISH)
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert len(shop.ledger.open_entries()) == (first == LATER)
    assert shop.session.ops().count("redeem") == 1 + (first != LATER)


# --- the time ---


@story
async def test_it_waits_for_the_time_and_gives_nothing_up():
    shop = Shop(echo=[nothing_sent()] * 100000)
    time = await cut(shop, state="lost")
    assert await shop.sees("WAITING FOR THE TIME") == [
        "WAITING FOR THE TIME",
        "",
        "",
        "0=LATER",
    ]
    rows = await shop.sees("INTERRUPTED", "WAITING FOR THE TIME")
    assert rows[1:] == ["$40.00 OF $43.35", "WAITING FOR THE TIME", "0=LATER"]
    await shop.press(*[key for key in KEYS if key != LATER])
    await asyncio.sleep(600)
    assert "WAITING FOR THE TIME" in shop.screen
    assert shop.ledger.open_entries()
    time.state = "set"
    await asked(shop)
    assert moves(shop) == []


@story
async def test_who_cannot_wait_for_the_time_leaves_it_for_later():
    shop = Shop(echo=nothing_sent())
    await cut(shop, state="lost")
    await shop.sees("WAITING FOR THE TIME")
    await shop.press(LATER)
    assert await shop.ended() == ""
    assert shop.ledger.open_entries()


@story
async def test_where_no_time_server_answers_the_platform_tells_the_time():
    shop = Shop(echo=[nothing_sent(), nothing_sent(), answer("echo", "0000")])
    await cut(shop, state="lost")
    await shop.sees("WAITING FOR THE TIME")
    await asked(shop)


@story
async def test_the_platform_is_asked_for_the_time_as_soon_as_wifi_is_there():
    shop = Shop(echo=answer("echo", "0000"))
    shop.hardware.wifi = False
    await cut(shop, state="lost")
    await shop.sees("WAITING FOR THE TIME")
    await asyncio.sleep(4.9)
    assert shop.session.ops().count("echo") == 0
    shop.hardware.wifi = True
    await asyncio.sleep(1)
    assert shop.session.ops().count("echo") == 1
    await asked(shop)


@story
async def test_in_french_it_waits_for_the_time_too():
    shop = Shop("fr-CA", echo=nothing_sent())
    await interrupt(shop)
    Time(shop, "lost")
    shop.begin("recover")
    await shop.sees("INTERROMPU", "ATTENTE DE L'HEURE", "0=+TARD")


AGES = [(-61, False), (-60, True), (0, True), (FINISH_S, True), (FINISH_S + 1, False)]


@pytest.mark.parametrize(("age_s", "allowed"), AGES)
@story
async def test_a_copy_may_be_as_old_as_the_profile_says_and_no_older(age_s, allowed):
    shop = Shop(profile={"cashier": {"finish_s": FINISH_S}})
    await interrupt(shop)
    (entry,) = shop.ledger.open_entries()
    time = Time(shop, "proven")
    time.now_s = lambda: entry.unix_s + age_s  # type: ignore[method-assign]
    shop.begin("recover")
    if allowed:
        await asked(shop)
        await shop.press(FINISH)
        await shop.sees("APPROVED")
    else:
        await shop.sees("ITS TIME IS WRONG" if age_s < 0 else "UNRESOLVED")
        assert "FINISH" not in shop.screens
        await shop.press(GIVE_UP, "ENTER")
        assert "redeem" not in shop.session.ops()


@pytest.mark.parametrize("ahead_s", [-61, FINISH_S + 1, 86400 * 366])
@story
async def test_nothing_is_judged_by_a_time_that_is_not_proven(ahead_s):
    shop = Shop(profile={"cashier": {"finish_s": FINISH_S}}, echo=[nothing_sent()])
    await interrupt(shop)
    time = Time(shop)
    time.ahead_s = ahead_s
    shop.begin("recover")
    await asked(shop)  # what NTP says decides nothing
    time.ahead_s = 0  # the platform's date does
    await shop.press(FINISH)
    await shop.sees("APPROVED", CONFIRMATION)


@story
async def test_a_cashier_who_comes_back_too_late_sends_nothing():
    # The platform may have forgotten the idempotency key: the copy would be a second sale.
    shop = Shop(profile={"cashier": {"finish_s": FINISH_S}})
    time = await cut(shop)
    await asked(shop)
    time.ahead_s = FINISH_S + 1
    await shop.press(FINISH)
    await shop.sees("INTERRUPTED", "UNRESOLVED", "NO DISCOUNT")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == []
    assert shop.entries[0].outcome == "unknown"


@story
async def test_an_entry_of_the_future_is_given_up_by_a_person_alone():
    # It was begun by a false clock, so nobody knows how old it is.
    shop = Shop()
    time = await cut(shop, state="proven")
    await asked(shop)
    time.ahead_s = -7200
    await shop.press(FINISH)
    await shop.sees("ITS TIME IS WRONG", "8=GIVE UP 0=LATER")
    await shop.press(LATER)
    assert await shop.ended() == ""
    assert shop.ledger.open_entries() and moves(shop) == []


@story
async def test_a_platform_that_tells_no_time_is_told_and_nothing_leaves():
    shop = Shop()
    await interrupt(shop)
    Time(shop).is_dated = False
    shop.begin("recover")
    await shop.sees("NO TIME IN THE REPLY", "8=GIVE UP 0=LATER")
    await shop.press(LATER)
    assert await shop.ended() == ""
    assert moves(shop) == [] and shop.ledger.open_entries()


@story
async def test_what_is_too_old_is_not_even_offered_where_the_platform_tells_the_time():
    shop = Shop(profile={"cashier": {"finish_s": FINISH_S}})
    await interrupt(shop)
    Time(shop).ahead_s = FINISH_S + 1
    shop.begin("recover")
    await shop.sees("UNRESOLVED")
    assert "FINISH" not in shop.screens


# --- other settings than those of the first copy ---

CHANGES: dict[str, dict[str, dict[str, str]]] = {
    "origin": {"platform": {"base_url": "https://localhost:2"}},
    "host": {"platform": {"base_url": "https://production:1"}},
    "path": {"platform": {"base_url": "https://localhost:1/v2"}},
    "client id": {"platform": {"client_id": "other"}},
    "store": {"partner": {"store_id": "0002"}},
    "device": {"device": {"device_id": "002"}},
}


def reprovision(shop: Shop, changes: dict[str, dict[str, str]]) -> None:
    for section, values in changes.items():
        shop.profile[section].update(values)
    shop.boot()


@pytest.mark.parametrize("change", CHANGES)
@story
async def test_a_copy_does_not_go_anywhere_else_or_as_anybody_else(change):
    shop = Shop()
    await interrupt(shop)
    reprovision(shop, CHANGES[change])
    Time(shop)
    shop.begin("recover")
    rows = await shop.sees("INTERRUPTED", "SETTINGS CHANGED")
    assert rows[3] == "8=GIVE UP 0=LATER"
    await shop.sees("SETTINGS CHANGED", "CARD 2006")  # in turn with the amount
    assert rows[1] == "$40.00 OF $43.35"
    await shop.press(*[key for key in KEYS if key not in (GIVE_UP, LATER)])
    assert moves(shop) == [] and shop.ledger.open_entries()
    await shop.press(LATER)
    assert await shop.ended() == ""
    assert shop.ledger.open_entries()
    shop.begin("recover")
    await asyncio.sleep(1)
    await shop.sees("SETTINGS CHANGED")
    await shop.press(GIVE_UP)
    await shop.sees("UNRESOLVED", "NOTE", "NO DISCOUNT")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.entries[0].outcome == "unknown"
    assert moves(shop) == []


@pytest.mark.parametrize("decision", ["", "finish", "void"])
@story
async def test_whatever_was_decided_no_copy_goes_to_another_platform(decision):
    shop = Shop()
    await interrupt(shop)
    shop.ledger.note(shop.ledger.open_entries()[0].sequence, 1, decision)
    reprovision(shop, CHANGES["origin"])
    Time(shop)
    shop.begin("recover")
    await shop.sees("SETTINGS CHANGED")
    assert moves(shop) == []


@story
async def test_a_request_that_cannot_be_built_again_is_not_sent():
    shop = Shop()
    await interrupt(shop)
    Time(shop, "proven")
    shop.device.transactions.identity.store_id = "no good"
    shop.begin("recover")
    await shop.sees("SETTINGS CHANGED")
    assert moves(shop) == []


@pytest.mark.parametrize("url", ["https://LOCALHOST:1", "https://localhost:1/"])
@story
async def test_the_same_address_written_otherwise_is_the_same(url):
    shop = Shop()
    await interrupt(shop)
    reprovision(shop, {"platform": {"base_url": url}})
    Time(shop)
    shop.begin("recover")
    await asked(shop)


@story
async def test_an_entry_of_the_first_version_goes_by_its_body_alone():
    shop = Shop()
    await interrupt(shop)
    (entry,) = shop.ledger.open_entries()
    assert entry.version == 2
    identical = shop.device.transactions.identical
    request = identical.request(entry)
    platform = shop.profile["platform"]
    assert entry.request_crc32 == transaction_crc32(
        platform["base_url"], platform["client_id"], request
    )
    assert identical.is_same(entry)
    entry.version = 1
    assert not identical.is_same(entry)
    entry.request_crc32 = crc32(request.body)
    assert identical.is_same(entry)


# --- VOID ---


@story
async def test_void_takes_the_redemption_back():
    shop = Shop()
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("VOIDED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == ["redeem", "reverse"]
    assert [entry.op for entry in shop.entries] == ["redeem", "reverse"]
    assert [entry.outcome for entry in shop.entries] == ["approved", "approved"]
    assert shop.ledger.voids_pending() == []
    assert "APPROVED" not in shop.screens.split("INTERRUPTED")[-1]
    (slip,) = shop.printer.slips
    assert "VOIDED" in slip and "NO DISCOUNT" in slip and "APPROVED" not in slip


@story
async def test_a_void_is_on_flash_before_anything_is_sent():
    shop = Shop()
    await cut(shop)
    await asked(shop)
    shop.session.connect_s = 5.0
    await shop.press(VOID)
    await shop.sees("TESTING LINK", "CONNECTING")
    assert shop.ledger.open_entries()[0].result.decision == "void"
    assert moves(shop) == []


@story
async def test_a_void_that_was_decided_is_carried_out_without_another_question():
    shop = Shop()
    await interrupt(shop)
    shop.ledger.note(shop.ledger.open_entries()[0].sequence, 1, "void")
    Time(shop)
    shop.begin("recover")
    await shop.sees("VOIDED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == ["redeem", "reverse"]


@story
async def test_a_void_without_a_network_is_tried_again_later():
    shop = Shop(echo=[nothing_sent()] * 2)
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("NOT ASKED AGAIN YET", "NO DISCOUNT")
    await shop.press("ENTER")
    await asked(shop)
    await shop.press(LATER)
    assert await shop.ended() == ""
    shop.begin("recover")
    await shop.sees("VOIDED")


@story
async def test_who_changes_a_void_into_a_finish_before_anything_left_is_obeyed():
    shop = Shop(echo=[nothing_sent()] * 2)
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("NOT ASKED AGAIN YET")
    await shop.press("ENTER")
    await asked(shop)
    await shop.press(FINISH)
    await shop.sees("APPROVED", "GIVE $40.00 OFF", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert "reverse" not in shop.session.ops()
    assert shop.ledger.voids_pending() == []


@pytest.mark.parametrize("how", ["cancelled", "refused"])
@story
async def test_a_void_that_fails_leaves_the_redemption_standing_with_its_slip(how):
    # Miles are gone and stay gone: without the number nobody could take them back.
    shop = Shop(reverse=answer("reverse", "0080") if how == "refused" else [])
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("REVERSING", "CONNECTING", "CANCEL=STOP")
    if how == "cancelled":
        await shop.press("CANCEL")
    else:
        await shop.sees("0080")
        await shop.press("ENTER")
    await shop.sees("APPROVED", CONFIRMATION, "GIVE $40.00 OFF", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert CONFIRMATION in shop.printer.slips[-1]
    assert shop.ledger.voids_pending() == []


@story
async def test_a_void_whose_reversal_could_not_be_sent_is_sent_later():
    shop = Shop(reverse=[nothing_sent()])
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("NOT SENT")
    await shop.press("ENTER")
    await shop.sees("VOID NOT DONE YET", "IT IS TRIED AGAIN", "NO DISCOUNT")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert "GIVE" not in shop.screens
    assert [entry.sequence for entry in shop.ledger.voids_pending()] == [1]
    shop.begin("recover")
    await shop.sees("VOIDED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.ledger.voids_pending() == []


@story
async def test_a_void_without_an_answer_promises_nothing_and_is_not_repeated():
    shop = Shop(reverse=silence())
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("NO ANSWER", "DO NOT REFUND YET", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert "GIVE" not in shop.screens
    assert shop.ledger.voids_pending() == []
    # What the next refund can know.
    reversal = shop.ledger.reversal_of(CONFIRMATION)
    assert reversal is not None and reversal.outcome == "unknown"


@story
async def test_a_refused_void_is_nothing_to_take_back():
    shop = Shop(redeem=[answer("redeem", "0000"), answer("redeem", "0006")])
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("REFUSED", "0006")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == ["redeem"]


@pytest.mark.parametrize("outcome", ["approved", "refused", "silent"])
@story
async def test_what_a_reversal_came_to_is_told_after_a_cut_that_hid_it(outcome):
    results = {"refused": answer("reverse", "0080"), "silent": silence()}
    shop = Shop(reverse=results.get(outcome, []))
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("REVERSING", "WAITING FOR ANSWER")
    while shop.entries[-1].outcome == "open":
        await asyncio.sleep(0.05)
    shop.cut()
    Time(shop)
    ops = moves(shop)
    shop.begin("recover")
    await shop.sees({"approved": "VOIDED", "refused": "0080"}.get(outcome, "NO ANSWER"))
    await asyncio.sleep(5)
    await shop.press("ENTER")
    if outcome == "refused":
        await shop.sees("APPROVED", "GIVE $40.00 OFF", "ENTER=GO ON")
        await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == ops  # nothing was sent for it
    assert shop.ledger.voids_pending() == []


@story
async def test_a_reversal_of_a_void_that_was_cut_is_finished_by_itself():
    shop = Shop()
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("REVERSING", "WAITING FOR ANSWER")
    shop.cut()
    first = shop.session.arrived[-1]
    Time(shop)
    shop.session.arrived.clear()
    shop.begin("recover")
    await shop.sees("VOIDED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert moves(shop) == ["reverse"]
    assert shop.session.arrived[-1].body == first.body
    assert json.loads(first.body)["redemptionConfirmationNum"] == CONFIRMATION
    assert shop.ledger.voids_pending() == []


@story
async def test_an_approval_without_a_number_cannot_be_taken_back_and_stands():
    nameless = answer("redeem", "0000", txnConfirmationNumber=None)
    shop = Shop(redeem=[answer("redeem", "0000"), nameless])
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("APPROVED", "GIVE $40.00 OFF", "ENTER=GO ON")
    for _ in range(3):
        await shop.press("ENTER")
        await asyncio.sleep(1)
    assert await shop.ended() == ""
    assert moves(shop) == ["redeem"]
    assert shop.ledger.voids_pending() == []


@story
async def test_a_void_of_what_the_platform_does_not_know_gives_nothing():
    # Somebody else may have taken it back.
    shop = Shop(reverse=answer("reverse", "0057"))
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("REFUSED", "0057")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert "GIVE" not in shop.screens
    assert shop.ledger.voids_pending() == []


@story
async def test_what_was_given_after_a_cancelled_void_is_not_taken_back_after_a_cut():
    shop = Shop()
    await cut(shop)
    await asked(shop)
    await shop.press(VOID)
    await shop.sees("REVERSING", "CONNECTING", "CANCEL=STOP")
    await shop.press("CANCEL")
    await shop.sees("APPROVED", "GIVE $40.00 OFF")
    shop.cut()
    assert shop.ledger.open_entries() == [] and shop.ledger.voids_pending() == []
    assert "reverse" not in moves(shop)
