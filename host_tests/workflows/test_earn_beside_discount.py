"""What must not come between a discount and its slip, whatever becomes of the earning."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.earning import (
    bodies,
    checkout,
    raising,
    shop_that_earns,
)
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer
from host_tests.kit.virtual_time import story
from milepad.base.errors import QUEUE_FULL, Cancelled, FieldError, StorageError


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (StorageError(QUEUE_FULL), "QUEUE IS FULL"),
        (FieldError("checkoutDateTime", "a date"), "INVALID REQUEST"),
        (MemoryError(), "INVALID REQUEST"),
    ],
)
@story
async def test_an_earning_that_cannot_be_kept_is_told_after_the_discount_and_its_slip(
    fault, why
):
    shop = shop_that_earns()
    shop.device.earnings.queue.keep = raising(fault)
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "GIVE $40.00 OFF", "ENTER=GO ON")
    assert CONFIRMATION in shop.printer.slips[0]
    assert "earn" not in shop.printer.slips[0]
    await shop.press("ENTER")
    assert (await shop.sees(why))[0] == "NOT EARNED"
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert [entry.op for entry in shop.entries] == ["redeem"]


@story
async def test_cancel_before_it_is_kept_wants_no_miles_and_the_discount_stands():
    shop = shop_that_earns()
    shop.device.earnings.queue.keep = raising(Cancelled("CANCEL was pressed"))
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert len(shop.printer.slips) == 1


@story
async def test_a_key_that_answers_the_approval_counts_while_the_earning_is_sent():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED")
    await shop.press("ENTER")
    began = asyncio.get_running_loop().time()
    assert await shop.ended() == ""
    assert asyncio.get_running_loop().time() - began < 10
    assert len(bodies(shop)) == len(shop.printer.slips) == 1


@story
async def test_what_was_earned_without_a_redemption_asks_for_no_key():
    shop = shop_that_earns(redeem=answer("redeem", "0051"))
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("REFUSED")
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER=GO ON")
    began = asyncio.get_running_loop().time()
    assert await shop.ended() == ""
    assert asyncio.get_running_loop().time() - began < 10


@story
async def test_the_approval_sounds_once_whatever_it_earns():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    shop.buzzer.sounds.clear()
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER")
    assert shop.buzzer.sounds == ["key", "ok"]
