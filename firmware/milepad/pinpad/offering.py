"""What may be redeemed on a till's basket, or why nothing may."""

from milepad.amcash import offer, response_codes
from milepad.base.compat import TYPE_CHECKING
from milepad.base.transaction import Transaction
from milepad.pinpad import conditions, showing
from milepad.pinpad.dialogue import Refused

if TYPE_CHECKING:
    from milepad.amcash.offer import Offer
    from milepad.link.retry import CallResult
    from milepad.workflows.device import Device


async def offered(device: "Device", sale: Transaction) -> "Offer":
    """What may be redeemed. Raises Cancelled, and Refused where that is nothing."""
    inquiry = Transaction(
        basket_cents=sale.basket_cents,
        collector_number=sale.collector_number,
        card_entry_mode=sale.card_entry_mode,
        language=sale.language,
    )
    call = await device.transactions.inquire(inquiry)
    row = response_codes.lookup(call.code)
    if call.reply is None or not row.inquiry_ok or not row.prompt_allowed:
        raise failed(device, call)
    found = offer.limits(call.reply, sale.basket_cents)
    if found is None:
        fault = Refused(conditions.REFUSAL, call.code, "offer=none")
        fault.after = showing.refusal(device.terminal, device.terminal.text("no_offer"))
        raise fault
    if device.ledger.warning:
        raise Refused(conditions.DEVICE_OUT, note="storage=" + device.ledger.warning)
    return found


def failed(
    device: "Device", call: "CallResult", second_key: str = "no_discount"
) -> Refused:
    """What to raise for an inquiry that gives no way on."""
    condition = conditions.of_call(call.outcome, call.code, call.cause)
    fault = Refused(condition or conditions.of_code(call.code), call.code)
    fault.after = showing.failed_inquiry(device.terminal, call, second_key)
    return fault
