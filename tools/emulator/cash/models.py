"""The fields of every request and reply, as models: they check, and they are the description.

The library publishes names, samples and a few words, but no types, lengths or patterns
beyond "alpha-numeric" and "number". The patterns here accept every sample and refuse what
cannot be meant. Every value is a JSON string. The order of the fields is the order in which
faults are told: of several base classes, the last brings the first fields.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tools.emulator.cash.codes import CODES
from tools.emulator.parameters import FORM


def _choice(form: str, example: str, meaning: str, **more: Any) -> Any:
    """One of a few strings; `form` says so to whoever got it wrong."""
    extra: dict[str, Any] = {FORM: form}
    return Field(description=meaning, examples=[example], json_schema_extra=extra, **more)


def _sent(pattern: str, form: str, example: str, meaning: str, **more: Any) -> Any:
    """A request's string, which matches in full; `form` says so to whoever got it wrong."""
    return _choice(form, example, meaning, pattern=f"^(?:{pattern})$", **more)


def _money(meaning: str, **more: Any) -> Any:
    return _sent(r"[0-9]{1,7}(\.[0-9]{2})?", "dollars as 16.12", "16.12", meaning, **more)


def _number(example: str, meaning: str) -> Any:
    return _sent(r"[0-9]{1,15}", "1 to 15 digits", example, meaning)


def _code(example: str, meaning: str) -> Any:
    return _sent(r"[A-Za-z0-9]{1,20}", "1 to 20 letters and digits", example, meaning)


def _told(example: str, meaning: str, always: bool = False) -> Any:
    """A reply's string. A factory keeps what may be absent without a default in the schema."""
    absent: dict[str, Any] = {} if always else {"default_factory": str}
    return Field(description=meaning, examples=[example], **absent)


class _Fields(BaseModel):
    model_config = ConfigDict(field_title_generator=lambda name, _: name)


class Terminal(_Fields):
    """Who asks: one device in one shop of one partner."""

    deviceId: str = _sent(
        r"[A-Za-z0-9_-]{1,16}",
        "1 to 16 letters and digits",
        "001",
        "The terminal that asks, as the partner numbers its terminals",
    )
    sponsorCode: str = _code("LOY1", "The partner, as AIR MILES calls it")
    storeId: str = _code("0001", "The partner's shop, as the partner calls it")
    traceId: str = _sent(
        r"[0-9]{1,12}",
        "1 to 12 digits",
        "000012345678",
        "The partner's own number of this transaction; it may come again after a year",
    )
    vendorId: str = _number("100087", "The partner, for the money that flows afterwards")


class Card(_Fields):
    """Whose miles: the collector's number and how the terminal came to know it."""

    acquirerId: str = _number("100000", "Who sends the request, usually the partner itself")
    cardEntryMode: Literal["SWIPE", "SCAN", "PREREGISTERED", "MANUAL"] = _choice(
        "SWIPE, SCAN, PREREGISTERED or MANUAL",
        "SWIPE",
        "How the number was read: SWIPE from the magnetic stripe, SCAN from the barcode, "
        "PREREGISTERED from an online or app account, MANUAL by keys. With MANUAL there is "
        "no offer, and no redemption (0009)",
    )
    collectorNumber: str = _sent(
        r"[0-9]{1,19}", "digits", "84095202006", "The collector's AIR MILES number"
    )
    dateTime: str = _sent(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})",
        "ISO 8601 with an offset",
        "1972-07-16T13:32:00+0400",
        "The terminal's time when it asked; a copy of a request repeats it",
    )

    @field_validator("dateTime")
    @classmethod
    def _is_in_the_calendar(cls, text: str) -> str:
        datetime.fromisoformat(text)
        return text


class Basket(_Fields):
    """What is bought."""

    postTaxBasketAmount: str = _money("What the basket costs, taxes included")


class Discount(_Fields):
    """What is taken off."""

    dollarRedeemRequest: str = _money(
        "The discount asked for: whole units, no more than the basket holds (0066). Broken "
        "units get 0035, or are rounded down with --not-a-multiple round_down"
    )


class Language(_Fields):
    """In which language `message` is wanted."""

    instantMessage: Literal["en-CA", "fr-CA"] = _choice(
        "en-CA or fr-CA", "en-CA", "The language of `message`", default="en-CA"
    )


class Original(_Fields):
    """What the purchase was before anything was taken off."""

    originalPostTaxBasketAmount: str = _money("With taxes", default_factory=str)
    originalPreTaxAmount: str = _money("Without taxes", default_factory=str)


class Redeemed(_Fields):
    """Which redemption is meant."""

    redemptionConfirmationNum: str = _sent(
        r"[0-9]{1,20}",
        "digits",
        "10000000000",
        "`txnConfirmationNumber` of the redemption that is undone as a whole",
    )


class EchoRequest(Terminal, extra="forbid"):
    """Is the platform there? Needs no collector."""


class InquireRequest(Language, Basket, Terminal, Card, extra="forbid"):
    """What the collector has, and how much of this basket it can pay for."""


class RedeemRequest(Original, Language, Discount, Basket, Terminal, Card, extra="forbid"):
    """Take whole units of Cash Miles for this basket."""


class ReverseRequest(Redeemed, Terminal, Card, extra="forbid"):
    """Give all miles of one redemption back. What they are, the platform knows."""


class Refusal(_Fields):
    """All that a refusal says; every other reply says it too."""

    message: str = _told("Approved", "The response code in words, to be shown", always=True)
    responseCode: str = Field(
        description="What came of the request. Go by it, never by the HTTP status",
        examples=["0000"],
        json_schema_extra={"enum": list(CODES)},
    )
    transDateTime: str = _told(
        "2019-01-30T11:41:55", "Eastern time of the reply, without a zone", always=True
    )


class Balances(_Fields):
    """What is left after this transaction; for the receipt, never for the screen."""

    availableCashBalance: str = _told(
        "95", "Miles that may still be redeemed today, or the balance if that is less"
    )
    availableDollarAmount: str = _told("10", "The same in dollars, in whole units")
    cashBalance: str = _told("120", "Cash Miles on the account")
    dreamBalance: str = _told("545", "Dream Miles on the account")


class Unit(_Fields):
    """What one unit of redemption is."""

    unitValueAMCash: str = _told("95", "Miles of one unit")
    unitValueDollars: str = _told("10.00", "Dollars of one unit")


class Offer(Unit):
    """The offer. An inquiry has it only when a card was read and miles may be redeemed."""

    dailyOfferLimit: str = _told("75", "Units that a collector may redeem a day")
    offerDescEn: str = _told("Save $10 now.", "The offer in English")
    offerDescFr: str = _told("Économisez 10 $.", "The offer in French")
    offerId: str = _told("1111111111", "The offer's number")
    offerType: str = _told("RGL", "RGL regular, SPL special")


class Confirmed(_Fields):
    """What moves miles is confirmed by a number."""

    txnConfirmationNumber: str = _told(
        "30007368806", "For the receipt; a reversal names the redemption by it", always=True
    )


class EchoReply(Refusal, EchoRequest, extra="ignore"):
    """The request again."""


class InquireReply(Refusal, Offer, Balances, InquireRequest, extra="ignore"):
    """The request again, balances, and the offer for this basket if there is one."""

    availableOfferUnits: str = _told("4", "Units that this basket can be paid with")


class RedeemReply(Refusal, Confirmed, Offer, Balances, RedeemRequest, extra="ignore"):
    """The request again, what was redeemed, and what is left."""

    milesRedeemed: str = _told("380", "Cash Miles taken", always=True)
    unitsRedeemed: str = _told(
        "4", "Units taken; times a unit's dollars: the discount", True
    )


class ReverseReply(Refusal, Confirmed, Unit, Balances, ReverseRequest, extra="ignore"):
    """The request again, what was given back, and what there is after it."""

    milesReversed: str = _told("380", "Cash Miles given back", always=True)
    unitsReversed: str = _told("4", "Units given back", always=True)


REQUESTS: dict[str, type[BaseModel]] = {
    "echo": EchoRequest,
    "inquire": InquireRequest,
    "redeem": RedeemRequest,
    "reverse": ReverseRequest,
}
REPLIES: dict[str, type[BaseModel]] = {
    "echo": EchoReply,
    "inquire": InquireReply,
    "redeem": RedeemReply,
    "reverse": ReverseReply,
}


def cents(text: str) -> int:
    """Checked dollars to cents."""
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction or "0")
