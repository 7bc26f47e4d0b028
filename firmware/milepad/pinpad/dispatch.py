"""Which dialogue a request begins, and what the till is told where it comes to nothing."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import (
    Cancelled,
    FieldError,
    MessageError,
    MilepadError,
    StorageError,
)
from milepad.pinpad import conditions, moving
from milepad.pinpad.dialogue import Refused

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.messages import Sale
    from milepad.pinpad.protocols import Work
    from milepad.pinpad.service import Service


_OF_TODAY = ("Redemption", "Award")  # what takes back is held by the ledger


async def work(service: "Service", dialogue: "Dialogue") -> "Work":
    """Carries a request out: its answer, and what is to be done once that has been sent."""
    kind = moving.kind_of(dialogue) or dialogue.request.category
    try:
        sale = dialogue.sale = service.sale(dialogue.request)
        who = (dialogue.request.sale_id, kind, sale.operator_id or "-")
        service.device.log("till: %s asks for %s, cashier %s" % who)
        if moving.kind_of(dialogue):
            _check(service, sale, kind)
        return await _begun(service, dialogue, kind)
    except Refused as fault:
        refused = fault
    except Cancelled:
        refused = Refused(conditions.ABORTED if dialogue.aborted else conditions.CANCEL)
    except MessageError as fault:
        refused = Refused(conditions.MESSAGE_FORMAT, note="member=%s" % fault)
    except StorageError as fault:
        refused = Refused(conditions.DEVICE_OUT, note="storage=" + fault.reason)
    except FieldError as fault:
        refused = Refused(conditions.NOT_ALLOWED, note="field=" + fault.field)
    except MemoryError:
        if dialogue.record:  # something may be under way: a new start of the device asks
            raise
        service.device.log("till: no memory for it")
        refused = Refused(conditions.UNAVAILABLE_DEVICE, note="memory=full")
    except MilepadError as fault:  # the shop's rules for offers, for one, may be missing
        service.device.log("till: %s" % fault)
        refused = Refused(conditions.UNAVAILABLE_DEVICE)
    return moving.refused(service, dialogue, refused), refused.after


def _check(service: "Service", sale: "Sale", kind: str) -> None:
    """Whether that sale may move miles. Raises Refused, StorageError."""
    if sale.is_training:
        raise Refused(conditions.NOT_ALLOWED, note="training=true")
    if not service.is_protected or kind not in _OF_TODAY or sale.day is None:
        return
    if sale.day < service.kept.since_s() // 86400:  # it may have been carried out then
        raise Refused(conditions.NOT_ALLOWED, note="sale=old")


async def _begun(service: "Service", dialogue: "Dialogue", kind: str) -> "Work":
    work: "Any"
    # Each brings its own code along, as the menu's workflows do.
    if kind == "Redemption":
        from milepad.pinpad import redemption

        work = redemption.work
    elif kind in ("RedemptionRefund", "Reversal"):
        from milepad.pinpad import refunds

        work = refunds.work
    elif kind in ("Award", "AwardRefund"):
        from milepad.pinpad import awards

        work = awards.award if kind == "Award" else awards.refund
    elif kind in ("BalanceInquiry", "CardAcquisition"):
        from milepad.pinpad import inquiry

        work = inquiry.balance if kind == "BalanceInquiry" else inquiry.card
    elif kind in ("Diagnosis", "GetTotals"):
        from milepad.pinpad import reports

        work = reports.diagnosis if kind == "Diagnosis" else reports.totals
    else:  # no kind of loyalty that is served; or what keeps it from being one
        dialogue.request.body.child("LoyaltyTransaction").text("LoyaltyTransactionType")
        raise Refused(conditions.UNAVAILABLE_SERVICE)
    return await work(service, dialogue)
