"""Returns: the slip finds the sale, and never more comes back than is left of it."""

from __future__ import annotations

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.earning import (
    DONE,
    FAILED,
    PARKED,
    PENDING,
    WAITING,
    bodies,
    checkout,
    key_5,
    shop_that_earns,
)
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import Issued
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story


async def sold(shop: Shop, outcome: Issued | None = DONE) -> str:
    """The trace id of a sale of $43.35 that earned."""
    shop.session.issuing["issue"] = [outcome]
    await key_5(shop)
    await shop.swipe()
    await shop.sees(shop.terminal.text("go_on"))
    await shop.press("ENTER")
    await shop.ended()
    return shop.entries[-1].trace_id


async def to_question(shop: Shop, number: str) -> list[str]:
    shop.begin("return_sale")
    await shop.sees(shop.terminal.text("return"), shop.terminal.text("confirmation_how"))
    await shop.scan(number)
    return await shop.sees(shop.terminal.text("all_or_part"))


async def part(shop: Shop, number: str, pre_tax: str, with_tax: str) -> None:
    await to_question(shop, number)
    await shop.press("00")
    await shop.sees("RETURNED BEFORE TAX")
    await shop.press(pre_tax, "ENTER")
    await shop.sees("RETURNED WITH TAX")
    await shop.press(with_tax, "ENTER")
    await shop.sees("TAKEN BACK", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()


@story
async def test_a_whole_sale_is_returned_by_the_barcode_of_its_slip():
    shop = shop_that_earns()
    number = await sold(shop)
    rows = await to_question(shop, number)
    assert (rows[0], rows[2:]) == (
        "RETURN        $43.35",
        ["CARD 2006", "ENTER=ALL 00=PART"],
    )
    await shop.press("ENTER")
    rows = await shop.sees("TAKEN BACK", "ENTER=GO ON")
    assert rows == ["TAKEN BACK", "CARD 2006     $43.35", "", "ENTER=GO ON"]
    body = bodies(shop)[-1]
    assert (body["basketPreTaxAmount"], body["basketPostTaxAmount"]) == (38.36, 43.35)
    assert body["context"] == {"originalTransactionId": number}
    assert body["checkoutTransactionId"] != number
    slip = shop.printer.slips[-1]
    for text in ("MILES TAKEN BACK", "Sale no.", number, "$43.35"):
        assert text in slip


@story
async def test_the_number_may_be_keyed_and_an_unknown_one_is_asked_for_again():
    shop = shop_that_earns()
    number = await sold(shop)
    shop.begin("return_sale")
    await shop.press("123456789012", "ENTER")
    await shop.sees("SALE NOT FOUND", "ON THIS DEVICE")
    await shop.press("ENTER")
    await shop.sees("SCAN THE SLIP")
    await shop.press(number, "ENTER")
    await shop.sees("ENTER=ALL")


@story
async def test_the_slip_of_a_checkout_that_redeemed_finds_what_it_earned():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER")
    await shop.press("ENTER")
    await shop.ended()
    assert (await to_question(shop, CONFIRMATION))[0] == "RETURN         $3.35"
    await shop.press("ENTER")
    assert (await shop.sees("TAKEN BACK"))[2] == "REFUND IT TOO: 3"


@story
async def test_a_second_return_knows_of_the_first():
    shop = shop_that_earns()
    number = await sold(shop)
    await part(shop, number, "1000", "1130")
    rows = await to_question(shop, number)
    assert rows[0] == "REMAINING     $32.05"
    await shop.press("00")
    await shop.press("2837", "ENTER")
    await shop.sees("MAX $28.36")
    await shop.press("CLEAR", "2836", "ENTER")
    await shop.sees("RETURNED WITH TAX")
    await shop.press("3206", "ENTER")
    await shop.sees("MAX $32.05")
    await shop.press("CLEAR", "3205", "ENTER")
    await shop.sees("TAKEN BACK", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    shop.begin("return_sale")
    await shop.scan(number)
    await shop.sees("ALREADY RETURNED")


@pytest.mark.parametrize("outcome", [WAITING, PENDING, PARKED])
@story
async def test_a_return_that_may_still_happen_counts(outcome):
    shop = shop_that_earns()
    number = await sold(shop)
    shop.session.issuing["return"] = [outcome]
    await to_question(shop, number)
    await shop.press("ENTER")
    await shop.sees("ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    shop.begin("return_sale")
    await shop.scan(number)
    await shop.sees("ALREADY RETURNED")


@story
async def test_a_sale_that_waits_may_be_returned():
    shop = shop_that_earns()
    number = await sold(shop, WAITING)
    await to_question(shop, number)
    await shop.press("ENTER")
    await shop.sees("WILL BE TAKEN BACK", "MILES: AUTOMATIC")


@pytest.mark.parametrize(("met", "title"), [(WAITING, "NOT EARNED"), (FAILED, "NO ANSWER")])
@story
async def test_of_what_did_not_earn_or_may_not_have_nothing_is_taken_back(met, title):
    shop = shop_that_earns()
    number = await sold(shop, met)
    shop.device.earnings.delete(shop.entries[-1].sequence)
    shop.begin("return_sale")
    await shop.scan(number)
    assert (await shop.sees("TRACE"))[0] == title
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert len(shop.entries) == 1


@story
async def test_a_card_in_place_of_the_slip_is_no_sale():
    shop = shop_that_earns()
    shop.begin("return_sale")
    await shop.swipe()
    await shop.sees("SLIP NOT READ")


@story
async def test_a_scanned_card_is_no_slip():
    shop = shop_that_earns()
    shop.begin("return_sale")
    await shop.scan(CARD)
    await shop.sees("THAT IS A CARD")


@story
async def test_a_return_cannot_be_returned():
    shop = shop_that_earns()
    number = await sold(shop)
    await part(shop, number, "1000", "1130")
    shop.begin("return_sale")
    await shop.scan(shop.entries[-1].trace_id)
    await shop.sees("SALE NOT FOUND")
    assert "USE IT ANYWAY" not in shop.screens


# A sale of another handheld

THEIRS = "004300000017"


async def of_another(shop: Shop, number: str = THEIRS, miles: str = "") -> list[str]:
    """The slip of another handheld up to the question how much of it comes back."""
    shop.begin("return_sale")
    await shop.scan(number)
    await shop.sees("SALE NOT FOUND", "00=USE IT ANYWAY")
    await shop.press("00")
    await shop.sees("TOTAL BEFORE TAX")
    await shop.press("3836", "ENTER")
    await shop.sees("TOTAL WITH TAX")
    await shop.press("4335", "ENTER")
    if miles:
        await shop.sees("MILES ON THE SLIP")
        await shop.press(miles, "ENTER")
    await shop.sees("CARD", "SWIPE")
    await shop.swipe()
    return await shop.sees("ENTER=ALL 00=PART")


@story
async def test_a_sale_of_another_handheld_is_returned_by_what_its_slip_says():
    shop = shop_that_earns()
    rows = await of_another(shop)
    assert rows[:3] == ["RETURN        $43.35", "# " + THEIRS, "CARD 2006"]
    await shop.press("ENTER")
    await shop.sees("TAKEN BACK", "ENTER=GO ON")
    (body,) = bodies(shop)
    assert shop.session.issued()[0].path.endswith("/issuance/return")
    assert (body["basketPreTaxAmount"], body["basketPostTaxAmount"]) == (38.36, 43.35)
    assert body["context"] == {"originalTransactionId": THEIRS}
    assert THEIRS in shop.printer.slips[-1]


@story
async def test_what_came_back_here_of_another_handhelds_sale_is_known():
    shop = shop_that_earns()
    await of_another(shop)
    await shop.press("00", "1000", "ENTER", "1130", "ENTER")
    await shop.sees("TAKEN BACK", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    assert (await of_another(shop))[0] == "REMAINING     $32.05"


@story
async def test_the_shops_own_miles_of_another_handheld_are_on_its_slip():
    settings = {"family": "partner"}
    shop = shop_that_earns(issuance=settings)
    await of_another(shop, miles="40")
    await shop.press("00", "1918", "ENTER", "2167", "ENTER")
    await shop.sees("TAKEN BACK 20")
    assert bodies(shop)[0]["issuances"][0]["milesAmount"] == 20


@story
async def test_the_slip_of_a_checkout_that_redeemed_elsewhere_names_its_redemption():
    shop = shop_that_earns(issuance={"return_id": "original"})
    await of_another(shop, CONFIRMATION)
    await shop.press("ENTER")
    await shop.sees("TAKEN BACK")
    (body,) = bodies(shop)
    assert body["context"] == {"redemptionConfirmationNum": CONFIRMATION}
    assert body["checkoutTransactionId"] == shop.entries[-1].trace_id


@story
async def test_another_handhelds_sale_needs_a_supervisor_where_there_is_one():
    shop = shop_that_earns(profile={"supervisor": {"pin": "4711"}})
    shop.begin("return_sale")
    await shop.scan(THEIRS)
    await shop.sees("00=USE IT ANYWAY")
    await shop.press("00")
    await shop.sees("SUPERVISOR")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert bodies(shop) == []
