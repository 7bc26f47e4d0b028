"""What may be redeemed on a basket: whole units, the lowest of three limits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.amcash import samples
from host_tests.kit.peer import Peer, agree
from milepad.amcash.offer import limits
from milepad.amcash.replies import Reply, parse
from milepad.amcash.response_codes import known
from milepad.base.money import format_dollars

CALLS = "host_tests.on_micropython.amcash_calls"
RICH = {
    "responseCode": "0000",
    "availableDollarAmount": "520",
    "availableOfferUnits": "52",
    "unitValueAMCash": "95",
    "unitValueDollars": "10.00",
    "dailyOfferLimit": "75",
    "offerDescEn": "English",
    "offerDescFr": "Français",
}


def most(peer: Peer, members: dict[str, str], basket_cents: int) -> object:
    return agree(peer, CALLS, "most", json.dumps(members).encode(), basket_cents)


def test_a_basket_of_43_35_may_redeem_40_00(micropython: Peer) -> None:
    assert most(micropython, RICH, 4335) == (4, 4000, 380)


@pytest.mark.parametrize(
    ("basket_cents", "units"), [(999, 0), (1000, 1), (1999, 1), (2000, 2), (99999999, 52)]
)
def test_the_basket_is_rounded_down_to_a_unit(
    micropython: Peer, basket_cents: int, units: int
) -> None:
    expected = (units, units * 1000, units * 95) if units else None
    assert most(micropython, RICH, basket_cents) == expected


def test_the_sample_inquiry_allows_its_one_unit(micropython: Peer) -> None:
    assert most(micropython, json.loads(samples.INQUIRE_REPLY), 4335) == (1, 1000, 95)


@pytest.mark.parametrize(
    ("member", "value", "units"),
    [
        ("availableOfferUnits", "3", 3),
        ("availableOfferUnits", "0", 0),
        ("availableDollarAmount", "30", 3),
        ("availableDollarAmount", "29.99", 2),
        ("availableDollarAmount", "9.99", 0),
        ("availableDollarAmount", "0", 0),
        ("unitValueDollars", "20", 2),
        ("unitValueDollars", "43.36", 0),
        ("unitValueDollars", "0.00", 0),
        ("unitValueAMCash", "0", 0),
    ],
)
def test_each_member_may_be_the_lowest(
    micropython: Peer, member: str, value: str, units: int
) -> None:
    found = most(micropython, {**RICH, member: value}, 4335)
    assert (found[0] if isinstance(found, tuple) else 0) == units


@pytest.mark.parametrize(
    "member",
    ["availableDollarAmount", "availableOfferUnits", "unitValueAMCash", "unitValueDollars"],
)
def test_a_missing_member_means_no_offer(micropython: Peer, member: str) -> None:
    members = {name: value for name, value in RICH.items() if name != member}
    assert most(micropython, members, 4335) is None


@pytest.mark.parametrize(
    "code",
    [*sorted(set(known()) - {"0000", "0001"}), "", "9999"],
)
def test_a_code_that_forbids_the_prompt_gives_no_offer(
    micropython: Peer, code: str
) -> None:
    assert most(micropython, {**RICH, "responseCode": code}, 4335) is None


def test_hidden_balances_do_not_forbid_the_prompt(micropython: Peer) -> None:
    assert most(micropython, {**RICH, "responseCode": "0001"}, 4335) == (4, 4000, 380)


def test_an_offer_carries_the_days_limit() -> None:
    offer = limits(parse(json.dumps(RICH).encode()), 4335)
    assert offer is not None and offer.units_today == 75


def test_an_unnamed_daily_limit_is_no_number() -> None:
    members = {name: value for name, value in RICH.items() if name != "dailyOfferLimit"}
    offer = limits(Reply(members), 4335)
    assert offer is not None and offer.units_today is None


@given(
    basket=st.integers(0, 20000),
    units=st.integers(0, 30),
    dollars=st.integers(0, 20000),
    unit=st.integers(1, 3000),
)
def test_is_the_most_that_counting_up_one_unit_at_a_time_allows(
    micropython: Peer, basket: int, units: int, dollars: int, unit: int
) -> None:
    members = {
        **RICH,
        "availableOfferUnits": str(units),
        "availableDollarAmount": format_dollars(dollars),
        "unitValueDollars": format_dollars(unit),
    }
    counted = 0
    while counted < units and (counted + 1) * unit <= min(basket, dollars):
        counted += 1
    expected = (counted, counted * unit, counted * 95) if counted else None
    assert most(micropython, members, basket) == expected
