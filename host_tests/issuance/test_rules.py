"""What a sale earns: the published examples to the mile, and rules that never surprise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.issuance import award_calls
from host_tests.issuance.samples import LINES
from host_tests.kit.peer import Peer, agree

CALLS = "host_tests.issuance.award_calls"
PEER = {  # FACTS 9.1's example of two rates
    "base": {"dollars_per_mile": "2.00", "times": 50, "then_dollars_per_mile": "1.00"}
}
TWENTY: dict[str, Any] = {"base": {"dollars_per_mile": "20.00"}}
DOUBLE = {"factor": "2.00", "begins": "20260601", "ends": "20260630"}


def offer(name: str, **keys: Any) -> dict[str, Any]:
    return {"name": name, "code": "BONUS", **keys}


def earned(
    peer: Peer,
    rules: dict,
    cents: int,
    chosen: dict | None = None,
    today: str = "20260615",
    trade: str = "both",
    lines: list | None = None,
    taxes: tuple = (0, 0, 0, 0),
) -> tuple:
    """(base, incentive, bonus, total, limited, issuances)."""
    call = (rules, (cents, *taxes), chosen or {}, today, trade, lines or [])
    found = agree(peer, CALLS, "awarded_of", call)
    assert isinstance(found, tuple)
    return found


def test_the_peers_example_of_two_rates(micropython: Peer) -> None:
    assert earned(micropython, PEER, 30000)[:4] == (250, 0, 0, 250)


def test_the_peers_example_of_bonus_offers(micropython: Peer) -> None:
    rules = {
        "base": {"dollars_per_mile": "1.00"},
        "offer": [offer("TWELVE", miles=12), offer("SIX", miles=6)],
    }
    chosen = {"TWELVE": 3, "SIX": 7}
    assert earned(micropython, rules, 11500, chosen)[:4] == (115, 0, 78, 193)


@pytest.mark.parametrize(
    ("cents", "miles"),
    [
        (0, 0),
        (1999, 0),
        (2000, 1),
        (3999, 1),
        (4335, 2),
        (99999999, 49999),
    ],
)
def test_a_shop_without_a_file_gives_a_mile_for_twenty_dollars(
    micropython: Peer, cents: int, miles: int
) -> None:
    issuances = [(miles, "STANDARD", "", "", [])] if miles else []
    assert earned(micropython, {}, cents) == (miles, 0, 0, miles, False, issuances)


@pytest.mark.parametrize(
    ("cents", "miles"),
    [(199, 0), (200, 1), (9999, 49), (10000, 50), (10099, 50), (10100, 51), (10200, 52)],
)
def test_the_second_rate_begins_where_the_first_one_ends(
    micropython: Peer, cents: int, miles: int
) -> None:
    assert earned(micropython, PEER, cents)[0] == miles


def test_the_second_rate_may_have_a_limit_too(micropython: Peer) -> None:
    base = {**PEER["base"], "then_times": 120}
    assert earned(micropython, {"base": base}, 30000)[0] == 170


@pytest.mark.parametrize(("cents", "miles"), [(999, 0), (1000, 1), (2999, 1), (3000, 2)])
def test_parts_of_a_mile_may_be_rounded_to_the_nearest(
    micropython: Peer, cents: int, miles: int
) -> None:
    rules = {"base": {"dollars_per_mile": "20.00", "rounding": "nearest"}}
    assert earned(micropython, rules, cents)[0] == miles


@pytest.mark.parametrize(
    ("tax", "miles"),
    [("none", 100), ("gst", 105), ("hst", 113), ("gst_pst", 112), ("gst_qst", 114)],
)
def test_taxes_earn_where_the_rules_say_so(micropython: Peer, tax: str, miles: int) -> None:
    rules = {"base": {"dollars_per_mile": "1.00", "tax": tax}}
    taxes = (500, 1300, 700, 998)
    assert earned(micropython, rules, 10000, taxes=taxes)[0] == miles


@pytest.mark.parametrize(
    ("today", "incentive"),
    [("20260531", 0), ("20260601", 100), ("20260630", 100), ("20260701", 0)],
)
def test_an_incentive_holds_between_its_dates(
    micropython: Peer, today: str, incentive: int
) -> None:
    rules = {"base": {"dollars_per_mile": "1.00"}, "incentive": DOUBLE}
    assert earned(micropython, rules, 10000, today=today)[1] == incentive


@pytest.mark.parametrize(
    ("factor", "incentive"), [("1.00", 0), ("0.50", 0), ("1.50", 52), ("1.01", 1)]
)
def test_an_incentive_is_a_factor_above_one(
    micropython: Peer, factor: str, incentive: int
) -> None:
    rules = {"base": {"dollars_per_mile": "1.00"}, "incentive": {"factor": factor}}
    assert earned(micropython, rules, 10500)[1] == incentive


def test_a_factor_of_the_base_holds_only_without_an_incentive(micropython: Peer) -> None:
    offers = [offer("DOUBLE", kind="of_base", factor="2.00")]
    rules: dict[str, Any] = {"base": {"dollars_per_mile": "1.00"}, "offer": offers}
    assert earned(micropython, rules, 10000, {"DOUBLE": 1})[2] == 100
    rules["incentive"] = {"factor": "1.50"}
    assert earned(micropython, rules, 10000, {"DOUBLE": 1})[1:3] == (50, 0)


def test_a_factor_of_another_offer_adds_to_what_that_one_gives(micropython: Peer) -> None:
    offers = [
        offer("TRIPLE", kind="of_offer", of="TEA", factor="3.00"),
        offer("TEA", miles=5),
    ]
    rules = {**TWENTY, "offer": offers}
    assert earned(micropython, rules, 0, {"TEA": 2, "TRIPLE": 1})[2] == 30
    assert earned(micropython, rules, 0, {"TRIPLE": 1})[2] == 0
    assert earned(micropython, rules, 0, {"TEA": 2})[2] == 10


def test_an_automatic_factor_needs_no_cashier(micropython: Peer) -> None:
    offers = [offer("DOUBLE", kind="of_base", factor="2.00", automatic=True)]
    assert earned(micropython, {**TWENTY, "offer": offers}, 10000)[2] == 5


def test_pieces_that_were_keyed_add_to_those_of_the_till_s_lines(micropython: Peer) -> None:
    rules = {**TWENTY, "offer": [offer("FOOD", miles=4, items=["SKU1234"])]}
    for keyed, miles in ((0, 8), (1, 12), (2, 16), (3, 20)):
        found = earned(micropython, rules, 2497, {"FOOD": keyed}, lines=LINES)
        assert found[:4] == (1, 0, miles, 1 + miles)


def test_a_tills_lines_count_for_the_offers_of_their_articles(micropython: Peer) -> None:
    offers = [offer("FOOD", miles=4, items=["SKU1234"], id="77", description="Dogs")]
    found = earned(micropython, {**TWENTY, "offer": offers}, 2497, lines=LINES)
    assert found[2] == 8
    assert found[5] == [
        (1, "STANDARD", "", "", ["SKU1234", "SKU1252"]),
        (8, "BONUS", "77", "Dogs", ["SKU1234"]),
    ]


def test_an_incentive_with_a_code_is_a_reason_of_its_own(micropython: Peer) -> None:
    base = {"dollars_per_mile": "1.00", "code": "BASE1", "id": "9", "description": "Base"}
    rules: dict[str, Any] = {"base": base, "incentive": {"factor": "1.50"}}
    assert earned(micropython, rules, 1000)[5] == [(15, "BASE1", "9", "Base", [])]
    rules["incentive"] = {"factor": "1.50", "code": "SUMMER"}
    assert earned(micropython, rules, 1000)[5] == [
        (10, "BASE1", "9", "Base", []),
        (5, "SUMMER", "", "", []),
    ]


@pytest.mark.parametrize(
    ("over_max", "total", "issuances"),
    [
        ("limit", 12, [(10, "STANDARD", "", "", []), (2, "BONUS", "", "TEA", [])]),
        ("nothing", 0, []),
    ],
)
def test_no_transaction_earns_more_than_its_limit(
    micropython: Peer, over_max: str, total: int, issuances: list
) -> None:
    base = {"dollars_per_mile": "1.00", "max_miles": 12, "over_max": over_max}
    rules = {"base": base, "offer": [offer("TEA", miles=5)]}
    found = earned(micropython, rules, 1000, {"TEA": 1})
    assert found[3:] == (total, True, issuances)
    assert earned(micropython, rules, 1299)[3:5] == (12, False)


@pytest.mark.parametrize(
    ("today", "trade", "names"),
    [
        ("20260615", "both", ["A", "B", "C"]),
        ("20260615", "retail", ["A", "C"]),
        ("20260615", "wholesale", ["B", "C"]),
        ("20260101", "both", ["A"]),
        ("20261231", "both", ["A", "B"]),
    ],
)
def test_offers_hold_for_their_trade_and_between_their_dates(
    micropython: Peer, today: str, trade: str, names: list[str]
) -> None:
    offers = [
        offer("A", miles=1, trade="retail"),
        offer("B", miles=1, trade="wholesale", begins="20260201"),
        offer("C", miles=1, begins="20260601", ends="20260630"),
    ]
    assert agree(micropython, CALLS, "names_on", {"offer": offers}, today, trade) == names


DOLLARS = st.integers(1, 5000).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
FACTORS = st.integers(101, 500).map(lambda part: f"{part // 100}.{part % 100:02}")
BASE = st.fixed_dictionaries(
    {
        "dollars_per_mile": DOLLARS,
        "times": st.integers(0, 99),
        "then_dollars_per_mile": DOLLARS,
        "then_times": st.integers(0, 99),
        "rounding": st.sampled_from(["down", "nearest"]),
        "max_miles": st.integers(0, 500),
    }
)
RULES = st.fixed_dictionaries(
    {
        "base": BASE,
        "incentive": st.one_of(st.just({}), FACTORS.map(lambda f: {"factor": f})),
        "offer": st.fixed_dictionaries(
            {"a": st.integers(1, 50), "b": FACTORS, "c": FACTORS}
        ).map(
            lambda d: [
                offer("A", miles=d["a"]),
                offer("B", kind="of_base", factor=d["b"]),
                offer("C", kind="of_offer", of="A", factor=d["c"]),
            ]
        ),
    }
)
CHOSEN = st.dictionaries(st.sampled_from("ABC"), st.integers(0, 9))


@given(rules=RULES, cents=st.integers(0, 999999), more=st.integers(0, 99999), chosen=CHOSEN)
def test_a_larger_basket_never_earns_less(
    rules: dict, cents: int, more: int, chosen: dict
) -> None:
    smaller = award_calls.awarded(rules, (cents, 0, 0, 0, 0), chosen)
    larger = award_calls.awarded(rules, (cents + more, 0, 0, 0, 0), chosen)
    assert larger[0] >= smaller[0] and larger[3] >= smaller[3]


@given(rules=RULES, cents=st.integers(0, 99999999), chosen=CHOSEN)
def test_an_award_is_whole_adds_up_and_keeps_to_its_limit(
    micropython: Peer, rules: dict, cents: int, chosen: dict
) -> None:
    found = earned(micropython, rules, cents, chosen)
    base, incentive, bonus, total, is_limited, issuances = found
    assert all(type(miles) is int and miles >= 0 for miles in found[:4])
    assert sum(each[0] for each in issuances) == total
    assert all(each[0] > 0 for each in issuances)
    most = rules["base"]["max_miles"]
    assert not most or total <= most
    assert is_limited == (total < base + incentive + bonus)


@given(rules=RULES, cents=st.integers(0, 999999), chosen=CHOSEN)
def test_choosing_an_offer_never_takes_miles_away(
    rules: dict, cents: int, chosen: dict
) -> None:
    with_offers = award_calls.awarded(rules, (cents, 0, 0, 0, 0), chosen)
    without = award_calls.awarded(rules, (cents, 0, 0, 0, 0), {})
    assert with_offers[3] >= without[3]
