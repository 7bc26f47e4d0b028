"""Approvals that say something else than was asked, or lack what an approval should hold.

No reply can enlarge what was asked: screen, slip, ledger and totals keep to the request.
"""

from __future__ import annotations

import pytest

from host_tests.kit.session import answer
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from milepad.ledger.totals import between

# What is said to be redeemed of the $40.00 (4 units, 380 miles) that are asked for.
SAID = {
    "ten times as many units": ({"unitsRedeemed": "40", "milesRedeemed": "3800"}, 4000),
    "more units alone": ({"unitsRedeemed": "5"}, 4000),
    "more miles alone": ({"milesRedeemed": "9500"}, 4000),
    "a dearer unit": ({"unitValueDollars": "100.00"}, 4000),
    "wild units": ({"unitsRedeemed": "999999999"}, 4000),
    "fewer units": ({"unitsRedeemed": "3", "milesRedeemed": "285"}, 3000),
    "none": ({"unitsRedeemed": "0", "milesRedeemed": "0"}, 0),
    "no units, and all miles": ({"unitsRedeemed": "0"}, 0),
    "fewer units, and all miles": ({"unitsRedeemed": "2"}, 2000),
}


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("said", SAID)
@story
async def test_a_redemption_counts_at_most_what_was_asked_and_the_mismatch_is_told(
    said, language
):
    changes, counted_cents = SAID[said]
    shop = Shop(language, redeem=answer("redeem", "0000", **changes))
    await shop.to_offer()
    await shop.press("ENTER")
    terminal = shop.terminal
    rows = await shop.sees(terminal.text("approved"), terminal.text("go_on"))
    assert rows[0] == terminal.pair(
        terminal.text("approved"), terminal.dollars(counted_cents)
    )
    await shop.press("ENTER")
    rows = await shop.sees(terminal.text("mismatch"))
    assert rows[1] == terminal.pair(terminal.text("asked"), terminal.dollars(4000))
    (entry,) = shop.entries
    assert entry.result.mismatch
    assert (entry.result.cents, entry.moved_cents) == (counted_cents, counted_cents)
    assert entry.result.miles == counted_cents // 1000 * 95
    (slip,) = shop.printer.slips
    left = terminal.dollars(4335 - counted_cents)
    assert left in slip.replace("\u00a0", " ")
    assert "-" not in slip.split(entry.trace_id)[1].split("03007368806")[0]
    assert between(shop.device.ledger, 0, 2**32).redeemed_cents == counted_cents


@pytest.mark.parametrize(
    ("changes", "counted_cents"),
    [
        ({"unitsReversed": "40", "milesReversed": "3800"}, 4000),
        ({"unitsReversed": "2", "milesReversed": "190"}, 2000),
    ],
)
@story
async def test_a_refund_counts_at_most_what_the_ledger_says_was_redeemed(
    changes, counted_cents
):
    shop = Shop(reverse=answer("reverse", "0000", **changes))
    await shop.redeem()
    await shop.press("ENTER")
    await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees("REFUNDED", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.sees("REPLY DIFFERS")
    reversal = shop.entries[-1]
    assert (reversal.result.mismatch, reversal.result.cents) == (True, counted_cents)
    assert between(shop.device.ledger, 0, 2**32).reversed_cents == counted_cents


@story
async def test_a_reply_that_says_what_was_asked_is_no_mismatch():
    shop = Shop()
    await shop.redeem()
    (entry,) = shop.entries
    assert (entry.result.mismatch, entry.result.cents) == (False, 4000)
    assert "REPLY DIFFERS" not in shop.screens


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_an_approval_without_a_confirmation_number_says_so_and_what_to_do(language):
    shop = Shop(language, redeem=answer("redeem", "0000", txnConfirmationNumber=None))
    await shop.to_offer()
    await shop.press("ENTER")
    terminal = shop.terminal
    await shop.sees(terminal.text("approved"), terminal.text("go_on"))
    await shop.press("ENTER")
    (entry,) = shop.entries
    quote = terminal.text("unknown_advice") % entry.trace_id
    await shop.sees(terminal.text("no_confirmation"), quote)
    (slip,) = shop.printer.slips
    assert entry.trace_id in slip


@pytest.mark.parametrize("number", [3007368806, 0, 10**23])
@story
async def test_a_confirmation_number_that_arrives_as_a_number_is_read(number):
    shop = Shop(redeem=answer("redeem", "0000", txnConfirmationNumber=number))
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    (entry,) = shop.entries
    assert entry.result.confirmation_number == str(number)
