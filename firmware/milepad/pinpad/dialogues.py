"""Which dialogue a request begins."""

from milepad.base.compat import TYPE_CHECKING
from milepad.pinpad import conditions, reports
from milepad.pinpad.messages import Answer

if TYPE_CHECKING:
    from milepad.pinpad.protocols import Work
    from milepad.pinpad.service import Dialogue, Service


async def work(service: "Service", dialogue: "Dialogue") -> "Work":
    """Carries a request out: its answer, and what is to be done once that has been sent.

    Raises Cancelled, MessageError, StorageError.
    """
    category = dialogue.request.category
    if category == "Diagnosis":
        return await reports.diagnosis(service.device, dialogue.request)
    if category == "GetTotals":
        return reports.totals(service.device)
    return Answer(conditions.UNAVAILABLE_SERVICE), None
