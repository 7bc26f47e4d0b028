"""What the records want of a request."""

from __future__ import annotations

from typing import Any

from tools.emulator.issuance.records import Issuance
from tools.emulator.service import Call


def new_issuance(call: Call, request: dict[str, Any], **what: Any) -> Issuance:
    """The entry of a request; `what` are the members that it does not tell."""
    return Issuance(
        op=call.op,
        collector=request.get("collectorNumber"),
        trace_id=request.get("checkoutTransactionId") or request["clientTransactionId"],
        device_id=request.get("deviceId"),
        pre_tax_cents=request.get("basketPreTaxAmount"),
        post_tax_cents=request.get("basketPostTaxAmount"),
        idempotency_key=call.key,
        identity=call.identity,
        committed_s=call.now_s,
        **what,
    )
