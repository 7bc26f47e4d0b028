"""The fields of every request and reply of Issuance, as models.

Request fields, their JSON types and samples are published, lengths and patterns are not:
those here accept every sample and refuse what cannot be meant. The published list of a
basket's fields breaks off after `basketPreTaxAmount`; which of the others are mandatory is
this emulator's choice. Replies are published nowhere: theirs are invented.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tools.emulator.issuance import operations
from tools.emulator.issuance.numbers import Cents, Count, OfferId, Text, wrong

_MOMENT = "ISO 8601 with an offset or Z"

_Id = Annotated[str, Text(r"[A-Za-z0-9_-]{1,40}", "1 to 40 letters and digits")]
_Name = Annotated[str, Text(r"[^\x00-\x1f\x7f]{1,200}", "1 to 200 characters")]
_Code = Annotated[str, Text(r"[A-Za-z0-9_-]{1,20}", "1 to 20 letters and digits")]
_DeviceId = Annotated[str, Text(r"[A-Za-z0-9_-]{1,16}", "1 to 16 letters and digits")]
_Collector = Annotated[str, Text(r"[0-9]{1,19}", "digits")]


def _is_in_the_calendar(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise wrong(_MOMENT) from None
    return value


_Moment = Annotated[
    str,
    Text(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})",
        _MOMENT,
    ),
    AfterValidator(_is_in_the_calendar),
]


def _sent(example: Any, meaning: str, **more: Any) -> Any:
    return Field(description=meaning, examples=[example], **more)


def _optional(example: Any, meaning: str, factory: Any = str) -> Any:
    """A factory keeps what may be absent without a default in the schema."""
    return _sent(example, meaning, default_factory=factory)


class _Fields(BaseModel):
    model_config = ConfigDict(field_title_generator=lambda name, _: name)


class ItemRequest(_Fields, extra="forbid"):
    """A line of the bill."""

    id: _Name = _sent("SKU1234", "The partner's number of the article")
    name: _Name = _optional("Dog Food", "What it is called")
    number: Count = _sent(1, "Which line of the bill it is")
    quantity: Count = _sent(2, "How many of it")
    baseAmount: Cents = _sent(9.99, "Dollars for one")
    finalAmount: Cents = _sent(
        19.98, "Dollars for the line; all lines add up to `basketPreTaxAmount`"
    )
    departmentId: _Id = _optional("10001", "The department that it belongs to")
    categoryId: _Id = _optional("11101", "The category that it belongs to")


class EventIssuanceRequest(_Fields, extra="forbid"):
    """Miles for one reason."""

    issuanceOfferCode: _Code = _sent("STANDARD", "The offer, as AIR MILES calls it")
    locationCode: _Code = _sent("1100", "The partner's place, as AIR MILES calls it")
    milesAmount: Count = _sent(5, "Whole miles, positive for a withdrawal too")
    offerDescription: _Name = _optional("Bonus Miles for Groceries.", "The offer in words")
    offerId: OfferId = _optional("123454", "The offer's number: a string or a number")


class IssuanceRequest(EventIssuanceRequest, extra="forbid"):
    """Miles for one reason, and the lines that they come from."""

    contributingItemIds: list[_Name] = _optional(
        ["SKU1234", "SKU1252"], "`id` of each of those lines", list
    )


class Notes(_Fields):
    """What may accompany any request. Who asks is invented: the published list breaks off."""

    sponsorCode: _Code = _optional("LOY1", "The partner. Invented, as in Cash")
    storeId: _Code = _optional("0001", "The partner's shop. Invented, as in Cash")
    vendorId: _Code = _optional("100087", "The partner's number. Invented, as in Cash")

    coupon: list[_Name] = _optional(["57841", "57862"], "All coupon codes", list)
    context: dict[_Name, _Name] = _optional({"key1": "value1"}, "Notes", dict)
    deviceId: _DeviceId = _optional("POS1", "The terminal that asks")


class Basket(Notes):
    """What was bought, with each tax on its own."""

    basketGSTAmount: Cents = _optional(0, "GST in dollars", int)
    basketHSTAmount: Cents = _optional(3.25, "HST in dollars", int)
    basketPSTAmount: Cents = _optional(0, "PST in dollars", int)
    basketQSTAmount: Cents = _optional(0, "QST in dollars", int)
    basketPostTaxAmount: Cents = _sent(28.22, "What is paid, taxes included")
    basketPreTaxAmount: Cents = _sent(
        24.97, "The same without taxes; with them it is `basketPostTaxAmount`"
    )
    checkoutDateTime: _Moment = _sent("2019-05-30T14:12:59.479Z", "When it was bought")
    checkoutTransactionId: _Id = _sent("12340001111", "The partner's number of the bill")
    items: list[ItemRequest] = _optional([], "The lines of the bill", list)


class _Somebody(_Fields):
    collectorNumber: _Collector = _sent("81111111111", "The collector's AIR MILES number")


class _Awarded(_Fields):
    issuances: list[IssuanceRequest] = _sent([], "The miles, one element for each reason")


class BasketRequest(Basket, _Somebody, extra="forbid"):
    """A basket of a collector; the platform computes the miles."""


class AwardRequest(_Awarded, Basket, _Somebody, extra="forbid"):
    """A basket of a collector, and the miles that the partner computed for it."""


class RecordRequest(Basket, extra="forbid"):
    """A basket of a collector or of nobody."""

    collectorNumber: _Collector = _optional("81111111111", "Left out: no card was shown")
    issuances: list[IssuanceRequest] = _optional([], "Of the partner family alone", list)


class EventRequest(Notes, _Somebody, extra="forbid"):
    """Miles of a collector without a basket."""

    clientTransactionId: _Id = _sent("111112314", "The partner's number of the event")
    issuances: list[EventIssuanceRequest] = _sent([], "The miles")


class IssuanceRefusal(_Fields):
    """Why nothing was done. Invented: no refusal of Issuance is published."""

    error: str = Field(description="the kind of the refusal", examples=["INVALID_REQUEST"])
    message: str = Field(description="for people; names the field, never its value")
    transDateTime: str = Field(description="Eastern time of the reply, without a zone")


class IssuanceReply(_Fields):
    """What was done. Invented: no reply of Issuance is published."""

    message: str = Field(description="for people", examples=["Done"])
    milesAmount: int = Field(description="miles given, taken back, or computed", ge=0)
    issuances: list[dict[str, Any]] = Field(description="the same by reason")
    transDateTime: str = Field(description="Eastern time of the reply, without a zone")
    checkoutTransactionId: str = Field(default="", description="as it was sent")
    clientTransactionId: str = Field(default="", description="as it was sent")
    collectorNumber: str = Field(default="", description="as it was sent")
    cashBalance: int = Field(default=0, description="Cash Miles after it, if sent")
    dreamBalance: int = Field(default=0, description="Dream Miles after it, if sent")


REQUESTS: dict[str, type[BaseModel]] = {
    operations.CALCULATE: BasketRequest,
    operations.ISSUE: BasketRequest,
    operations.RETURN: BasketRequest,
    operations.RECORD: RecordRequest,
    operations.POST: AwardRequest,
    operations.POST_EVENT: EventRequest,
    operations.REVERSE: AwardRequest,
    operations.REVERSE_EVENT: EventRequest,
}
