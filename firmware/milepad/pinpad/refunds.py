"""A till takes back what it, or the pad, has redeemed: whole, by the transaction's own number."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.text import letters_or_digits
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import APPROVED, MANUAL, OPEN, REVERSE
from milepad.pinpad import cards, conditions, moving, showing
from milepad.pinpad.asked import first, language_of, original
from milepad.pinpad.dialogue import Refused

if TYPE_CHECKING:
    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.protocols import Work
    from milepad.pinpad.service import Service
    from milepad.workflows.device import Device


async def work(service: "Service", dialogue: "Dialogue") -> "Work":
    """Reversal, or RedemptionRefund. Raises Cancelled, Refused, MessageError."""
    device, body = service.device, dialogue.request.body
    is_reversal = dialogue.request.category == "Reversal"
    node = body if is_reversal else body.child("LoyaltyTransaction")
    named = node.child("OriginalPOITransaction")
    kept = original(device, named)
    if is_reversal and kept is None and device.earnings:
        # Only an award's reversal needs what awards do.
        from milepad.pinpad import awards

        return await awards.reverse(service, dialogue, named)
    number = kept.result.confirmation_number if kept else named.text("ApprovalCode", 24)
    if not letters_or_digits(number):
        raise Refused(conditions.NOT_FOUND)
    if kept:
        _check(device, kept, node.cents("ReversedAmount" if is_reversal else "TotalAmount"))
    reversal = Transaction(op=REVERSE, redemption_number=number)
    await _fill(service, dialogue, reversal, kept)
    answer, call = await moving.move(
        service, dialogue, reversal, lambda: device.transactions.submit(REVERSE, reversal)
    )
    prints = dialogue.sale.prints
    return answer, showing.result(device, reversal, call, prints, "no_refund")


def _check(device: "Device", kept: Transaction, cents: int | None) -> None:
    """Whether there is something to take back. Raises Refused."""
    if kept.outcome == OPEN:
        raise Refused(conditions.IN_PROGRESS)
    if kept.outcome != APPROVED:
        raise Refused(conditions.NOT_FOUND)
    if cents is not None and cents != kept.moved_cents:  # it goes back as a whole
        raise Refused(conditions.NOT_ALLOWED, note="whole=%d" % kept.moved_cents)
    earlier = device.ledger.reversal_of(kept.result.confirmation_number)
    if earlier and earlier.outcome == APPROVED:
        raise Refused(conditions.NOT_ALLOWED, note="refunded=true")
    if earlier and earlier.outcome == OPEN:
        raise Refused(conditions.IN_PROGRESS)


async def _fill(
    service: "Service",
    dialogue: "Dialogue",
    reversal: Transaction,
    kept: Transaction | None,
) -> None:
    """Whose miles go back: the sale's own card on the ledger, or the one that is shown. Raises
    Cancelled, Refused, MessageError.
    """
    device, request = service.device, dialogue.request
    data = first(request, "LoyaltyData")
    if kept and not data.members:
        reversal.collector_number = kept.collector_number
        reversal.card_entry_mode = kept.card_entry_mode
        reversal.language = kept.language
        return
    card = await cards.card_of(service, data, "", "keyed_no_refund")
    if card.card_entry_mode == MANUAL:
        raise Refused(conditions.NOT_ALLOWED, note="card=keyed")
    if kept and card.collector_number != kept.collector_number:
        raise Refused(conditions.INVALID_CARD, note="card=other")
    reversal.collector_number = card.collector_number
    reversal.card_entry_mode = card.card_entry_mode
    reversal.language = kept.language if kept else language_of(device, request)
