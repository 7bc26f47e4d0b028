"""What a return takes back where the shop works out the miles: its share of what was earned."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.earning import TWO, bodies, key_5
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from host_tests.workflows.test_partner import OFFERS, earned, partner
from host_tests.workflows.test_return_sale import part, to_question
from milepad.base.transaction import Transaction
from milepad.workflows import awards


@story
async def test_a_whole_return_takes_back_what_was_earned():
    shop = partner()
    await to_question(shop, await earned(shop))
    await shop.press("ENTER")
    await shop.sees("TAKEN BACK 3")
    body = bodies(shop)[-1]
    assert [each["milesAmount"] for each in body["issuances"]] == [3]
    assert shop.session.issued()[-1].path.endswith("/issuance/reverse")


@story
async def test_parts_take_back_together_exactly_what_was_earned():
    shop = partner()
    number = await earned(shop)
    await part(shop, number, "1000", "1130")
    await part(shop, number, "1000", "1130")
    await to_question(shop, number)
    await shop.press("ENTER")
    await shop.sees("TAKEN BACK", "ENTER=GO ON")
    taken = [sum(i["milesAmount"] for i in body["issuances"]) for body in bodies(shop)[1:]]
    assert taken == [1, 1, 1]


async def taken_of(shop: Shop, *part: str) -> int:
    """What a return of the last sale takes back, whole or a part of it."""
    await to_question(shop, shop.entries[0].trace_id)
    await shop.press(*(("00", part[0], "ENTER", part[1], "ENTER") if part else ("ENTER",)))
    await shop.sees("TAKEN BACK", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    return sum(each["milesAmount"] for each in bodies(shop)[-1]["issuances"])


@story
async def test_a_part_takes_back_its_share_and_one_mile_at_least():
    shop = partner()
    await earned(shop)
    assert await taken_of(shop, "500", "565") == 1


@pytest.mark.parametrize("rate", ["1.00", "999.00"])
@story
async def test_rules_that_changed_since_the_sale_change_no_return(rate):
    shop = partner()
    await earned(shop)
    changed = {"base": {"dollars_per_mile": rate, "code": "STANDARD"}}
    shop.hardware.files.contents["offers.json"] = json.dumps(changed).encode()
    assert await taken_of(shop, "1918", "2167") == 1
    assert await taken_of(shop) == 2


@given(
    miles=st.integers(0, 99999),
    parts=st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 999)), min_size=1),
)
def test_parts_take_at_least_a_mile_while_there_is_one_and_together_all(miles, parts):
    device = SimpleNamespace(
        profile={"issuance": {"offers": ""}}, board=SimpleNamespace(files=None)
    )
    left = Transaction(miles=miles, pre_tax_cents=sum(each for each, _ in parts))
    left.basket_cents = left.pre_tax_cents + sum(tax for _, tax in parts)
    for pre_tax_cents, tax_cents in parts:
        back = Transaction(
            pre_tax_cents=pre_tax_cents, basket_cents=pre_tax_cents + tax_cents
        )
        issuances = awards.of_return(device, back, left)
        assert sum(each.miles for each in issuances) == back.miles
        assert min(1, left.miles) <= back.miles <= left.miles
        left.miles -= back.miles
        left.pre_tax_cents -= back.pre_tax_cents
        left.basket_cents -= back.basket_cents
    assert left.miles == 0


@story
async def test_a_part_takes_only_its_share_of_bonus_offers():
    shop = partner(offers=OFFERS)
    await key_5(shop)
    await shop.swipe()
    await shop.sees("COFFEE")
    await shop.press("3", "ENTER")
    await shop.sees("EARNED 33", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    assert await taken_of(shop, "1918", "2167") == 16
    assert await taken_of(shop) == 17


@story
async def test_a_return_follows_the_family_that_the_shop_has_now():
    shop = partner()
    await earned(shop)
    shop.profile["issuance"]["family"] = "amrp"
    await to_question(shop, shop.entries[0].trace_id)
    await shop.press("00", "1000", "ENTER", "1130", "ENTER")
    await shop.sees("TAKEN BACK", "ENTER=GO ON")
    assert "issuances" not in bodies(shop)[-1]


@story
async def test_miles_that_air_miles_worked_out_are_taken_back_as_the_reply_told_them():
    shop = partner()
    shop.profile["issuance"]["family"] = "amrp"
    shop.session.issuing["issue"] = [TWO]
    await earned(shop)
    shop.profile["issuance"]["family"] = "partner"
    assert await taken_of(shop) == 2
