"""A shop whose sales earn: what its platform says to them, and the hands of its cashier."""

from __future__ import annotations

import json

from host_tests.kit.session import Issued
from host_tests.kit.shop import Shop

HST = {"family": "amrp", "taxes": [["HST", "13"]]}
DONE, TWO, PENDING, PARKED = Issued(200), Issued(200, 2), Issued(202), Issued(400)
WAITING = None  # no way out: it stays in the queue
FAILED = Issued(500)  # a copy left: it stays in the queue, and may have been added


def shop_that_earns(language: str = "en-CA", **script) -> Shop:
    settings = {**HST, **script.pop("issuance", {})}
    return Shop(
        language, profile={"issuance": settings, **script.pop("profile", {})}, **script
    )


def raising(fault: Exception):
    def keep(*_: object) -> None:
        raise fault

    return keep


def bodies(shop: Shop) -> list[dict]:
    return [json.loads(each.body) for each in shop.session.issued()]


async def key_5(shop: Shop, pre_tax: str = "3836", with_tax: str = "4335") -> None:
    shop.begin("earn")
    await shop.sees(shop.terminal.text("pre_tax_total"))
    await shop.press(pre_tax, "ENTER")
    await shop.sees(shop.terminal.text("basket_total"))
    await shop.press(with_tax, "ENTER")
    await shop.sees(shop.terminal.text("card"), shop.terminal.text("card_how"))


async def checkout(shop: Shop, cents: str = "4335") -> None:
    shop.begin("checkout", shop.at_checkout())
    await shop.sees(shop.terminal.text("basket_total"))
    await shop.press(cents, "ENTER")
    await shop.sees(shop.terminal.text("card"))
    await shop.swipe()
