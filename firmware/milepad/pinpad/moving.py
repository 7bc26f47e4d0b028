"""The order that money depends on, between till and pad: the record, then the transaction (see
`transactions`), then the record's end, then the till is told.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import Cancelled, FieldError, MessageError, StorageError
from milepad.pinpad import conditions, told
from milepad.pinpad.kept import KINDS, Record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from milepad.base.transaction import Transaction
    from milepad.link.retry import CallResult
    from milepad.pinpad.dialogue import Dialogue, Refused
    from milepad.pinpad.messages import Answer
    from milepad.pinpad.service import Service


async def move(
    service: "Service",
    dialogue: "Dialogue",
    entry: "Transaction",
    submit: "Callable[[], Awaitable[CallResult]]",
) -> "tuple[Answer, CallResult | None]":
    """Has `submit()` send `entry`; what the till is told, and the call's result where there is
    one. Raises StorageError when not even the record can be kept: then nothing was sent.
    """
    record = begin(service, dialogue)
    call = None
    try:
        call = await submit()
        record.condition = conditions.of_call(call.outcome, call.code, call.cause)
    except Cancelled:
        word = conditions.ABORTED if dialogue.aborted else conditions.CANCEL
        record.condition = word
    except StorageError as fault:
        record.condition, record.note = conditions.DEVICE_OUT, "storage=" + fault.reason
    except FieldError as fault:
        record.condition, record.note = conditions.NOT_ALLOWED, "field=" + fault.field
    has_entry = entry.sequence > 0
    if has_entry:
        told.fill(record, entry)
    finish(service, record)
    return told.answer(service.device, record, entry if has_entry else None), call


def begin(service: "Service", dialogue: "Dialogue") -> Record:
    """The record of a request, on flash. Raises StorageError."""
    request = dialogue.request
    record = Record()
    record.kind = kind_of(dialogue)
    record.till_prints = dialogue.sale.prints
    record.checksum = request.checksum()
    time = service.device.time
    record.unix_s = time.now_s() if time.is_set() else 0
    record.after = service.device.ledger.last
    record.sale_id, record.service_id = request.key
    service.kept.begin(record)
    dialogue.record = record
    return record


def kind_of(dialogue: "Dialogue") -> str:
    """One of KINDS; "" for a request that moves no miles, or is none."""
    request = dialogue.request
    kind = request.category
    try:
        if kind == "Loyalty":
            kind = request.body.child("LoyaltyTransaction").text("LoyaltyTransactionType")
    except MessageError:
        return ""
    return kind if kind in KINDS else ""


def finish(service: "Service", record: Record) -> None:
    """The record's end, on flash; where the flash fails, the ledger knows it all the same."""
    try:
        service.kept.finish(record)
    except StorageError as fault:
        service.device.log("till: %s" % fault)


def refused(service: "Service", dialogue: "Dialogue", fault: "Refused") -> "Answer":
    """What the till is told of a request that came to nothing; the same again later."""
    record = dialogue.record
    if record is None and kind_of(dialogue):
        try:
            record = begin(service, dialogue)
        except StorageError:  # it is told now, and forgotten with the power
            pass
    record = record or Record()
    record.condition, record.code, record.note = fault.condition, fault.code, fault.note
    if record.number:
        finish(service, record)
    return told.answer(service.device, record, None)
