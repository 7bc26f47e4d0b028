"""A PIN pad in one process: a shop with its idle screen, and a till that asks the service."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

from host_tests.kit.cashier import CARD
from host_tests.kit.shop import Shop
from host_tests.kit.stores import ring_store
from milepad.pinpad.kept import Kept
from milepad.pinpad.service import Service

_numbers = itertools.count(1)


def account(number: str = CARD, mode: str = "Scanned") -> dict[str, Any]:
    """LoyaltyData of a card that the till has read."""
    kinds = {"Scanned": "BarCode", "MagStripe": "ISOTrack2", "Keyed": "AccountNumber"}
    return {
        "LoyaltyAccountID": {
            "EntryMode": [mode],
            "IdentificationType": kinds[mode],
            "LoyaltyID": number,
        }
    }


def loyalty(
    kind: str,
    total: str = "43.35",
    value: str | None = None,
    data: dict[str, Any] | None = None,
    sale: dict[str, Any] | None = None,
    **transaction: Any,
) -> dict[str, Any]:
    """The body of a LoyaltyRequest; amounts as the till writes them."""
    one = dict(data or {})
    if value is not None:
        one["LoyaltyAmount"] = {"LoyaltyUnit": "Monetary", "Value": value}
    body: dict[str, Any] = {
        "SaleData": sale or {},
        "LoyaltyTransaction": {"LoyaltyTransactionType": kind, **transaction},
    }
    if total:
        body["LoyaltyTransaction"]["TotalAmount"] = total
    return body | ({"LoyaltyData": [one]} if one else {})


def original(trace_id: str) -> dict[str, Any]:
    """What a refund names."""
    return {"OriginalPOITransaction": {"POITransactionID": {"TransactionID": trace_id}}}


class Pad(Shop):
    """Its menu runs; `ask` is a till, which may be answered later."""

    def __init__(self, language: str = "en-CA", **script: Any) -> None:
        self.till_store: Any = ring_store(24)
        self.till_store.warning = ""
        profile = script.pop("profile", {})
        till = {"mode": "serial", **profile.pop("till", {})}
        super().__init__(language, profile={"till": till, **profile}, **script)

    def set_time(self, time: Any) -> None:
        super().set_time(time)
        self.service = Service(self.device, None, Kept(self.till_store))
        self.device.till = self.service
        self.service.settle()

    async def start(self) -> None:
        """The idle screen stands."""
        self.begin("menu", "look back")
        await self.sees("TILL")

    async def take(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """What stands within the answer to a message."""
        raw = await self.service.take(json.dumps({"SaleToPOIRequest": message}).encode())
        if raw is None:
            return None
        (found,) = json.loads(raw).values()
        return found

    def message(
        self, category: str, body: Any, service_id: str = "", sale_id: str = "TILL1"
    ) -> dict[str, Any]:
        head = {
            "MessageClass": "Service",
            "MessageCategory": category,
            "MessageType": "Request",
            "SaleID": sale_id,
            "POIID": "001",
            "ServiceID": service_id or "t%d" % next(_numbers),
        }
        return {"MessageHeader": head, category + "Request": body}

    async def ask(
        self, category: str, body: Any = None, service_id: str = "", sale_id: str = "TILL1"
    ) -> Any:
        """The body of the response."""
        found = await self.take(self.message(category, body or {}, service_id, sale_id))
        return found and found[category + "Response"]

    def asks(self, category: str, body: Any = None, service_id: str = "") -> asyncio.Task:
        """The same, while something else goes on."""
        self._mark = len(self.display.screens) - 1
        return asyncio.create_task(self.ask(category, body, service_id))

    async def status(self, service_id: str = "") -> Any:
        about = {"MessageReference": {"ServiceID": service_id}} if service_id else {}
        return await self.ask("TransactionStatus", about)

    async def redeemed(self, service_id: str = "") -> Any:
        """A redemption of $40.00 to its end."""
        body = loyalty("Redemption", value="40.00", data=account())
        task = self.asks("Loyalty", body, service_id)
        await self.sees("REDEEM", "ENTER=YES")
        await self.press("ENTER")
        return await task
