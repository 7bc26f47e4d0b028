"""Checkout, as the procedure on the wall: basket, card, offer, redemption, slip."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.platform import CONFIRMATION, OFFER
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import OTHER_CARD, Shop
from host_tests.kit.virtual_time import story
from milepad.base import clock, compat
from milepad.base.errors import (
    DAMAGED,
    FAILED,
    FULL,
    OPEN_FIRST,
    READ_ONLY,
    StorageError,
)
from milepad.ledger.totals import between


@pytest.mark.parametrize("mode", ["SWIPE", "SCAN"])
@story
async def test_forty_dollars_are_redeemed_on_a_basket_of_43_35(mode):
    shop = Shop()
    await shop.to_card()
    await (shop.swipe() if mode == "SWIPE" else shop.scan(CARD))
    assert await shop.sees("REDEEM", "$40.00") == [
        "REDEEM        $40.00",
        "4x$10: 380 MILES",
        "MAX 4 NOW 75 TODAY",
        "UP/DOWN ENTER CANCEL",
    ]
    await shop.press("ENTER")
    assert await shop.sees("APPROVED", "ENTER=GO ON") == [
        "APPROVED      $40.00",
        f"CONF# {CONFIRMATION}",
        "GIVE $40.00 OFF",
        "ENTER=GO ON",
    ]
    await shop.press("ENTER")
    assert await shop.ended() == ""

    (inquiry,) = shop.session.bodies("inquire")
    (redemption,) = shop.session.bodies("redeem")
    assert inquiry["cardEntryMode"] == redemption["cardEntryMode"] == mode
    assert inquiry["collectorNumber"] == redemption["collectorNumber"] == CARD
    assert inquiry["postTaxBasketAmount"] == redemption["postTaxBasketAmount"] == "43.35"
    assert redemption["originalPostTaxBasketAmount"] == "43.35"
    assert redemption["dollarRedeemRequest"] == "40.00"
    assert "originalPreTaxAmount" not in redemption
    assert inquiry["traceId"] != redemption["traceId"]


@story
async def test_what_was_redeemed_is_in_the_ledger_and_on_the_slip():
    shop = Shop()
    await shop.redeem()
    (entry,) = shop.entries
    assert not entry.is_unresolved
    assert (entry.basket_cents, entry.redeem_cents) == (4335, 4000)
    assert entry.outcome == "approved"
    assert (entry.result.cents, entry.result.miles) == (4000, 380)
    assert entry.result.confirmation_number == CONFIRMATION
    (slip,) = shop.printer.slips
    for part in (CONFIRMATION, "$43.35", "$40.00", "$3.35", "380", "**** *** 2006"):
        assert part in slip
    assert CARD not in slip


@story
async def test_the_intent_is_kept_before_anything_leaves():
    shop = Shop()
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("REDEEMING", "CONNECTING")
    assert "redeem" not in shop.session.ops()
    assert [entry.outcome for entry in shop.entries] == ["open"]


@pytest.mark.parametrize(
    ("presses", "dollars"),
    [(["DOWN"], "30.00"), (["DOWN"] * 5, "10.00"), (["UP"], "40.00")],
)
@story
async def test_the_cashier_may_take_less_down_to_one_unit(presses, dollars):
    shop = Shop()
    await shop.to_offer()
    await shop.press(*presses, "ENTER")
    await shop.sees("APPROVED")
    assert shop.session.bodies("redeem")[0]["dollarRedeemRequest"] == dollars


@story
async def test_what_counts_is_what_the_platform_has_redeemed():
    shop = Shop(redeem=answer("redeem", "0000", unitsRedeemed="3", milesRedeemed="285"))
    await shop.to_offer()
    await shop.press("ENTER")
    rows = await shop.sees("APPROVED", "ENTER=GO ON")
    assert rows[2] == "GIVE $30.00 OFF"
    assert "$13.35" in shop.printer.slips[0]  # left to pay
    assert shop.entries[0].result.cents == 3000


@story
async def test_the_pre_tax_total_is_asked_for_where_the_profile_wants_it():
    shop = Shop(profile={"cashier": {"pre_tax": True}})
    shop.begin("checkout")
    await shop.press("4335", "ENTER")
    await shop.sees("TOTAL BEFORE TAX")
    await shop.press("4336", "ENTER")  # more than the basket
    await shop.sees("TOTAL BEFORE TAX", "MAX $43.35")
    await shop.press("CLEAR", "3836", "ENTER")
    await shop.sees("CARD")
    await shop.swipe()
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED")
    assert shop.session.bodies("redeem")[0]["originalPreTaxAmount"] == "38.36"


@story
async def test_a_basket_beyond_the_largest_is_not_taken():
    shop = Shop(profile={"cashier": {"max_basket": "500.00"}})
    shop.begin("checkout")
    await shop.press("50001")
    await shop.sees("$0.00", "MAX $500.00")
    await shop.press("CLEAR", "50000", "ENTER")
    await shop.sees("CARD", "$500.00")


# --- a number that was keyed ---


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_a_keyed_number_is_told_before_asking_that_it_may_not_redeem(language):
    # AIR MILES sends no offer for such a card; this reply has one, and still none is shown.
    shop = Shop(language)
    text = shop.terminal.text
    await shop.to_card()
    assert shop.screen[1:3] == [text("card_how"), text("keyed_no_redeem")]
    shop.display.keying = CARD
    await shop.press(CARD, "ENTER")
    shop.display.keying = ""
    await shop.sees(text("wait_inquire"))
    assert await shop.sees(text("enter_again")) == [
        text("keyed_no_redeem"),
        text("card_how"),
        text("enter_again"),
        "",
    ]
    await shop.press("CANCEL")
    assert await shop.ended() == ""
    assert shop.session.ops() == ["inquire"]
    assert shop.session.bodies("inquire")[0]["cardEntryMode"] == "MANUAL"
    assert shop.terminal.text("offer_keys") not in shop.screens
    assert shop.entries == []


@pytest.mark.parametrize("how", ["ENTER", "card"])
@story
async def test_after_a_keyed_number_the_card_is_read_and_the_total_stays(how):
    shop = Shop()
    shop.display.keying = CARD
    await shop.to_card()
    await shop.press(CARD, "ENTER")
    await shop.sees("KEYED: NO REDEMPTION", "ENTER=AGAIN")
    if how == "ENTER":
        await shop.press("ENTER")
        assert (await shop.sees("SWIPE OR SCAN", "$43.35"))[0] == "CARD          $43.35"
    await shop.swipe()
    await shop.sees("REDEEM", "$40.00")
    modes = [each["cardEntryMode"] for each in shop.session.bodies("inquire")]
    assert modes == ["MANUAL", "SWIPE"]


@story
async def test_a_keyed_number_still_learns_why_an_account_cannot_be_used():
    shop = Shop(inquire=answer("inquire", "0002"))
    await shop.to_card()
    shop.display.keying = CARD
    await shop.press(CARD, "ENTER")
    await shop.sees("REFUSED", "0002", "ACCOUNT NOT ACTIVE")


# --- leaving ---


@story
async def test_cancel_at_the_basket_leaves():
    shop = Shop()
    shop.begin("checkout")
    await shop.press("43", "CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.session.ops() == []


@story
async def test_cancel_at_the_card_leaves():
    shop = Shop()
    await shop.to_card()
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.session.ops() == []


@story
async def test_cancel_at_the_offer_leaves_and_redeems_nothing():
    shop = Shop()
    await shop.to_offer()
    await shop.press("CANCEL")
    assert await shop.ended() == ""
    assert shop.session.ops() == ["inquire"]
    assert shop.entries == []


@story
async def test_cancel_while_an_inquiry_connects_sends_nothing():
    shop = Shop()
    await shop.to_card()
    await shop.swipe()
    await shop.sees("ASKING AIR MILES", "CONNECTING", "CANCEL=STOP")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.session.ops() == []


@story
async def test_cancel_while_a_redemption_connects_sends_nothing_and_is_written_down():
    shop = Shop()
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("REDEEMING", "CONNECTING", "CANCEL=STOP")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.session.ops() == ["inquire"]
    assert [entry.outcome for entry in shop.entries] == ["not_sent"]
    assert shop.printer.jobs == []


@story
async def test_cancel_after_a_redemption_has_left_changes_nothing():
    shop = Shop()
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("REDEEMING", "WAITING FOR ANSWER", "PLEASE WAIT")
    await shop.press("CANCEL")
    await shop.sees("APPROVED", "ENTER=GO ON")
    assert shop.entries[0].result.outcome == "approved"


@pytest.mark.parametrize("at", ["basket", "card", "offer"])
@story
async def test_a_checkout_that_is_left_alone_is_over_after_the_idle_time(at):
    shop = Shop(profile={"cashier": {"idle_s": 30}})
    if at == "basket":
        shop.begin("checkout")
    elif at == "card":
        await shop.to_card()
    else:
        await shop.to_offer()
    await asyncio.sleep(29)
    assert not shop.over
    await asyncio.sleep(2)
    assert await shop.ended() == "Cancelled"
    assert "redeem" not in shop.session.ops()


# --- bad days ---


@story
async def test_no_answer_means_no_discount_and_a_slip_with_the_trace_id():
    shop = Shop(redeem=silence())
    await shop.to_offer()
    await shop.press("ENTER")
    rows = await shop.sees("NO ANSWER", "NO DISCOUNT", "ENTER=GO ON")
    (entry,) = shop.entries
    assert rows[2] == "NOTE " + entry.trace_id
    assert (entry.outcome, entry.result.copies_sent) == ("unknown", 2)
    (slip,) = shop.printer.slips
    assert "NO ANSWER" in slip and "NO DISCOUNT" in slip and entry.trace_id in slip
    assert "Left to pay" not in slip


@story
async def test_no_answer_is_told_before_its_slip_is_printed():
    shop = Shop(redeem=silence())
    await shop.to_offer()
    await shop.press("ENTER")
    rows = await shop.sees("PRINTING")
    assert rows[:2] == ["NO ANSWER", "NO DISCOUNT"] and rows[2].startswith("NOTE ")


@pytest.mark.parametrize("outcome", [silence(), answer("redeem", "0000")])
@story
async def test_a_key_that_is_pressed_while_the_slip_prints_is_an_answer(outcome):
    shop = Shop(redeem=outcome)
    await shop.to_offer()
    await shop.press("ENTER", "ENTER", "ENTER")  # too early: nothing was known yet
    await shop.sees("PRINTING")
    await asyncio.sleep(20)
    assert not shop.over and shop.screen[3] == "ENTER=GO ON"
    await shop.press("ENTER")
    assert await shop.ended() == ""

    await shop.to_offer("4336")
    await shop.press("ENTER")
    await shop.sees("PRINTING")
    await shop.press("ENTER")
    assert await shop.ended() == ""


@story
async def test_no_answer_stands_until_somebody_has_read_it():
    shop = Shop(redeem=silence())
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("NO ANSWER", "NOTE ", "ENTER=GO ON")
    await asyncio.sleep(3605)
    assert shop.screen[0] == "NO ANSWER" and not shop.over
    assert shop.buzzer.sounds.count("error") > 10  # it calls for somebody
    await shop.press("ENTER")
    assert await shop.ended() == ""


@story
async def test_one_unit_is_one_unit():
    shop = Shop()
    await shop.to_offer("1999")
    assert shop.screen[1] == "1x$10: 95 MILES"


@pytest.mark.parametrize(
    ("cause", "rows"),
    [
        ("wifi", ["NOT SENT", "NO WI-FI"]),
        ("network", ["NOT SENT", "SERVICE UNREACHABLE"]),
        ("token", ["NOT SENT", "LOGIN SERVER FAILED"]),
        ("busy", ["NOT SENT", "LOGIN SERVER IS BUSY"]),
        ("login", ["NOT SENT", "LOGIN REFUSED"]),
        ("stranger", ["NOT SENT", "SERVER NOT TRUSTED"]),
        ("handshake", ["NOT SENT", "SECURE LINK REFUSED"]),
        ("tls", ["NOT SENT", "CLOCK OR CERTIFICATE"]),
    ],
)
@story
async def test_not_sent_says_why_and_what_to_do(cause, rows):
    shop = Shop(redeem=nothing_sent(cause))
    await shop.to_offer()
    await shop.press("ENTER")
    told = [rows[0], "NO DISCOUNT", rows[1], "ENTER=AGAIN"]
    assert await shop.sees("NOT SENT") == told


@pytest.mark.parametrize(
    ("members", "rows"),
    [
        (
            {"availableCashBalance": "0", "availableDollarAmount": "0"},
            ["DAILY LIMIT REACHED", "MORE CASH CAN BE", "USED TOMORROW"],
        ),
        (
            {"cashBalance": "40", "availableCashBalance": "40"},
            ["NOT ENOUGH MILES", "", ""],
        ),
        ({}, ["BASKET UNDER $10.00", "", ""]),
        (
            {"cashBalance": "40", "availableCashBalance": "40"},
            ["BASKET UNDER $10.00", "", ""],
        ),
    ],
)
@story
async def test_without_an_offer_the_reason_is_told(members, rows):
    shop = Shop(inquire=answer("inquire", "0000", **dict.fromkeys(OFFER) | members))
    await shop.to_card("999" if rows[0].startswith("BASKET") else "1000")
    await shop.swipe()
    assert await shop.sees("NO CASH TO REDEEM") == ["NO CASH TO REDEEM", *rows]


@pytest.mark.parametrize("op", ["inquire", "redeem"])
@pytest.mark.parametrize("tries", [1, 3])
@story
async def test_after_not_sent_the_same_basket_and_card_are_tried_again_as_a_new_transaction(
    op, tries
):
    pre_tax = {"cashier": {"pre_tax": True}}
    shop = Shop(profile=pre_tax, **{op: [nothing_sent()] * tries})
    shop.begin("checkout")
    await shop.press("4335", "ENTER", "3836", "ENTER")
    await shop.scan(CARD)
    for _ in range(tries):
        if op == "redeem":
            await shop.sees("UP/DOWN")
            await shop.press("ENTER")
        await shop.sees("NOT SENT", "NO DISCOUNT", "ENTER=AGAIN")
        await shop.press("ENTER")
        await shop.sees("CONNECTING")
    await shop.sees("REDEEM", "$40.00", "UP/DOWN")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (redemption,) = shop.session.bodies("redeem")
    assert redemption["collectorNumber"] == CARD and redemption["cardEntryMode"] == "SCAN"
    assert redemption["originalPostTaxBasketAmount"] == "43.35"
    assert redemption["originalPreTaxAmount"] == "38.36"
    entries = shop.entries
    unsent = ["not_sent"] * tries if op == "redeem" else []
    assert [entry.outcome for entry in entries] == [*unsent, "approved"]
    for name in ("trace_id", "idempotency_key"):
        assert len({getattr(entry, name) for entry in entries}) == len(entries)


@story
async def test_an_inquiry_without_an_answer_is_asked_again_with_the_same_basket_and_card():
    shop = Shop(inquire=[silence()])
    await shop.to_card()
    await shop.swipe()
    await shop.sees("NO ANSWER", "NO DISCOUNT", "ENTER=AGAIN")
    await shop.press("ENTER")
    await shop.sees("REDEEM", "$40.00")
    first, second = shop.session.bodies("inquire")
    assert first["traceId"] != second["traceId"]
    for name in ("collectorNumber", "postTaxBasketAmount", "cardEntryMode"):
        assert first[name] == second[name]


@pytest.mark.parametrize("key", ["CANCEL", "CLEAR"])
@story
async def test_a_try_that_was_not_sent_may_be_left(key):
    shop = Shop(redeem=[nothing_sent()])
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("NOT SENT", "ENTER=AGAIN")
    await shop.press(key)
    assert await shop.ended() == ""
    assert shop.session.ops().count("redeem") == 0


@story
async def test_a_try_that_was_not_sent_is_left_after_the_idle_time():
    shop = Shop(redeem=[nothing_sent()])
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("NOT SENT", "ENTER=AGAIN")
    await asyncio.sleep(61)
    assert shop.over


@story
async def test_no_answer_to_a_redemption_offers_no_second_try():
    shop = Shop(redeem=[silence()])
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("NO ANSWER", "ENTER=GO ON")
    assert "ENTER=AGAIN" not in shop.screens
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert len(shop.session.bodies("redeem")) == 1


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        (StorageError(FULL), ["LEDGER IS FULL", "EXPORT IT FIRST", "NO REDEMPTION"]),
        (
            StorageError(OPEN_FIRST),
            ["LEDGER HAS NO ROOM", "FINISH OR VOID FIRST", "NO REDEMPTION"],
        ),
        (StorageError(DAMAGED), ["STORAGE DAMAGED", "EXPORT THE LEDGER", "NO REDEMPTION"]),
        (
            StorageError(READ_ONLY),
            ["STORAGE: READ ONLY", "NO REDEMPTION", "CALL FOR SERVICE"],
        ),
        (StorageError(FAILED), ["STORAGE FAILED", "NO REDEMPTION", "CALL FOR SERVICE"]),
    ],
)
@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_what_cannot_be_written_down_is_not_sent(fault, rows, language, monkeypatch):
    shop = Shop(language)

    def begin(intent: object) -> int:
        raise fault

    monkeypatch.setattr(shop.ledger, "begin", begin)
    await shop.to_offer()
    await shop.press("ENTER")
    if language == "en-CA":
        assert (await shop.sees(rows[0]))[:3] == rows
    else:
        await shop.sees("AUCUN ÉCHANGE")
    assert shop.session.ops() == ["inquire"]


@story
async def test_an_outcome_that_cannot_be_written_down_is_told_and_asked_about_later():
    shop = Shop()
    await shop.to_offer()

    def conclude(sequence: int, result: object) -> None:
        raise StorageError(FAILED, "error 5")

    shop.ledger.conclude = conclude  # type: ignore[method-assign]
    await shop.press("ENTER")
    await shop.sees("APPROVED", CONFIRMATION)
    assert shop.log == ["ledger: failed (error 5)"]
    assert [entry.outcome for entry in shop.entries] == ["open"]


WILD = {
    "huge miles": {"milesRedeemed": "999999999"},
    "huge units": {"unitsRedeemed": "999999999", "unitValueDollars": "999999"},
    "no units": {"unitsRedeemed": None},
    "no unit value": {"unitValueDollars": None, "unitValueAMCash": None},
    "no number": {"txnConfirmationNumber": None},
    "long number": {"txnConfirmationNumber": "1" * 500},
    "longest number": {"txnConfirmationNumber": "A1" * 12},
    "bad number": {"txnConfirmationNumber": "\u00e9\n\x1b@"},
    "long text": {"offerDescEn": "W" * 5000, "offerDescFr": "\u00c9 " * 5000},
    "commands": {"offerDescEn": "\x1b@\x1dV\x00\x10\x04\x01"},
    "words": dict.fromkeys(("milesRedeemed", "unitsRedeemed", "cashBalance"), "ten"),
    "negative": {"milesRedeemed": "-95", "unitsRedeemed": "-1"},
    "nothing": {"milesRedeemed": "0", "unitsRedeemed": "0"},
    "nothing said": dict.fromkeys(
        ("milesRedeemed", "unitsRedeemed", "unitValueDollars", "unitValueAMCash")
    ),
}
WILD_COUNTS = {"nothing": (0, 0)}  # the others count as what was asked


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("wild", WILD)
@story
async def test_an_approval_with_wild_members_is_an_approval_all_the_same(wild, language):
    shop = Shop(language, redeem=answer("redeem", "0000", **WILD[wild]))
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("approved"), shop.terminal.text("go_on"))
    while not shop.over:  # what is odd about it follows on screens of its own
        await shop.press("ENTER")
    assert await shop.ended() == ""
    (entry,) = shop.entries
    assert entry.outcome == "approved"
    assert (entry.result.cents, entry.result.miles) == WILD_COUNTS.get(wild, (4000, 380))
    (slip,) = shop.printer.slips
    assert all(c >= " " for c in slip if c != "\n")
    assert len(slip.split("\n")) < 60


@pytest.mark.parametrize("wild", [
    {"unitValueDollars": "0.00"},
    {"unitValueDollars": "999999"},
    {"unitValueAMCash": "0"},
    {"availableOfferUnits": "0"},
    {"availableOfferUnits": "-4"},
    {"availableDollarAmount": "9.99"},
    {"availableDollarAmount": "NaN"},
])  # fmt: skip
@story
async def test_an_offer_that_makes_no_sense_is_none(wild):
    shop = Shop(inquire=answer("inquire", "0000", **wild))
    await shop.to_card()
    await shop.swipe()
    await shop.sees("NO CASH TO REDEEM")
    assert "UP/DOWN" not in shop.screens


@pytest.mark.parametrize(
    ("members", "dollars"),
    [
        ({"availableOfferUnits": "2"}, "$20.00"),
        ({"availableDollarAmount": "10"}, "$10.00"),
        ({"availableOfferUnits": "999999"}, "$40.00"),
        ({"unitValueDollars": "20.00", "unitValueAMCash": "190"}, "$40.00"),
        ({"unitValueDollars": "7.50"}, "$30.00"),
    ],
)
@story
async def test_the_offer_is_the_lowest_of_basket_units_and_dollars(members, dollars):
    shop = Shop(inquire=answer("inquire", "0000", **members))
    await shop.to_card()
    await shop.swipe()
    rows = await shop.sees("REDEEM", "UP/DOWN")
    assert rows[0].endswith(dollars)


# --- the collector's language ---


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("toggled", [False, True])
@story
async def test_the_slip_is_in_the_collectors_language_and_the_screen_in_the_cashiers(
    language, toggled
):
    shop = Shop(language)
    await shop.to_card()
    if toggled:
        await shop.press(".")
    await shop.swipe()
    await shop.sees(shop.terminal.text("offer_keys"))
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("approved"), shop.terminal.text("go_on"))
    french = (language == "fr-CA") != toggled
    (slip,) = shop.printer.slips
    assert ("ÉCHANGE APPROUVÉ" in slip) == french
    assert ("Économisez" in slip) == french
    assert ("REDEMPTION APPROVED" in slip) != french
    wanted = "fr-CA" if french else "en-CA"
    assert {body["instantMessage"] for body in shop.session.bodies("inquire")} == {wanted}
    assert shop.session.bodies("redeem")[0]["instantMessage"] == wanted
    assert shop.entries[0].language == wanted
    assert shop.terminal.language == language


# --- a reply that says something else than was asked ---


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize(
    ("members", "cents", "miles"),
    [
        ({"unitsRedeemed": "40", "milesRedeemed": "3800"}, 4000, 380),
        ({"unitsRedeemed": "40"}, 4000, 380),
        ({"unitValueDollars": "100.00"}, 4000, 380),
        ({"milesRedeemed": "9999"}, 4000, 380),
        ({"unitsRedeemed": "3", "milesRedeemed": "285"}, 3000, 285),
        ({"unitsRedeemed": "0", "milesRedeemed": "0"}, 0, 0),
    ],
    ids=str,
)
@story
async def test_never_more_than_was_asked_is_given_and_a_difference_is_told(
    members, cents, miles, language
):
    shop = Shop(language, redeem=answer("redeem", "0000", **members))
    text, dollars = shop.terminal.text, shop.terminal.dollars
    await shop.to_offer()
    await shop.press("ENTER")
    rows = await shop.sees(text("approved"), text("go_on"))
    assert dollars(cents) in rows[0]
    assert rows[2] == (
        text("give_discount") % dollars(cents) if cents else text("no_discount")
    )
    await shop.press("ENTER")
    (entry,) = shop.entries
    assert await shop.sees(text("mismatch")) == [
        text("mismatch"),
        shop.terminal.pair(text("asked"), dollars(4000)),
        text("unknown_advice") % entry.trace_id,
        text("go_on"),
    ]
    await asyncio.sleep(300)
    assert not shop.over  # it stands until somebody has read it
    await shop.press("ENTER")
    assert await shop.ended() == ""

    result = entry.result
    assert (result.cents, result.miles, result.mismatch) == (cents, miles, True)
    totals = between(shop.ledger, 0, 1 << 32)
    assert (totals.redeemed_cents, totals.redeemed_miles) == (cents, miles)
    (line,) = shop.log
    assert entry.trace_id in line and "another amount" in line
    (slip,) = shop.printer.slips
    paper = " ".join(slip.split())
    told = {"en-CA": "named another amount", "fr-CA": "un autre montant"}
    assert told[language] in paper
    left = {"en-CA": f"Left to pay ${(4335 - cents) / 100:.2f}", "fr-CA": "Reste à payer"}
    assert left[language] in paper
    assert "400" not in shop.screens and "400.00" not in slip and "400,00" not in slip


@story
async def test_a_reply_that_agrees_is_not_marked():
    shop = Shop()
    await shop.redeem()
    assert not shop.entries[0].result.mismatch
    assert shop.log == []
    assert "another amount" not in " ".join(shop.printer.slips[0].split())


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("number", [None, "", "bad number!", "1" * 25, 1.5])
@story
async def test_an_approval_without_a_confirmation_number_says_so_and_what_to_do(
    number, language
):
    shop = Shop(language, redeem=answer("redeem", "0000", txnConfirmationNumber=number))
    text = shop.terminal.text
    await shop.to_offer()
    await shop.press("ENTER")
    rows = await shop.sees(text("approved"), text("go_on"))
    assert rows[1] == text("no_confirmation")
    await shop.press("ENTER")
    (entry,) = shop.entries
    assert await shop.sees(text("advice_escalate")) == [
        text("no_confirmation"),
        text("advice_escalate"),
        text("unknown_advice") % entry.trace_id,
        text("go_on"),
    ]
    await shop.press("ENTER")
    assert await shop.ended() == ""
    paper = " ".join(shop.printer.slips[0].split())
    said = {
        "en-CA": "No confirmation number came.",
        "fr-CA": "Aucun numéro de confirmation",
    }
    assert said[language] in paper
    assert paper.count(entry.trace_id) == 2
    assert any("no confirmation number" in line for line in shop.log)


@story
async def test_a_confirmation_number_may_come_as_a_json_number():
    shop = Shop(redeem=answer("redeem", "0000", txnConfirmationNumber=90071992547409931))
    await shop.to_offer()
    await shop.press("ENTER")
    rows = await shop.sees("APPROVED", "ENTER=GO ON")
    assert rows[1] == "90071992547409931"
    assert shop.entries[0].result.confirmation_number == "90071992547409931"
    assert "90071992547409931" in shop.printer.slips[0]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "en-CA",
            ("Amount asked $40.00", "pay the full amount", "AIR MILES puts them back"),
        ),
        (
            "fr-CA",
            ("Montant demandé 40,00", "à payer en entier", "AIR MILES les remet"),
        ),
    ],
)
@story
async def test_the_slip_of_no_answer_says_what_was_tried_and_what_happens_to_the_miles(
    language, parts
):
    shop = Shop(language, redeem=silence())
    await shop.to_card()
    await shop.swipe()
    await shop.sees(shop.terminal.text("redeem"))
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("no_answer"), shop.terminal.text("go_on"))
    paper = " ".join(shop.printer.slips[0].replace("\u00a0", " ").split())
    assert all(part in paper for part in parts)
    assert shop.entries[0].result.cents == 0  # nothing counts that nobody confirmed


@story
async def test_why_there_was_no_answer_is_logged_with_the_trace_id():
    shop = Shop(redeem=silence())
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("NO ANSWER", "ENTER=GO ON")
    trace_id = shop.entries[0].trace_id
    assert shop.log == [f"redeem {trace_id}: no reply within 15 s"]


@pytest.mark.parametrize("op", ["inquire", "redeem"])
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("81000000010", "*******0010"),
        ("1234567890123456789", "***************6789"),
        ("12", "**"),
        ("8109 00 secret", "no number"),
    ],
)
@story
async def test_a_reply_about_another_collector_is_logged_masked_and_taken(op, said, shown):
    shop = Shop(**{op: answer(op, "0000", collectorNumber=said)})
    await shop.redeem()
    (line,) = shop.log
    assert line.endswith("the reply names another collector, " + shown)
    assert said not in line


@story
async def test_a_reply_about_the_same_collector_is_not_logged():
    shop = Shop(
        inquire=answer("inquire", "0000", collectorNumber=CARD),
        redeem=answer("redeem", "0000", collectorNumber=int(CARD)),
    )
    await shop.redeem()
    assert shop.log == []


# --- the same sale again ---


async def unanswered(shop: Shop, cents: str = "4335") -> str:
    """A redemption without an answer; its trace id."""
    await shop.to_offer(cents)
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("no_answer"), shop.terminal.text("go_on"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    return shop.entries[-1].trace_id


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "en-CA",
            [
                "NO ANSWER      {}",
                "SAME SALE?    $40.00",
                "TRACE {}",
                "00=AGAIN CANCEL=STOP",
            ],
        ),
        (
            "fr-CA",
            [
                "AUCUNE RÉPONSE {}",
                "DÉJÀ FAIT?   40,00 $",
                "TRACE {}",
                "00=ENCORE CANCEL=FIN",
            ],
        ),
    ],
)
@story
async def test_the_same_card_and_basket_after_no_answer_shows_the_first(language, rows):
    shop = Shop(language, redeem=[silence()])
    trace_id = await unanswered(shop)
    (first,) = shop.entries
    wall = clock.civil(first.unix_s + first.offset_min * 60)
    told = [
        rows[0].format("%02d:%02d" % wall[3:5]),
        rows[1],
        rows[2].format(trace_id),
        rows[3],
    ]
    sent = len(shop.session.arrived)
    await shop.to_card()
    await shop.swipe()
    assert await shop.sees(told[1]) == told
    assert shop.buzzer.sounds[-1] == "error"
    for key in ("ENTER", "1", "UP"):  # a habit does not redeem a second time
        await shop.press(key)
    assert shop.screen == told
    assert len(shop.session.arrived) == sent
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert len(shop.entries) == 1


@story
async def test_the_same_sale_is_redeemed_again_by_a_deliberate_key():
    shop = Shop(redeem=[silence()])
    await unanswered(shop)
    await shop.to_card()
    await shop.swipe()
    await shop.sees("SAME SALE?")
    await shop.press("00")
    await shop.sees("REDEEM", "$40.00")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    assert [each.result.outcome for each in shop.entries] == ["unknown", "approved"]


@pytest.mark.parametrize("first", [answer("redeem", "0000"), answer("redeem", "0051")])
@story
async def test_a_sale_with_an_answer_is_no_reason_to_ask(first):
    shop = Shop(redeem=[first])
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("REFUSED" if first.code == "0051" else "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    await shop.to_offer()
    assert "SAME SALE?" not in shop.screens


@pytest.mark.parametrize(("cents", "card"), [("4336", CARD), ("4335", OTHER_CARD)])
@story
async def test_another_basket_or_card_is_another_sale(cents, card):
    shop = Shop(redeem=[silence()])
    await unanswered(shop)
    await shop.to_card(cents)
    await shop.swipe(card)
    await shop.sees("REDEEM", "UP/DOWN")
    assert "SAME SALE?" not in shop.screens


@pytest.mark.parametrize(("later_s", "asked"), [(86000, True), (86500, False)])
@story
async def test_a_day_later_it_is_another_sale(monkeypatch, later_s, asked):
    shop = Shop(redeem=[silence()])
    await unanswered(shop)
    then_s = shop.entries[0].unix_s + later_s
    monkeypatch.setattr(compat.time, "time", lambda: then_s)
    await shop.to_card()
    await shop.swipe()
    await shop.sees("SAME SALE?" if asked else "UP/DOWN")


@story
async def test_a_sale_that_a_cut_left_open_is_shown_as_interrupted():
    shop = Shop()
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("REDEEMING", "WAITING")
    shop.cut()
    await shop.to_card()
    await shop.swipe()
    await shop.sees("INTERRUPTED", "SAME SALE?    $40.00")
