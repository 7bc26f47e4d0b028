"""What a pad answers, read tolerantly: what is not needed may be missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tools.till import money
from tools.till.money import AmountError


class MessageError(Exception):
    """What came is no message of this protocol; one line says why, and no content."""


@dataclass(frozen=True)
class Reply:
    """What the pad made of a request. `body` is everything that stands beside Response."""

    category: str
    service_id: str
    result: str
    error_condition: str = ""
    additional: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    repeated: bool = False  # it was learnt by asking for the status

    @property
    def is_success(self) -> bool:
        """Whether what was asked was done."""
        return self.result == "Success"

    @property
    def transaction_id(self) -> str:
        """The pad's own number of it; a refund names it."""
        poi_data = self.body.get("POIData")
        found = poi_data.get("POITransactionID") if isinstance(poi_data, dict) else None
        return str(found.get("TransactionID", "")) if isinstance(found, dict) else ""

    @property
    def notes(self) -> dict[str, str]:
        """What AdditionalResponse says, by name: outcome, responseCode, traceId ..."""
        pairs = (pair.partition("=") for pair in self.additional.split("&"))
        return {name: value for name, _, value in pairs if name}

    @property
    def amounts(self) -> dict[str, int]:
        """By LoyaltyUnit: "Monetary" in cents, "Point" in miles."""
        found = {}
        for each in self.body.get("LoyaltyResult") or []:
            amount = each.get("LoyaltyAmount") or {}
            unit, value = amount.get("LoyaltyUnit"), amount.get("Value")
            if unit == "Monetary":
                found[unit] = money.cents(value)
            elif unit == "Point":
                found[unit] = int(str(value))
        return found

    @property
    def receipts(self) -> list[tuple[str, list[str]]]:
        """Slips for the till's printer: (whose, lines)."""
        found = []
        for each in self.body.get("PaymentReceipt") or []:
            texts = (each.get("OutputContent") or {}).get("OutputText") or []
            lines = [str(text.get("Text", "")) for text in texts]
            found.append((str(each.get("DocumentQualifier", "")), lines))
        return found


def read(document: object, repeated: bool = False) -> Reply:
    """The reply in what stands within SaleToPOIResponse. MessageError for any other."""
    if not isinstance(document, dict) or not isinstance(
        document.get("MessageHeader"), dict
    ):
        raise MessageError("it has no MessageHeader")
    head = document["MessageHeader"]
    category = str(head.get("MessageCategory", ""))
    body = document.get(f"{category}Response")
    if not isinstance(body, dict) or not isinstance(body.get("Response"), dict):
        raise MessageError("it has no Response")
    response = body["Response"]
    rest = {name: value for name, value in body.items() if name != "Response"}
    reply = Reply(
        category,
        str(head.get("ServiceID", "")),
        str(response.get("Result", "")),
        str(response.get("ErrorCondition", "")),
        str(response.get("AdditionalResponse", "")),
        rest,
        repeated,
    )
    try:
        _ = reply.amounts, reply.receipts
    except (AmountError, ValueError, AttributeError, TypeError):
        raise MessageError("its amounts or its slips cannot be read") from None
    return reply


def repeated(reply: Reply) -> Reply:
    """The reply that a TransactionStatus brings again. MessageError where there is none."""
    again = reply.body.get("RepeatedMessageResponse")
    if not isinstance(again, dict):
        raise MessageError("it has no RepeatedMessageResponse")
    inner = again.get("RepeatedResponseMessageBody")
    if not isinstance(inner, dict):
        raise MessageError("it has no RepeatedResponseMessageBody")
    return read({"MessageHeader": again.get("MessageHeader"), **inner}, repeated=True)
