"""The decisions, pure: does a request make sense, and how many miles is it about.

Miles are whole, money is cents. What a rule needs is passed in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tools.emulator.issuance.operations import Operation
from tools.emulator.parameters import BadParameterError
from tools.emulator.settings import Settings

_TAXES = ("basketGSTAmount", "basketHSTAmount", "basketPSTAmount", "basketQSTAmount")
_HOUR_S = 3600


def check(request: dict[str, Any], now_s: float, settings: Settings) -> None:
    """Raises BadParameterError when amounts do not tie, or a limit is passed."""
    if "basketPostTaxAmount" in request:
        _check_basket(request, settings)
        _check_age(request, now_s, settings)
    _check_contributions(request)


def miles(operation: Operation, request: dict[str, Any], settings: Settings) -> int:
    """The miles that a request is about, moved or not. Raises BadParameterError."""
    if operation.family == "AMRP":
        found = request["basketPreTaxAmount"] // (settings.issuance_dollars_per_mile * 100)
    else:
        found = sum(each["milesAmount"] for each in request.get("issuances", ()))
    if found > settings.issuance_max_miles:
        raise BadParameterError("issuances", f"{settings.issuance_max_miles} miles at most")
    if operation.family == "partner" and found == 0:
        raise BadParameterError("issuances", "one mile at least")
    return int(found)


def reasons(
    operation: Operation, request: dict[str, Any], found: int
) -> list[dict[str, Any]]:
    """The same miles by reason, as a reply has them."""
    if operation.family != "AMRP":
        return list(request.get("issuances", ()))
    return [{"issuanceOfferCode": "STANDARD", "milesAmount": found}] if found else []


def split(moved: int, settings: Settings) -> tuple[int, int]:
    """Miles as Cash and Dream Miles, negative for a withdrawal; the odd mile is a Dream."""
    cash = abs(moved) * settings.issuance_cash_percent // 100
    cash = cash if moved > 0 else -cash
    return cash, moved - cash


def _check_basket(request: dict[str, Any], settings: Settings) -> None:
    items = request.get("items", ())
    if len(items) > settings.issuance_max_items:
        raise BadParameterError("items", f"{settings.issuance_max_items} lines at most")
    if settings.issuance_untied == "accept":
        return
    before_tax = request["basketPreTaxAmount"]
    if items and sum(each["finalAmount"] for each in items) != before_tax:
        raise BadParameterError("basketPreTaxAmount", "the sum of finalAmount of all items")
    taxes = sum(request.get(name, 0) for name in _TAXES)
    if before_tax + taxes != request["basketPostTaxAmount"]:
        raise BadParameterError(
            "basketPostTaxAmount", "basketPreTaxAmount and the four taxes together"
        )


def _check_age(request: dict[str, Any], now_s: float, settings: Settings) -> None:
    if settings.issuance_max_age_hours < 0:
        return
    bought_s = datetime.fromisoformat(request["checkoutDateTime"]).timestamp()
    if now_s - bought_s > settings.issuance_max_age_hours * _HOUR_S:
        raise BadParameterError("checkoutDateTime", "a sale that is not too old")


def _check_contributions(request: dict[str, Any]) -> None:
    known = {each["id"] for each in request.get("items", ())}
    for each in request.get("issuances", ()):
        if not known.issuperset(each.get("contributingItemIds", ())):
            raise BadParameterError("contributingItemIds", "the id of items in the request")
