"""The reply members beyond the echoed request, every one of them a string."""

from __future__ import annotations

from tools.emulator.cash import codes
from tools.emulator.cash.models import Offer
from tools.emulator.cash.rules import Account, daily_units, redeemable_units
from tools.emulator.settings import Settings

# An inquiry's conditional members.
OFFER = ("availableOfferUnits", *Offer.model_fields)


def balances(code: str, account: Account, settings: Settings) -> dict[str, str]:
    """Balances after the transaction; what is available is floored to whole units.

    The library's sample has 95 available of a balance of 120: whole units. With 0001 and
    0005 the balances are sent, as it is the receipt that must not show them; a setting
    leaves them out.
    """
    hidden = code in (codes.APPROVED_HIDDEN, codes.HIDDEN_LOCKED)
    if hidden and settings.suppressed_balances == "omit":
        return {}
    units = redeemable_units(account, settings)
    return {
        "availableCashBalance": str(units * settings.unit_miles),
        "availableDollarAmount": str(units * settings.unit_dollars),
        "cashBalance": str(account.cash),
        "dreamBalance": str(account.dream),
    }


def offer(settings: Settings) -> dict[str, str]:
    """The offer, in both languages at once."""
    return {
        "dailyOfferLimit": str(daily_units(settings)),
        "offerDescEn": settings.offer_desc_en,
        "offerDescFr": settings.offer_desc_fr,
        "offerId": settings.offer_id,
        "offerType": settings.offer_type,
        "unitValueAMCash": str(settings.unit_miles),
        "unitValueDollars": f"{settings.unit_dollars}.00",
    }


def redeemed(units: int, miles: int) -> dict[str, str]:
    """What a redemption took."""
    return {"unitsRedeemed": str(units), "milesRedeemed": str(miles)}


def undone(units: int, miles: int, settings: Settings) -> dict[str, str]:
    """What a reversal gave back. REVERSE's sample has `10` where others have `10.00`."""
    return {
        "unitsReversed": str(units),
        "milesReversed": str(miles),
        "unitValueAMCash": str(settings.unit_miles),
        "unitValueDollars": str(settings.unit_dollars),
    }
