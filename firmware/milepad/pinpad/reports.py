"""What the pad says of itself and of its day."""

from milepad import VERSION
from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import APPROVED
from milepad.ledger.totals import between, business_day
from milepad.pinpad.exact_json import Cents
from milepad.pinpad.messages import CURRENCY, Answer

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.protocols import Work
    from milepad.pinpad.service import Service

_PRINTER = {
    "ready": "OK",
    "paper": "PaperOut",
    "cover": "OutOfOrder",
    "fault": "OutOfOrder",
}


async def diagnosis(service: "Service", dialogue: "Dialogue") -> "Work":
    """Printer, link, ledger and version; the platform too where HostDiagnosisFlag asks."""
    device = service.device
    if dialogue.request.body.flag("HostDiagnosisFlag"):
        call = await device.transactions.echo()
        is_up = call.outcome == APPROVED
    else:
        is_up = device.transactions.link == "up"
    printer = _PRINTER.get(await device.terminal.printer_status(), "OutOfOrder")
    warning = device.ledger.warning
    status: "dict[str, Any]" = {
        "GlobalStatus": "OutOfOrder" if warning else "OK",
        "CommunicationOKFlag": is_up,
        "CardReaderOKFlag": True,  # a reader that is not there just never reads
        "PrinterStatus": printer,
    }
    host = {
        "AcquirerID": device.profile["partner"]["acquirer_id"],
        "IsReachableFlag": is_up,
    }
    notes: "dict[str, Any]" = {
        "version": VERSION,
        "refused": service.refused,
        "link": device.transactions.link,
        "ledgerFree": device.ledger.free(),
        "open": len(device.ledger.open_entries()),
    }
    if device.earnings is not None:
        notes["queue"] = device.earnings.waiting()[0]
    return Answer("", notes, {"POIStatus": status, "HostStatus": [host]}), None


async def totals(service: "Service", _dialogue: "Dialogue") -> "Work":
    """The business day so far, as the reports have it."""
    device = service.device
    hour = device.profile["time"]["day_hour"]
    day = business_day(device.ledger, device.time, device.zone, hour)
    found = between(device.ledger, *day)
    rows = (
        ("Redemption", found.redeemed_count, found.redeemed_cents),
        ("RedemptionRefund", found.reversed_count, found.reversed_cents),
    )
    totals = {
        "PaymentInstrumentType": "LoyaltyAccount",
        "LoyaltyUnit": "Monetary",
        "LoyaltyCurrency": CURRENCY,
        "LoyaltyTotals": [
            {
                "TransactionType": kind,
                "TransactionCount": count,
                "TransactionAmount": Cents(cents),
            }
            for kind, count, cents in rows
        ],
    }
    members = {"POIReconciliationID": str(day[0]), "TransactionTotals": [totals]}
    return Answer("", {"unresolved": found.unresolved_count}, members), None
