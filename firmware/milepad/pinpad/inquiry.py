"""A till asks for a card, or for a balance, which goes to paper and to no display."""

from binascii import hexlify

from milepad.amcash import response_codes
from milepad.base.compat import TYPE_CHECKING, random_bytes
from milepad.base.money import format_dollars
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import INQUIRE
from milepad.pinpad import cards, receipts, told
from milepad.pinpad.messages import Answer, timestamp
from milepad.pinpad.offering import failed, offered

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.protocols import After, Work
    from milepad.pinpad.service import Service
    from milepad.workflows.device import Device


async def balance(service: "Service", dialogue: "Dialogue") -> "Work":
    """BalanceInquiry: the slip comes from the pad's printer, or in the response for the
    till's. Raises Cancelled, Refused, MessageError.
    """
    device, request = service.device, dialogue.request
    data = request.body.child("LoyaltyAccountReq")
    card = await cards.card_of(service, data, "", "or_key")
    inquiry = Transaction(
        op=INQUIRE,
        collector_number=card.collector_number,
        card_entry_mode=card.card_entry_mode,
        language=device.terminal.slip_language,
    )
    call = await device.transactions.inquire(inquiry)
    row = response_codes.lookup(call.code)
    if call.reply is None or not row.inquiry_ok:
        raise failed(device, call, "no_balance")
    facts = device.slips.facts.of_balance(inquiry, call.reply)
    status = {"LoyaltyAccount": told.account(device, inquiry)}
    members: "dict[str, Any]" = {"LoyaltyAccountStatus": status}
    notes = {"responseCode": call.code}
    if dialogue.sale.prints:
        members["PaymentReceipt"] = receipts.of_facts(device, facts, inquiry.language)
        return Answer("", notes, members), None
    return Answer("", notes, members), _printed(device, facts, inquiry.language, call.code)


def _printed(device: "Device", facts: dict, language: str, code: str) -> "After":
    async def after() -> None:
        terminal = device.terminal
        terminal.announce("ok", terminal.text("printing"))
        if await device.slips.print(facts, language):
            allowed = response_codes.lookup(code).balances_allowed
            terminal.show(terminal.text("balance_printed" if allowed else "balance_hidden"))

    return after


async def card(service: "Service", dialogue: "Dialogue") -> "Work":
    """CardAcquisition: a card is read, and named in later requests by a reference; what may be
    redeemed is told where LoyaltyHandling is Proposed. Raises Cancelled, Refused, MessageError.
    """
    device = service.device
    asked = dialogue.request.body.child("CardAcquisitionTransaction")
    cents = asked.cents("TotalAmount") or 0
    note = device.terminal.dollars(cents) if cents else ""
    found = await cards.card_of(service, asked, note, "or_key")
    entry = Transaction(
        basket_cents=cents,
        collector_number=found.collector_number,
        card_entry_mode=found.card_entry_mode,
        language=device.terminal.slip_language,
    )
    notes: "dict[str, Any]" = {}
    if asked.text("LoyaltyHandling") == "Proposed" and cents:
        proposed = await offered(device, entry)
        notes["offerAmount"] = format_dollars(proposed.cents(proposed.units))
        notes["offerUnit"] = format_dollars(proposed.unit_cents)
    reference = hexlify(random_bytes(6)).decode()
    service.memory.acquire(reference, found)
    identity = {"TransactionID": reference, "TimeStamp": timestamp(device.time.now_s())}
    members = {
        "POIData": {"POITransactionID": identity},
        "LoyaltyAccount": [told.account(device, entry)],
    }
    return Answer("", notes, members), None
