"""The decisions, pure: an account and a checked request become a response code.

No HTTP, no clock, no storage: what a rule needs is passed in. Miles and units are whole
numbers, money is cents.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.emulator.cash import codes
from tools.emulator.cash.models import cents
from tools.emulator.collectors import State
from tools.emulator.parameters import BadParameterError
from tools.emulator.settings import Settings


@dataclass(frozen=True, slots=True)
class Account:
    """A collector at the moment of a request. `spent_today` is in miles."""

    number: str
    cash: int
    dream: int
    state: State
    spent_today: int


@dataclass(frozen=True, slots=True)
class Redemption:
    """A redemption that a reversal names. `open_until` is in seconds since 1970."""

    confirmation: str
    collector: str
    units: int
    miles: int
    cents: int
    undone: bool
    open_until: float


def unit_cents(settings: Settings) -> int:
    """Cents of one unit."""
    return settings.unit_dollars * 100


def daily_units(settings: Settings) -> int:
    """Units that a collector may redeem a day."""
    return settings.daily_cap_dollars // settings.unit_dollars


def miles_left_today(account: Account, settings: Settings) -> int:
    """What is left of the daily allowance, in miles."""
    if account.state == "capped":
        return 0
    return max(0, daily_units(settings) * settings.unit_miles - account.spent_today)


def redeemable_units(account: Account, settings: Settings) -> int:
    """Whole units that balance and daily allowance both cover."""
    lower = min(account.cash, miles_left_today(account, settings))
    return max(0, lower) // settings.unit_miles


def approval(account: Account) -> str:
    """0000, or 0001 for a collector who hides the balances."""
    return codes.APPROVED_HIDDEN if account.state == "hidden" else codes.APPROVED


def standing(account: Account | None) -> str | None:
    """Why this account can neither inquire nor redeem, if so."""
    if account is None:
        return codes.INVALID_COLLECTOR
    return {
        "inactive": codes.INACTIVE,
        "offers_unavailable": codes.OFFER_UNAVAILABLE,
        "hidden_locked": codes.HIDDEN_LOCKED,
        "locked": codes.LOCKED,
    }.get(account.state)


def inquire(account: Account | None, request: dict[str, str], settings: Settings) -> str:
    """The code of an inquiry."""
    if request["cardEntryMode"] == "MANUAL" and settings.manual_inquiry == "refuse":
        return codes.CARD_NOT_PRESENT
    refusal = standing(account)
    if refusal is not None or account is None:
        return refusal or codes.INVALID_COLLECTOR
    if account.cash < settings.unit_miles and settings.low_balance_inquiry == "refuse":
        return codes.INSUFFICIENT_MILES
    return approval(account)


def offer_units(
    code: str, account: Account, request: dict[str, str], settings: Settings
) -> int | None:
    """Units to offer on this basket; None when the conditional members must stay away."""
    if code not in codes.APPROVALS or request["cardEntryMode"] == "MANUAL":
        return None
    redeemable = redeemable_units(account, settings)
    if redeemable == 0:
        return None
    return min(redeemable, cents(request["postTaxBasketAmount"]) // unit_cents(settings))


def redeem(
    account: Account | None, request: dict[str, str], settings: Settings
) -> tuple[str, int]:
    """The code of a redemption and its units (0 when refused). Raises BadParameterError."""
    if request["cardEntryMode"] == "MANUAL":
        return codes.CARD_NOT_PRESENT, 0
    refusal = standing(account)
    if refusal is not None or account is None:
        return refusal or codes.INVALID_COLLECTOR, 0
    units = _units_asked(request, settings)
    basket = cents(request["postTaxBasketAmount"])
    if basket < unit_cents(settings) or units > basket // unit_cents(settings):
        return codes.BASKET_TOO_SMALL, 0
    if units == 0:
        raise BadParameterError("dollarRedeemRequest", "at least one unit")
    miles = units * settings.unit_miles
    if miles > account.cash:
        return codes.INSUFFICIENT_MILES, 0
    if miles > miles_left_today(account, settings):
        return codes.OVER_DAILY_LIMIT, 0
    return approval(account), units


def reverse(
    account: Account | None,
    request: dict[str, str],
    redemption: Redemption | None,
    now_s: float,
    settings: Settings,
) -> str:
    """The code of a reversal. A locked account may still be given its miles back."""
    if request["cardEntryMode"] == "MANUAL" and settings.manual_reverse == "refuse":
        return codes.CARD_NOT_PRESENT
    if account is None:
        return codes.INVALID_COLLECTOR
    if account.state == "inactive":
        return codes.INACTIVE
    if redemption is None or redemption.undone or redemption.collector != account.number:
        return codes.INVALID_CONFIRMATION
    if now_s >= redemption.open_until:
        return codes.WINDOW_EXPIRED
    return approval(account)


def _units_asked(request: dict[str, str], settings: Settings) -> int:
    units, rest = divmod(cents(request["dollarRedeemRequest"]), unit_cents(settings))
    if rest and settings.not_a_multiple == "refuse":
        raise BadParameterError("dollarRedeemRequest", "a multiple of a unit's dollars")
    return units
