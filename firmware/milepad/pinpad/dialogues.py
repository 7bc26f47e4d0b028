"""Which dialogue a request begins, and what the till is told where it comes to nothing."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import Cancelled, FieldError, MessageError, StorageError
from milepad.pinpad import (
    awards,
    conditions,
    inquiry,
    moving,
    redemption,
    refunds,
    reports,
)
from milepad.pinpad.dialogue import Refused

if TYPE_CHECKING:
    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.protocols import Work
    from milepad.pinpad.service import Service


async def work(service: "Service", dialogue: "Dialogue") -> "Work":
    """Carries a request out: its answer, and what is to be done once that has been sent."""
    kind = moving.kind_of(dialogue) or dialogue.request.category
    try:
        sale = service.sale(dialogue.request)
        who = (dialogue.request.sale_id, kind, sale.operator_id or "-")
        service.device.log("till: %s asks for %s, cashier %s" % who)
        if sale.is_training and moving.kind_of(dialogue):
            raise Refused(conditions.NOT_ALLOWED, note="training=true")
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
    return moving.refused(service, dialogue, refused), refused.after


async def _begun(service: "Service", dialogue: "Dialogue", kind: str) -> "Work":
    work = _WORKS.get(kind)
    if work:
        return await work(service, dialogue)
    # Which kind of loyalty is not served; or what keeps it from being one.
    dialogue.request.body.child("LoyaltyTransaction").text("LoyaltyTransactionType")
    raise Refused(conditions.UNAVAILABLE_SERVICE)


_WORKS = {
    "Redemption": redemption.work,
    "RedemptionRefund": refunds.work,
    "Reversal": refunds.work,
    "Award": awards.award,
    "AwardRefund": awards.refund,
    "BalanceInquiry": inquiry.balance,
    "CardAcquisition": inquiry.card,
    "Diagnosis": reports.diagnosis,
    "GetTotals": reports.totals,
}
