"""What refunds, totals, the list and a reprint say of earnings."""

from __future__ import annotations

from host_tests.kit.earning import (
    PARKED,
    TWO,
    WAITING,
    checkout,
    key_5,
    shop_that_earns,
)
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story


@story
async def test_a_refund_says_that_its_checkout_has_earned_and_what_is_the_other_key():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER")
    await shop.press("ENTER")
    await shop.ended()
    await shop.to_refund_question()
    await shop.press("ENTER")
    rows = await shop.sees("REFUNDED", "ENTER=GO ON")
    assert rows[2] == "RETURN IT TOO: 6"
    await shop.press("ENTER")
    assert await shop.ended() == ""


@story
async def test_an_earnings_slip_at_the_refunds_key_is_pointed_to_its_own():
    shop = shop_that_earns()
    await a_day(shop)
    shop.begin("refund")
    await shop.sees("CONFIRMATION NUMBER")
    await shop.scan(shop.entries[-1].trace_id)
    await shop.sees("THAT IS AN EARNING", "RETURN IT: 6")
    await shop.sees("CONFIRMATION NUMBER")


async def a_day(shop: Shop) -> None:
    """A checkout that earns 2, a sale that waits for a person, and one that waits."""
    shop.session.issuing["issue"] = [TWO, PARKED, WAITING]
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER")
    await shop.press("ENTER")
    await shop.ended()
    for _ in range(2):
        await key_5(shop)
        await shop.swipe()
        await shop.sees("ENTER=GO ON")
        await shop.press("ENTER")
        await shop.ended()


@story
async def test_the_totals_have_a_second_page_and_the_slip_of_the_day_tells_the_same():
    shop = shop_that_earns()
    await a_day(shop)
    shop.begin("reports")
    await shop.press("1")
    await shop.sees("TODAY NET", "UP/DOWN")
    await shop.press("DOWN")
    assert await shop.sees("EARNED 1") == [
        "EARNED 1           2",
        "RETURNED 0         0",
        "QUEUED 1   POSTING 0",
        "STUCK 1  ENTER=PRINT",
    ]
    await shop.press("UP")
    await shop.sees("TODAY NET")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    slip = shop.printer.slips[-1]
    for label, count in (
        ("Earnings", 1),
        ("Miles earned", 2),
        ("Returns", 0),
        ("Waiting to be sent", 1),
        ("Refused, to be seen to", 1),
    ):
        assert f"{label}{count:>{32 - len(label)}}" in slip


@story
async def test_the_list_shows_what_became_of_each_and_prints_it_again():
    shop = shop_that_earns()
    await a_day(shop)
    shop.begin("reports")
    await shop.press("2")
    rows = await shop.sees("1 ...2006")
    assert rows[1].startswith("WILL BE ADDED")
    assert rows[2] == "TRACE " + shop.entries[-1].trace_id
    await shop.press("DOWN")
    assert (await shop.sees("2 ...2006"))[1].startswith("NOT EARNED")
    await shop.press("UP", "ENTER")
    await shop.to_rest()
    slip = shop.printer.slips[-1]
    assert "COPY - PRINTED AGAIN" in slip and "MILES WILL BE ADDED" in slip


@story
async def test_after_a_start_the_last_slip_of_a_checkout_that_earned_is_the_one_of_both():
    shop = shop_that_earns()
    shop.session.issuing["issue"] = [TWO]
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER")
    shop.cut()
    shop.begin("more")
    await shop.press("1")
    assert await shop.ended() == ""
    slip = shop.printer.slips[-1]
    for text in (
        "COPY - PRINTED AGAIN",
        "REDEMPTION APPROVED",
        "Miles earned",
        CONFIRMATION,
    ):
        assert text in slip
