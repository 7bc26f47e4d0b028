"""A checkout that the power interrupts earns only where a person says so, and never twice."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.earning import bodies, checkout, shop_that_earns
from host_tests.kit.session import answer
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from milepad.workflows.interrupted import FINISH, VOID
from milepad.workflows.menu import LOOK_BACK


async def interrupted(shop: Shop) -> None:
    """Power goes while the redemption is on its way, and comes back."""
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("WAITING")
    shop.cut()
    shop.begin("recover", shop.at_checkout())
    await shop.sees("INTERRUPTED")


async def to_question(shop: Shop) -> list[str]:
    await shop.press(FINISH)
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    return await shop.sees("ENTER=YES")


@story
async def test_what_was_finished_is_offered_on_what_its_discount_leaves():
    shop = shop_that_earns()
    await interrupted(shop)
    rows = await to_question(shop)
    assert rows[0].startswith("EARN  ") and rows[0][-3] == ":"
    assert rows[1:3] == ["EARN ON $3.35?", "CARD 2006"]
    assert bodies(shop) == []
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    (body,) = bodies(shop)
    assert body["basketPostTaxAmount"] == 3.35


@pytest.mark.parametrize("key", ["CANCEL", None])
@story
async def test_it_earns_nothing_unless_a_person_says_so(key):
    shop = shop_that_earns()
    await interrupted(shop)
    await to_question(shop)
    if key:
        await shop.press(key)
    assert await shop.ended() == ""
    assert bodies(shop) == []


@story
async def test_what_was_voided_earns_nothing():
    shop = shop_that_earns()
    await interrupted(shop)
    await shop.press(VOID)
    await shop.sees("VOIDED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert bodies(shop) == []
    assert "EARN ON" not in shop.screens


@story
async def test_what_was_finished_and_refused_is_not_offered():
    shop = shop_that_earns(redeem=[answer("redeem", "0000"), answer("redeem", "0051")])
    await interrupted(shop)
    await shop.press(FINISH)
    await shop.to_rest()
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert "EARN ON" not in shop.screens


async def cut_after_approval(shop: Shop) -> None:
    """Power goes after the approval and before the earning is kept."""

    def cut(*_: object) -> None:
        shop.cut()
        raise asyncio.CancelledError

    shop.device.earnings.queue.keep = cut
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED")
    await asyncio.sleep(5)
    assert [entry.op for entry in shop.entries] == ["redeem"]
    shop.begin("menu", LOOK_BACK)


@story
async def test_power_that_goes_before_the_earning_is_kept_costs_a_question_and_no_miles():
    shop = shop_that_earns()
    await cut_after_approval(shop)
    await shop.sees("EARN ON $3.35?", within_s=60)
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER=GO ON")
    (body,) = bodies(shop)
    assert body["basketPostTaxAmount"] == 3.35
    shop.cut()
    shop.begin("menu", LOOK_BACK)
    await shop.sees("1 CHECKOUT", within_s=60)
    await asyncio.sleep(60)
    assert len(bodies(shop)) == 1


@story
async def test_a_sale_that_earned_is_not_asked_about_after_a_start():
    shop = shop_that_earns()
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("EARNED", "ENTER")
    shop.cut()
    shop.begin("menu", LOOK_BACK)
    await shop.sees("1 CHECKOUT", within_s=60)
    assert "EARN ON" not in shop.screens
