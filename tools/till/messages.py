"""The messages of nexo Retailer's Sale-to-POI protocol, as a till writes them.

A request is its category and its body; `replies` reads what comes back. No code is shared
with the firmware's reader and writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from tools.till import money

PROTOCOL_VERSION = "3.0"
CURRENCY = "CAD"
EntryMode = Literal["Scanned", "MagStripe", "Keyed"]
_IDENTIFICATIONS = {
    "Scanned": "BarCode",
    "MagStripe": "ISOTrack2",
    "Keyed": "AccountNumber",
}


class Request(NamedTuple):
    """What is asked: MessageCategory, MessageClass and the body under `<category>Request`."""

    category: str
    body: dict[str, Any]
    message_class: str = "Service"

    @property
    def kind(self) -> str:
        """Of a Loyalty request its LoyaltyTransactionType, else the category."""
        transaction = self.body.get("LoyaltyTransaction", {})
        return str(transaction.get("LoyaltyTransactionType", self.category))


class Item(NamedTuple):
    """A line of the basket: `product_code` as the shop has it; the whole line in cents, with
    its taxes and without.
    """

    product_code: str
    label: str
    cents: int
    pre_tax_cents: int


class Account(NamedTuple):
    """A collector's card as the till's own reader read it."""

    number: str
    entry_mode: EntryMode

    def as_data(self) -> dict[str, Any]:
        """LoyaltyAccountID."""
        return {
            "EntryMode": [self.entry_mode],
            "IdentificationType": _IDENTIFICATIONS[self.entry_mode],
            "LoyaltyID": self.number,
        }


@dataclass(frozen=True)
class Sale:
    """What every request about money says of the sale: SaleData."""

    transaction_id: str
    at: datetime
    operator_id: str
    language: str

    def as_data(self) -> dict[str, Any]:
        """SaleData."""
        return {
            "OperatorID": self.operator_id,
            "OperatorLanguage": self.language,
            "SaleTransactionID": {
                "TransactionID": self.transaction_id,
                "TimeStamp": self.at.isoformat(timespec="seconds"),
            },
        }


def header(
    request: Request, sale_id: str, poi_id: str, service_id: str, kind: str = "Request"
) -> dict[str, Any]:
    """MessageHeader; `service_id` is of 1 to 10 characters and not used again for 48 hours."""
    return {
        "ProtocolVersion": PROTOCOL_VERSION,
        "MessageClass": request.message_class,
        "MessageCategory": request.category,
        "MessageType": kind,
        "ServiceID": service_id,
        "SaleID": sale_id,
        "POIID": poi_id,
    }


def login(
    at: datetime,
    operator_id: str,
    language: str,
    is_training: bool,
    prints: bool = False,
) -> Request:
    """A cashier begins. `prints`: slips come in the responses, for the till's own printer."""
    body: dict[str, Any] = {
        "DateTime": at.isoformat(timespec="seconds"),
        "SaleSoftware": {
            "ManufacturerID": "Milepad",
            "ApplicationName": "tools.till",
            "SoftwareVersion": "1",
            "CertificationCode": "none",
        },
        "OperatorLanguage": language,
        "OperatorID": operator_id,
        "TrainingModeFlag": is_training,
    }
    if prints:
        body["SaleTerminalData"] = {"SaleCapabilities": ["PrinterReceipt"]}
    return Request("Login", body)


def logout() -> Request:
    """A cashier ends."""
    return Request("Logout", {})


def diagnosis() -> Request:
    """How pad, printer, reader and link are."""
    return Request("Diagnosis", {"HostDiagnosisFlag": True})


def totals() -> Request:
    """What the pad's ledger has for today."""
    return Request("GetTotals", {"TotalDetails": ["SaleID"]})


def card(sale: Sale, total_cents: int) -> Request:
    """A collector's card is read at the pad."""
    transaction: dict[str, Any] = {"LoyaltyHandling": "Required"}
    if total_cents:
        transaction["TotalAmount"] = money.amount(total_cents)
    body = {"SaleData": sale.as_data(), "CardAcquisitionTransaction": transaction}
    return Request("CardAcquisition", body)


def balance(account: Account | None) -> Request:
    """What a collector has; the answer is for paper alone."""
    asked = {"LoyaltyAccountID": account.as_data()} if account else {}
    return Request("BalanceInquiry", {"LoyaltyAccountReq": asked})


def redemption(
    sale: Sale, total_cents: int, asked_cents: int | None, account: Account | None
) -> Request:
    """Cash miles for a discount; without `asked_cents` the collector chooses at the pad."""
    amount = None
    if asked_cents is not None:
        amount = {
            "LoyaltyUnit": "Monetary",
            "Currency": CURRENCY,
            "Value": money.amount(asked_cents),
        }
    return _loyalty("Redemption", sale, total_cents, _data(account, amount))


def award(
    sale: Sale,
    total_cents: int,
    items: Sequence[Item],
    account: Account | None,
    redemption: str = "",
) -> Request:
    """The miles that the sale earns on `total_cents`, which the collector pays.

    `redemption` is the pad's number of what the same sale has redeemed: its card serves.
    """
    lines = [
        {
            "ItemID": number,
            "ProductCode": item.product_code,
            "ProductLabel": item.label,
            "ItemAmount": money.amount(item.pre_tax_cents),
        }
        for number, item in enumerate(items, 1)
    ]
    more: dict[str, Any] = {"SaleItem": lines}
    if redemption:
        more |= _original(redemption, sale.at)
    return _loyalty("Award", sale, total_cents, _data(account, None), more)


def refund(
    sale: Sale, kind: str, total_cents: int | None, original: str, at: datetime
) -> Request:
    """RedemptionRefund or AwardRefund of what the pad calls `original`.

    `total_cents` is what was redeemed or paid; None leaves that to the pad's ledger.
    """
    return _loyalty(kind, sale, total_cents, [], _original(original, at))


def reversal(sale: Sale, original: str, at: datetime) -> Request:
    """All of a redemption or an award is taken back."""
    body = {"SaleData": sale.as_data(), "ReversalReason": "MerchantCancel"}
    return Request("Reversal", body | _original(original, at))


def abort(category: str, sale_id: str, service_id: str) -> Request:
    """The till gives up what it asked for; it may be too late, and need not be answered."""
    body = {
        "MessageReference": _reference(category, sale_id, service_id),
        "AbortReason": "MerchantAbort",
    }
    return Request("Abort", body)


def status(category: str, sale_id: str, service_id: str) -> Request:
    """What became of a request; without `service_id`, of the last one."""
    if not service_id:
        return Request("TransactionStatus", {})
    reference = _reference(category, sale_id, service_id)
    return Request("TransactionStatus", {"MessageReference": reference})


def _loyalty(
    kind: str,
    sale: Sale,
    total_cents: int | None,
    data: list[dict[str, Any]],
    more: dict[str, Any] | None = None,
) -> Request:
    transaction = {
        "LoyaltyTransactionType": kind,
        "Currency": CURRENCY,
        **({} if total_cents is None else {"TotalAmount": money.amount(total_cents)}),
        **(more or {}),
    }
    body = {"SaleData": sale.as_data(), "LoyaltyTransaction": transaction}
    return Request("Loyalty", body | ({"LoyaltyData": data} if data else {}))


def _original(number: str, at: datetime) -> dict[str, Any]:
    identity = {"TransactionID": number, "TimeStamp": at.isoformat(timespec="seconds")}
    return {"OriginalPOITransaction": {"POITransactionID": identity}}


def _data(account: Account | None, amount: dict[str, Any] | None) -> list[dict[str, Any]]:
    one: dict[str, Any] = {}
    if account:
        one["LoyaltyAccountID"] = account.as_data()
    if amount:
        one["LoyaltyAmount"] = amount
    return [one] if one else []


def _reference(category: str, sale_id: str, service_id: str) -> dict[str, str]:
    return {"MessageCategory": category, "SaleID": sale_id, "ServiceID": service_id}
