"""Earning rules with plain arguments, so that both Pythons can be asked."""

from host_tests.issuance.samples import make_line
from milepad.issuance import offers, rules
from milepad.issuance.basket import Basket


def examined(document) -> list:
    """What is wrong with a file of rules."""
    return offers.examine(document)[1]


def filled(document) -> dict:
    """The rules with what was left out."""
    return offers.checked(document)


def awarded(document: dict, totals: tuple, chosen: dict, today="20260615", **more) -> tuple:
    """(base, incentive, bonus, total, limited, [(miles, code, id, text, items)]).

    `totals` is (before tax, gst, hst, pst, qst) in cents.
    """
    basket = Basket(totals[0], sum(totals), [make_line(v) for v in more.pop("lines", [])])
    basket.gst_cents, basket.hst_cents, basket.pst_cents, basket.qst_cents = totals[1:]
    made = rules.award(offers.checked(document), basket, chosen, today, **more)
    issuances = [
        (each.miles, each.offer_code, each.offer_id, each.description, list(each.item_ids))
        for each in made.issuances
    ]
    return made.base, made.incentive, made.bonus, made.total, made.is_limited, issuances


def awarded_of(call: tuple) -> tuple:
    """`awarded` of (rules, totals, chosen, today, trade, lines)."""
    document, totals, chosen, today, trade, lines = call
    return awarded(document, totals, chosen, today, trade=trade, lines=lines)


def names_on(document: dict, today: str, trade: str) -> list:
    """The names of the offers that hold."""
    found = rules.offers_on(offers.checked(document), today, trade)
    return [offer["name"] for offer in found]
