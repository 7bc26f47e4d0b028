"""Refund: the slip's number, the card, the reversal of the whole redemption, the slip."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import OTHER_CARD, Shop
from host_tests.kit.virtual_time import story
from milepad.base import clock
from milepad.base.errors import FAILED, StorageError
from milepad.base.transaction import Result, Transaction
from milepad.card import scan
from milepad.ledger.totals import between

ODD_CARD = "81111111111"  # one of the platform's samples; its check digit is wrong


@pytest.mark.parametrize("how", ["scanned", "keyed"])
@story
async def test_a_redemption_is_taken_back_by_its_number_and_the_card(how):
    shop = Shop()
    await shop.redeem()
    shop.begin("refund")
    await shop.sees("CONFIRMATION NUMBER", "SCAN THE SLIP", "OR KEY THE NUMBER")
    if how == "scanned":
        await shop.scan(CONFIRMATION)
    else:
        await shop.press(CONFIRMATION, "ENTER")
    await shop.sees("CARD", "$40.00")  # this device knows what it was
    await shop.swipe()
    assert await shop.sees("ENTER=YES") == [
        "REFUND        $40.00",
        f"CONF# {CONFIRMATION}",
        "ONLY UNTIL 03:00 EST",
        "ENTER=YES  CANCEL=NO",
    ]
    await shop.press("ENTER")
    assert await shop.sees("REFUNDED", "ENTER=GO ON") == [
        "REFUNDED      $40.00",
        "CONF# 03007369999",
        "380 MILES RETURNED",
        "ENTER=GO ON",
    ]
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (reversal,) = shop.session.bodies("reverse")
    assert reversal["redemptionConfirmationNum"] == CONFIRMATION
    assert (reversal["collectorNumber"], reversal["cardEntryMode"]) == (CARD, "SWIPE")
    assert [entry.op for entry in shop.entries] == ["redeem", "reverse"]
    slip = shop.printer.slips[-1]
    assert (
        "REFUNDED" in slip
        and "APPROVED" not in slip
        and "03007369999" in slip
        and "$40.00" in slip
    )


@story
async def test_another_devices_slip_can_be_taken_back_too():
    shop = Shop()
    await shop.to_refund_question("12345678901")
    assert shop.screen[0].strip() == "REFUND"
    await shop.press("ENTER")
    await shop.sees("REFUNDED", "$40.00")


@pytest.mark.parametrize("how", ["number", "card", "question", "connecting"])
@story
async def test_a_refund_can_be_left_until_it_is_sent(how):
    shop = Shop()
    shop.begin("refund")
    if how != "number":
        await shop.scan(CONFIRMATION)
        await shop.sees("SWIPE OR SCAN CARD")
    if how in ("question", "connecting"):
        await shop.swipe()
        await shop.sees("ENTER=YES")
    if how == "connecting":
        await shop.press("ENTER")
        await shop.sees("REVERSING", "CONNECTING", "CANCEL=STOP")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.session.arrived == []
    assert [entry.outcome for entry in shop.entries] == (
        ["not_sent"] if how == "connecting" else []
    )


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (("scan", "***"), "INVALID CONFIRMATION"),
        (("scan", "123"), "INVALID CONFIRMATION"),
        (("scan", "1" * 25), "INVALID CONFIRMATION"),
        (("swipe", f";{CARD}=99?"), "THAT IS A CARD"),
        (("noise", "half a line"), "SLIP NOT READ: AGAIN"),
    ],
)
@story
async def test_what_is_no_confirmation_number_is_asked_for_again(bad, text):
    shop = Shop()
    shop.begin("refund")
    await shop.sees("CONFIRMATION NUMBER")
    shop.act(*bad)
    await shop.sees(text)
    await shop.sees("CONFIRMATION NUMBER", "SCAN THE SLIP")
    assert shop.session.arrived == []


@pytest.mark.parametrize("letters", ["j", "D", "Fb"])
@story
async def test_the_code_letters_of_a_scanner_are_no_part_of_a_slips_number(letters):
    shop = Shop()
    await shop.redeem()
    await shop.to_refund_question(letters + CONFIRMATION)
    assert f"CONF# {CONFIRMATION}" in shop.screen
    await shop.press("ENTER")
    await shop.sees("REFUNDED")
    assert shop.session.bodies("reverse")[0]["redemptionConfirmationNum"] == CONFIRMATION


@pytest.mark.parametrize("how", ["scanned", "keyed"])
@story
async def test_a_card_in_place_of_the_slip_is_noticed_and_the_slip_asked_for(how):
    shop = Shop()
    shop.display.keying = CARD
    shop.begin("refund")
    await shop.sees("CONFIRMATION NUMBER")
    if how == "scanned":
        await shop.scan(CARD)
    else:
        await shop.press(CARD, "ENTER")
    assert await shop.sees("THAT IS A CARD") == [
        "THAT IS A CARD",
        "SCAN THE SLIP",
        "ENTER=AGAIN",
        "00=USE IT ANYWAY",
    ]
    await shop.press("ENTER")
    await shop.sees("CONFIRMATION NUMBER", "SCAN THE SLIP")
    assert shop.session.arrived == []


@pytest.mark.parametrize("card", [CARD, ODD_CARD])
@story
async def test_the_same_number_as_slip_and_as_card_is_a_card(card):
    shop = Shop()
    shop.begin("refund")
    await shop.scan(card)
    if card == CARD:
        await shop.press("00")
    await shop.sees("SWIPE OR SCAN CARD")
    await shop.scan(card)
    await shop.sees("THAT IS A CARD")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.arrived == []


@story
async def test_a_keyed_card_cannot_be_refunded_to():
    shop = Shop()
    shop.display.keying = CARD
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await shop.press(CARD, "ENTER")
    await shop.sees("KEYED: CANNOT REFUND", "SWIPE OR SCAN CARD", "ENTER=AGAIN")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.session.arrived == []


@story
async def test_after_a_keyed_card_the_card_is_read_and_the_slips_number_stays():
    shop = Shop()
    shop.display.keying = CARD
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    assert (await shop.sees("SWIPE OR SCAN"))[2] == "KEYED: CANNOT REFUND"
    await shop.press(CARD, "ENTER")
    await shop.sees("ENTER=AGAIN")
    await shop.press("ENTER")
    await shop.sees("SWIPE OR SCAN")
    await shop.swipe()
    assert f"CONF# {CONFIRMATION}" in await shop.sees("ENTER=YES")


@story
async def test_after_not_sent_the_same_refund_is_tried_again_as_a_new_transaction():
    shop = Shop(reverse=[nothing_sent(), nothing_sent()])
    await shop.to_refund_question()
    await shop.press("ENTER")
    for _ in range(2):
        await shop.sees("NOT SENT", "DO NOT REFUND YET", "ENTER=AGAIN")
        await shop.press("ENTER")
        await shop.sees("CONNECTING")
    await shop.sees("REFUNDED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (reversal,) = shop.session.bodies("reverse")
    assert reversal["redemptionConfirmationNum"] == CONFIRMATION
    assert (reversal["collectorNumber"], reversal["cardEntryMode"]) == (CARD, "SWIPE")
    assert [each.outcome for each in shop.entries] == ["not_sent", "not_sent", "approved"]
    for name in ("trace_id", "idempotency_key"):
        assert len({getattr(each, name) for each in shop.entries}) == 3


@story
async def test_an_unknown_number_and_another_collectors_card_are_refused():
    shop = Shop(reverse=answer("reverse", "0057"))
    shop.begin("refund")
    await shop.scan("99999999999")
    await shop.swipe(OTHER_CARD)
    await shop.sees("ENTER=YES")
    await shop.press("ENTER")
    await shop.sees("REFUSED", "0057", "CHECK THE NUMBER ON", "THE SLIP, TRY AGAIN")


@story
async def test_no_answer_to_a_reversal_says_not_to_refund_yet():
    shop = Shop(reverse=silence())
    await shop.to_refund_question()
    await shop.press("ENTER")
    rows = await shop.sees("NO ANSWER", "DO NOT REFUND YET", "PRINTING")
    await shop.sees("NO ANSWER", "DO NOT REFUND YET", "ENTER=GO ON")
    (entry,) = shop.entries
    assert rows[2] == "NOTE " + entry.trace_id
    assert entry.outcome == "unknown"
    (slip,) = shop.printer.slips
    assert "NO REFUND" in slip and entry.trace_id in slip
    assert CONFIRMATION in slip  # of the redemption that is still to be taken back


@story
async def test_an_approval_that_names_no_amount_invents_none():
    lacking = {"unitsReversed": None, "milesReversed": None, "unitValueDollars": None}
    shop = Shop(reverse=answer("reverse", "0000", **lacking))
    await shop.to_refund_question()
    await shop.press("ENTER")
    rows = await shop.sees("REFUNDED", "ENTER=GO ON")
    assert "$0.00" not in "\n".join(rows) and " 0 MILES" not in "\n".join(rows)
    assert "$0.00" not in shop.printer.slips[0]


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_the_reversals_slip_is_in_the_language_of_the_redemptions(language):
    shop = Shop()
    await shop.to_card()
    if language == "fr-CA":
        await shop.press(".")
    await shop.swipe()
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees("REFUNDED", "ENTER=GO ON")
    french = "REMBOURSÉ" in shop.printer.slips[-1]
    assert french == (language == "fr-CA")


@story
async def test_a_slip_that_says_too_late_speaks_the_collectors_language():
    shop = Shop(reverse=answer("reverse", "0080"))
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await shop.press(".")
    await shop.swipe()
    await shop.press("ENTER")
    await shop.sees("TOO LATE TO REVERSE", "NEVER CASH")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (slip,) = shop.printer.slips
    assert "DÉLAI D'ANNUL. PASSÉ" in slip and "JAMAIS" in slip
    assert "TOO LATE" not in slip


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("hour", [0, 3, 23])
@story
async def test_the_window_hint_names_the_hour_of_the_profile(language, hour):
    shop = Shop(language, profile={"time": {"reversal_hour": hour}})
    await shop.to_refund_question()
    assert "%02d:00" % hour in shop.screen[2]


@pytest.mark.parametrize("number", [OTHER_CARD, ODD_CARD])
@pytest.mark.parametrize("reply", [silence(), answer("reverse", "0080")])
@story
async def test_a_number_that_a_card_could_have_is_never_shown_or_printed_in_full(
    number, reply
):
    shop = Shop(reverse=reply)
    shop.begin("refund")
    await shop.scan(number)
    if number == OTHER_CARD:
        await shop.press("00")  # some numbers of other tills look like a card's
    await shop.sees("SWIPE OR SCAN CARD")
    await shop.swipe()
    await shop.sees("ENTER=YES")
    assert shop.screen[1] == "CONF# *******" + number[-4:]
    await shop.press("ENTER")
    await shop.sees("ENTER=GO ON" if reply.outcome == "unknown" else "REFUSED")
    await shop.press("ENTER")
    await shop.ended()
    shop.begin("reports")
    await shop.press("2")
    await shop.sees("TRACE")
    await shop.press("ENTER")
    await asyncio.sleep(10)
    assert shop.session.bodies("reverse")[0]["redemptionConfirmationNum"] == number
    assert len(shop.printer.slips) == 2
    for slip in shop.printer.slips:
        assert number not in slip and "*******" + number[-4:] in slip
    assert number not in shop.screens and number not in "".join(shop.log)


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_with_a_full_ledger_nothing_is_reversed_and_the_cashier_is_told(language):
    shop = Shop(language)
    while shop.ledger.free():
        sequence = shop.ledger.begin(a_sale())
        shop.ledger.conclude(sequence, Result(outcome="declined"))
    await shop.to_refund_question()
    await shop.press("ENTER")
    text = shop.terminal.text
    await shop.sees(text("storage_full"), *text("storage_full_advice").split("\n"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.bodies("reverse") == []
    assert {entry.op for entry in shop.entries} == {"redeem"}


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_with_a_failed_storage_nothing_is_reversed_and_the_cashier_is_told(language):
    shop = Shop(language)
    append, shop.store.append = shop.store.append, failing
    await shop.to_refund_question()
    await shop.press("ENTER")
    text = shop.terminal.text
    await shop.sees(text("storage_failed"), *text("storage_advice").split("\n"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.bodies("reverse") == []
    assert shop.entries == []
    shop.store.append = append
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees("03007369999")


def a_sale() -> Transaction:
    return Transaction(
        trace_id="004200000001",
        idempotency_key="123e4567-e89b-42d3-a456-426655440000",
        collector_number=CARD,
        basket_cents=4335,
        redeem_cents=4000,
    )


def failing(number: int, raw: bytes) -> None:
    raise StorageError(FAILED, "error 5")


# --- a reply that says something else than was redeemed ---


@pytest.mark.parametrize(
    ("members", "cents", "miles"),
    [
        ({"unitsReversed": "40", "milesReversed": "3800"}, 4000, 380),
        ({"unitsReversed": "40"}, 4000, 380),
        ({"unitValueDollars": "100"}, 4000, 380),
        ({"milesReversed": "9999"}, 4000, 380),
        ({"unitsReversed": "3", "milesReversed": "285"}, 3000, 285),
    ],
    ids=str,
)
@story
async def test_never_more_is_refunded_than_the_ledger_says_was_redeemed(
    members, cents, miles
):
    shop = Shop(reverse=answer("reverse", "0000", **members))
    await shop.redeem()
    await shop.to_refund_question()
    await shop.press("ENTER")
    rows = await shop.sees("REFUNDED", "ENTER=GO ON")
    assert rows[0] == shop.terminal.pair("REFUNDED", shop.terminal.dollars(cents))
    assert rows[2] == f"{miles} MILES RETURNED"
    await shop.press("ENTER")
    entry = shop.entries[-1]
    quote = "NOTE " + entry.trace_id
    assert await shop.sees("REPLY DIFFERS") == [
        "REPLY DIFFERS", "ASKED         $40.00", quote, "ENTER=GO ON",
    ]  # fmt: skip
    await shop.press("ENTER")
    assert await shop.ended() == ""
    result = entry.result
    assert (result.cents, result.miles, result.mismatch) == (cents, miles, True)
    totals = between(shop.ledger, 0, 1 << 32)
    assert (totals.reversed_cents, totals.reversed_miles) == (cents, miles)
    assert "$400.00" not in shop.screens and "$400.00" not in shop.printer.slips[-1]
    assert "named another amount" in " ".join(shop.printer.slips[-1].split())


@story
async def test_a_reply_that_names_no_amount_refunds_what_the_ledger_says():
    lacking = {"unitsReversed": None, "milesReversed": None, "unitValueDollars": None}
    shop = Shop(reverse=answer("reverse", "0000", **lacking))
    await shop.redeem()
    await shop.to_refund_question()
    await shop.press("ENTER")
    rows = await shop.sees("REFUNDED", "ENTER=GO ON")
    assert rows[0] == "REFUNDED      $40.00"
    result = shop.entries[-1].result
    assert (result.cents, result.miles, result.mismatch) == (4000, 380, False)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en-CA", ("Amount asked $40.00", "not known yet whether the miles were put back")),
        (
            "fr-CA",
            ("Montant demandé 40,00", "On ne sait pas encore si les milles ont été remis"),
        ),
    ],
)
@story
async def test_the_slip_of_an_unanswered_refund_says_what_was_tried(language, parts):
    shop = Shop(language, reverse=silence())
    await shop.redeem()
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("no_answer"), shop.terminal.text("go_on"))
    paper = " ".join(shop.printer.slips[-1].replace("\u00a0", " ").split())
    assert all(part in paper for part in parts)


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_the_list_of_entries_says_refunded_of_a_refund(language):
    shop = Shop(language)
    await shop.redeem()
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("refunded"), shop.terminal.text("go_on"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    shop.begin("reports")
    await shop.press("2")

    def number(entry):
        return shop.terminal.text("confirmation_is") % entry.result.confirmation_number

    rows = await shop.sees("1 ...2006", shop.terminal.text("report_keys"))
    assert rows[1].startswith(shop.terminal.text("refunded"))
    assert rows[2] == number(shop.entries[1])
    await shop.press("DOWN")
    rows = await shop.sees("2 ...2006", shop.terminal.text("approved"))
    assert rows[2] == number(shop.entries[0])
    await shop.press("CANCEL")


@story
async def test_a_number_that_the_platform_proved_is_printed_in_full():
    shop = Shop()
    await shop.to_refund_question(ODD_CARD)
    await shop.press("ENTER")
    await shop.sees("ENTER=GO ON")
    assert ODD_CARD in shop.printer.slips[-1]


@story
async def test_an_own_redemption_whose_number_looks_like_a_card_stays_usable():
    number = "84000000030"  # its check digit is right too
    assert scan.is_card(number, {})
    shop = Shop(redeem=answer("redeem", "0000", txnConfirmationNumber=number))
    await shop.redeem()
    assert number in shop.printer.slips[0]
    await shop.to_refund_question(number)
    assert shop.screen[1] == "CONF# " + number
    await shop.press("ENTER")
    await shop.sees("380 MILES", "ENTER=GO ON")
    assert number in shop.printer.slips[-1]


# --- what the ledger knows ---


async def refunded(shop: Shop, number: str = CONFIRMATION) -> None:
    """A refund from its question to its end."""
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("go_on"))
    await shop.press("ENTER")
    assert await shop.ended() == ""


@pytest.mark.parametrize(
    ("language", "text"), [("en-CA", "ALREADY REFUNDED"), ("fr-CA", "DÉJÀ REMBOURSÉ")]
)
@pytest.mark.parametrize("number", [CONFIRMATION, "12345678901"])
@story
async def test_a_sale_that_was_refunded_is_said_to_be_before_anything_is_sent(
    language, text, number
):
    shop = Shop(language)
    if number == CONFIRMATION:  # else another till's
        await shop.redeem()
    await shop.to_refund_question(number)
    await refunded(shop)
    done = shop.entries[-1]
    sent = len(shop.session.arrived)
    shop.begin("refund")
    await shop.scan(number)
    rows = await shop.sees(text)
    wall = clock.civil(done.unix_s + done.offset_min * 60)
    assert rows[1].startswith("%02d-%02d %02d:%02d" % wall[1:5]) and "40" in rows[1]
    assert rows[2] == shop.terminal.text("confirmation_is") % "03007369999"
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert len(shop.session.arrived) == sent


@story
async def test_another_collectors_card_is_noticed_before_anything_is_sent():
    shop = Shop()
    await shop.redeem()
    sent = len(shop.session.arrived)
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await shop.swipe(OTHER_CARD)
    assert await shop.sees("OTHER CARD USED") == [
        "OTHER CARD USED",
        "SALE'S CARD: 2006",
        "ENTER=READ AGAIN",
        "00=SEND ANYWAY",
    ]
    await shop.press("ENTER")
    await shop.sees("SWIPE OR SCAN CARD")
    assert len(shop.session.arrived) == sent
    await shop.swipe()
    await shop.sees("ENTER=YES")


@story
async def test_a_card_that_replaced_the_sales_card_can_be_sent_by_choice():
    shop = Shop()
    await shop.redeem()
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await shop.swipe(OTHER_CARD)
    await shop.sees("OTHER CARD USED")
    await shop.press("00")
    await shop.sees("ENTER=YES")
    await shop.press("ENTER")
    await shop.sees("380 MILES")
    assert shop.session.bodies("reverse")[0]["collectorNumber"] == OTHER_CARD


async def unanswered(shop: Shop) -> Transaction:
    """A redemption, and its refund without an answer."""
    await shop.redeem()
    await shop.to_refund_question()
    await refunded(shop)
    return shop.entries[-1]


@pytest.mark.parametrize(
    ("language", "title", "keys"),
    [
        ("en-CA", "REFUND NOT CONFIRMED", "00=AGAIN CANCEL=STOP"),
        ("fr-CA", "REMB. NON CONFIRMÉ", "00=ENCORE CANCEL=FIN"),
    ],
)
@story
async def test_a_refund_without_an_answer_is_told_when_it_is_tried_again(
    language, title, keys
):
    shop = Shop(language, reverse=[silence()])
    first = await unanswered(shop)
    sent = len(shop.session.arrived)
    wall = clock.civil(first.unix_s + first.offset_min * 60)
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    rows = await shop.sees(title)
    assert rows[1].startswith("%02d-%02d %02d:%02d" % wall[1:5]) and "40" in rows[1]
    assert first.trace_id in rows[2] and rows[3] == keys
    await shop.press("ENTER", "1")
    assert shop.screen == rows
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert len(shop.session.arrived) == sent


@story
async def test_a_refund_that_is_asked_for_again_and_done_is_refunded():
    shop = Shop(reverse=[silence()])
    await unanswered(shop)
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await shop.sees("REFUND NOT CONFIRMED")
    await shop.press("00")
    await shop.sees("SWIPE OR SCAN CARD")
    await shop.swipe()
    await shop.sees("ENTER=YES")
    await refunded(shop)
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await shop.sees("ALREADY REFUNDED")


@story
async def test_a_refusal_after_an_own_try_without_an_answer_says_that_it_was_done():
    shop = Shop(reverse=[silence(), answer("reverse", "0057")])
    first = await unanswered(shop)
    for _ in range(2):  # the refusal settles nothing: the next time is as this one
        shop.begin("refund")
        await shop.scan(CONFIRMATION)
        await shop.sees("REFUND NOT CONFIRMED", first.trace_id)
        await shop.press("00")
        await shop.sees("SWIPE OR SCAN CARD")
        await shop.swipe()
        await shop.sees("ENTER=YES")
        await shop.press("ENTER")
        assert await shop.sees("0057") == [
            "REFUSED         0057",
            "PROBABLY DONE BEFORE",
            "NOTE " + first.trace_id,
            "ENTER=GO ON",
        ]
        await shop.press("ENTER")
        assert await shop.ended() == ""
        shop.session.script["reverse"] = [answer("reverse", "0057")]


@story
async def test_a_refund_that_a_cut_left_open_is_to_be_finished_first():
    shop = Shop()
    await shop.redeem()
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees("REVERSING", "WAITING")
    shop.cut()
    sent = len(shop.session.arrived)
    shop.begin("refund")
    await shop.scan(CONFIRMATION)
    await shop.sees("REFUND NOT CONFIRMED", "FINISH IT FIRST")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert len(shop.session.arrived) == sent


@pytest.mark.parametrize("before", [answer("reverse", "0080"), nothing_sent()])
@story
async def test_a_try_that_certainly_did_nothing_is_no_reason_to_ask(before):
    shop = Shop(reverse=[before])
    await shop.redeem()
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees("REFUSED" if before.outcome == "declined" else "NOT SENT")
    await shop.press("CANCEL")
    await shop.ended()
    await shop.to_refund_question()
    assert "NOT CONFIRMED" not in shop.screens


@story
async def test_an_unanswered_refund_keeps_the_amount_that_the_ledger_knows():
    shop = Shop(reverse=[silence()])
    first = await unanswered(shop)
    assert first.redeem_cents == 4000
    assert between(shop.ledger, 0, 2**32).unresolved_cents == 4000
