"""The partner family: the shop's rules, bonus offers, adjustments."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.earning import (
    PARKED,
    WAITING,
    bodies,
    checkout,
    key_5,
    shop_that_earns,
)
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story

# A mile for 10 dollars before tax, and offers: 10 miles an item, the base doubled.
OFFERS = {
    "base": {"dollars_per_mile": "10.00", "code": "STANDARD", "description": "Base"},
    "offer": [
        {"name": "COFFEE", "code": "COFFEE", "kind": "per_item", "miles": 10},
        {"name": "DOUBLE", "code": "DOUBLE", "kind": "of_base", "factor": "2.00"},
    ],
}
BASE = {"base": OFFERS["base"]}


def partner(language: str = "en-CA", offers: dict = BASE, **script) -> Shop:
    issuance = {"family": "partner", "offers": "offers.toml", **script.pop("issuance", {})}
    return shop_that_earns(language, issuance=issuance, offers=offers, **script)


async def earned(shop: Shop) -> str:
    """The trace id of a sale of $43.35 that earned by the base alone."""
    await key_5(shop)
    await shop.swipe()
    await shop.sees("EARNED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    return shop.entries[-1].trace_id


@story
async def test_the_rules_say_how_many_and_screen_slip_and_request_agree():
    shop = partner()
    await key_5(shop)
    await shop.swipe()
    await shop.sees("EARNED 3", "ENTER=GO ON")
    (body,) = bodies(shop)
    (issuance,) = body["issuances"]
    assert (issuance["milesAmount"], issuance["issuanceOfferCode"]) == (3, "STANDARD")
    assert shop.session.issued()[0].path.endswith("/issuance/post")
    assert "Miles earned                   3" in shop.printer.slips[0]
    assert shop.entries[0].miles == 3


@story
async def test_miles_that_wait_are_counted_on_the_slip_as_to_be_added():
    shop = partner()
    shop.session.issuing["post"] = [WAITING]
    await key_5(shop)
    await shop.swipe()
    await shop.sees("WILL BE ADDED", "ENTER=GO ON")
    assert "Miles to be added              3" in shop.printer.slips[0]


@story
async def test_a_sale_that_earns_nothing_says_so_and_sends_nothing():
    shop = partner()
    await key_5(shop, "500", "565")
    await shop.swipe()
    assert (await shop.sees("NO MILES"))[0] == "NOT EARNED"
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.entries == []


@story
async def test_a_cashier_counts_the_items_of_bonus_offers_and_chooses_factors():
    shop = partner(offers=OFFERS)
    await key_5(shop)
    await shop.swipe()
    assert await shop.sees("COFFEE") == [
        "BONUS OFFER      1/2",
        "COFFEE",
        "ITEMS: 0",
        "UP/DOWN ENTER=DONE",
    ]
    await shop.press("5", "CLEAR", "2", "DOWN")
    await shop.sees("DOUBLE")
    await shop.press("1", "DOWN", "UP")
    await shop.sees("COFFEE", "ITEMS: 2")
    await shop.press("ENTER")
    await shop.sees("EARNED 26")
    (body,) = bodies(shop)
    found = {each["issuanceOfferCode"]: each["milesAmount"] for each in body["issuances"]}
    assert found == {"STANDARD": 3, "COFFEE": 20, "DOUBLE": 3}


@story
async def test_the_trade_is_asked_for_where_offers_differ_by_it():
    offer = {"name": "TRADE", "code": "TRADE", "kind": "of_base", "factor": "3.00"}
    offers = {**BASE, "offer": [{**offer, "trade": "wholesale", "automatic": True}]}
    shop = partner(offers=offers)
    await key_5(shop)
    await shop.swipe()
    await shop.sees("1 RETAIL", "2 WHOLESALE")
    await shop.press("2")
    await shop.sees("EARNED 9")


@story
async def test_a_checkout_asks_for_no_offers_and_earns_on_what_is_left():
    shop = partner(offers=OFFERS)
    await checkout(shop, "5500")
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "EARNED 1")
    assert "BONUS" not in shop.screens
    assert bodies(shop)[0]["basketPostTaxAmount"] == 15.0


@pytest.mark.parametrize("told", [0, 2, 999999999])
@story
async def test_no_reply_changes_what_the_shop_has_asked_for(told):
    shop = partner()
    reply = SimpleNamespace(status=200, body=b'{"milesAmount": %d}' % told)
    shop.session.issuing["post"] = [reply]
    await key_5(shop)
    await shop.swipe()
    rows = await shop.sees("EARNED 3", "ENTER=GO ON")
    assert rows[2] == "REPLY DIFFERS"
    assert "Miles earned                   3" in shop.printer.slips[0]
    assert (shop.entries[0].result.miles, shop.entries[0].result.mismatch) == (3, True)
    assert any("names %d miles" % told in text for text in shop.log)


@story
async def test_a_checkout_that_earns_no_miles_ends_as_one_without_earning():
    shop = partner()
    await checkout(shop)
    await shop.sees("REDEEM")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    assert bodies(shop) == []


# --- adjustments ---


async def adjust(shop: Shop, way: str = "1") -> list[str]:
    shop.begin("adjust")
    await shop.sees("1 ADD", "2 TAKE BACK")
    await shop.press(way, "25", "ENTER")
    await shop.sees("CARD", "25 MILES")
    await shop.swipe()
    await shop.sees("1 GOODWILL")
    await shop.press("2")
    return await shop.sees("ENTER=YES")


@pytest.mark.parametrize(
    ("way", "title", "path", "told"),
    [
        ("1", "ADD", "/issuance/post/event", "EARNED 25"),
        ("2", "TAKE BACK", "/issuance/reverse/event", "TAKEN BACK 25"),
    ],
)
@story
async def test_an_adjustment_says_which_way_how_many_whose_and_why(way, title, path, told):
    shop = partner()
    rows = await adjust(shop, way)
    assert rows[0] == title + "25 MILES".rjust(20 - len(title))
    assert rows[1:3] == ["CARD 2006", "CORRECTION"]
    await shop.press("ENTER")
    await shop.sees(told, "ENTER=GO ON")
    assert shop.session.issued()[0].path.endswith(path)
    (body,) = bodies(shop)
    assert body["collectorNumber"] == CARD
    assert body["context"] == {"reason": "correction"}
    assert body["issuances"][0]["milesAmount"] == 25
    assert "basketPostTaxAmount" not in body


@story
async def test_an_adjustment_needs_a_supervisor():
    shop = partner(profile={"supervisor": {"pin": "4711"}})
    shop.begin("adjust")
    await shop.sees("SUPERVISOR")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"


@story
async def test_an_adjustment_that_is_refused_waits_for_a_person():
    shop = partner()
    shop.session.issuing["post/event"] = [PARKED]
    await adjust(shop)
    await shop.press("ENTER")
    await shop.sees("NOT EARNED", "SEE THE QUEUE: 4, 5", "ENTER=GO ON")
    assert "MILES NOT ACCEPTED" in shop.printer.slips[0]
