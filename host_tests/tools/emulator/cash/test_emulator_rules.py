"""The decisions, as a table and as what must hold for any account."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.emulator.cash import rules
from tools.emulator.cash.rules import Account, Redemption
from tools.emulator.collectors import State
from tools.emulator.parameters import BadParameterError
from tools.emulator.settings import Settings

DEFAULTS = Settings()


def account(cash: int = 5000, state: State = "active", spent: int = 0) -> Account:
    return Account("84095202006", cash, 545, state, spent)


def request(**fields: str) -> dict[str, str]:
    given_fields = {"cardEntryMode": "SWIPE", "postTaxBasketAmount": "43.35"}
    return given_fields | {"dollarRedeemRequest": "40.00"} | fields


STATES = [
    ("active", "0000", "0000"),
    ("hidden", "0001", "0001"),
    ("hidden_locked", "0005", "0005"),
    ("locked", "0006", "0006"),
    ("inactive", "0002", "0002"),
    ("capped", "0000", "0065"),
    ("offers_unavailable", "0067", "0067"),
]


@pytest.mark.parametrize(("state", "inquiry", "redemption"), STATES)
def test_what_each_state_of_an_account_is_answered(
    state: State, inquiry: str, redemption: str
) -> None:
    assert rules.inquire(account(state=state), request(), DEFAULTS) == inquiry
    assert rules.redeem(account(state=state), request(), DEFAULTS)[0] == redemption


def test_nobody_knows_an_unknown_collector() -> None:
    assert rules.inquire(None, request(), DEFAULTS) == "0025"
    assert rules.redeem(None, request(), DEFAULTS) == ("0025", 0)


@pytest.mark.parametrize("mode", ["SWIPE", "SCAN", "PREREGISTERED"])
def test_a_card_that_was_read_may_redeem(mode: str) -> None:
    assert rules.redeem(account(), request(cardEntryMode=mode), DEFAULTS) == ("0000", 4)


def test_a_keyed_number_may_inquire_and_gets_no_offer() -> None:
    keyed = request(cardEntryMode="MANUAL")
    assert rules.inquire(account(), keyed, DEFAULTS) == "0000"
    assert rules.offer_units("0000", account(), keyed, DEFAULTS) is None


def test_a_keyed_number_may_not_redeem() -> None:
    assert rules.redeem(account(), request(cardEntryMode="MANUAL"), DEFAULTS) == ("0009", 0)


def test_a_keyed_inquiry_can_be_refused() -> None:
    strict = Settings(manual_inquiry="refuse")
    assert rules.inquire(account(), request(cardEntryMode="MANUAL"), strict) == "0009"


@pytest.mark.parametrize(
    ("basket", "asked", "cash", "spent", "code"),
    [
        ("43.35", "40.00", 380, 0, "0000"),
        ("43.35", "40.00", 379, 0, "0051"),
        ("43.35", "50.00", 5000, 0, "0066"),
        ("9.99", "10.00", 5000, 0, "0066"),
        ("40.00", "40.00", 5000, 0, "0000"),
        ("43.35", "40.00", 5000, 7125 - 380, "0000"),
        ("43.35", "40.00", 5000, 7125 - 379, "0065"),
        ("43.35", "10", 5000, 0, "0000"),
    ],
)
def test_the_limits_of_a_redemption(
    basket: str, asked: str, cash: int, spent: int, code: str
) -> None:
    wish = request(postTaxBasketAmount=basket, dollarRedeemRequest=asked)
    assert rules.redeem(account(cash, spent=spent), wish, DEFAULTS)[0] == code


@pytest.mark.parametrize("asked", ["16.12", "0.00", "5.00"])
def test_an_amount_that_is_no_multiple_of_a_unit_is_a_bad_parameter(asked: str) -> None:
    with pytest.raises(BadParameterError) as refused:
        rules.redeem(account(), request(dollarRedeemRequest=asked), DEFAULTS)
    assert refused.value.field == "dollarRedeemRequest"


def test_an_amount_can_be_rounded_down_as_the_sample_of_16_12_would_need() -> None:
    lenient = Settings(not_a_multiple="round_down")
    wish = request(dollarRedeemRequest="16.12", postTaxBasketAmount="16.12")
    assert rules.redeem(account(), wish, lenient) == ("0000", 1)


@pytest.mark.parametrize(
    ("basket", "cash", "spent", "units"),
    [
        ("43.35", 5000, 0, 4),
        ("43.35", 285, 0, 3),
        ("43.35", 5000, 7125 - 190, 2),
        ("9.99", 5000, 0, 0),
        ("43.35", 94, 0, None),
        ("43.35", 5000, 7125, None),
    ],
)
def test_the_offer_is_the_lowest_of_basket_balance_and_allowance(
    basket: str, cash: int, spent: int, units: int | None
) -> None:
    wish = request(postTaxBasketAmount=basket)
    assert rules.offer_units("0000", account(cash, spent=spent), wish, DEFAULTS) == units


def test_a_low_balance_can_be_refused_at_the_inquiry() -> None:
    strict = Settings(low_balance_inquiry="refuse")
    assert rules.inquire(account(cash=40), request(), DEFAULTS) == "0000"
    assert rules.inquire(account(cash=40), request(), strict) == "0051"


@given(
    cash=st.integers(0, 20_000),
    spent=st.integers(0, 10_000),
    basket_cents=st.integers(0, 200_000),
    units=st.integers(1, 100),
)
def test_what_is_approved_is_covered_thrice(
    cash: int, spent: int, basket_cents: int, units: int
) -> None:
    wish = request(
        postTaxBasketAmount=f"{basket_cents // 100}.{basket_cents % 100:02d}",
        dollarRedeemRequest=f"{units * 10}.00",
    )
    holder = account(cash, spent=spent)
    code, redeemed = rules.redeem(holder, wish, DEFAULTS)
    offered = rules.offer_units("0000", holder, wish, DEFAULTS) or 0
    assert (code == "0000") == (units <= offered)
    assert redeemed == (units if code == "0000" else 0)


def redemption(collector: str = "84095202006", undone: bool = False) -> Redemption:
    return Redemption("10000000000", collector, 4, 380, 4000, undone, open_until=1000.0)


@pytest.mark.parametrize(
    ("found", "now_s", "code"),
    [
        (redemption(), 999.9, "0000"),
        (redemption(), 1000.0, "0080"),
        (None, 0.0, "0057"),
        (redemption(undone=True), 0.0, "0057"),
        (redemption(undone=True), 2000.0, "0057"),
        (redemption("81000000010"), 0.0, "0057"),
    ],
)
def test_what_a_reversal_is_answered(
    found: Redemption | None, now_s: float, code: str
) -> None:
    assert rules.reverse(account(), request(), found, now_s, DEFAULTS) == code


@pytest.mark.parametrize(("choice", "code"), [("refuse", "0009"), ("approve", "0000")])
def test_a_keyed_reversal_is_a_setting(choice: str, code: str) -> None:
    keyed = request(cardEntryMode="MANUAL")
    settings = Settings(manual_reverse=choice)
    assert rules.reverse(account(), keyed, redemption(), 0.0, settings) == code


@pytest.mark.parametrize(
    ("holder", "code"),
    [
        (None, "0025"),
        (account(state="inactive"), "0002"),
        (account(state="hidden"), "0001"),
        (account(state="locked"), "0000"),
    ],
)
def test_who_may_reverse(holder: Account | None, code: str) -> None:
    assert rules.reverse(holder, request(), redemption(), 0.0, DEFAULTS) == code
