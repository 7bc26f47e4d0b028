"""The response to a request that may move miles: made of its record and of the ledger's entry,
so that it is the same whenever it is asked for.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import MANUAL, SCAN
from milepad.card.collector_number import masked
from milepad.pinpad import receipts
from milepad.pinpad.exact_json import Cents
from milepad.pinpad.messages import CURRENCY, Answer, timestamp

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.transaction import Transaction
    from milepad.pinpad.kept import Record
    from milepad.workflows.device import Device

_ENTRY_MODES = {SCAN: "Scanned", MANUAL: "Keyed"}


def answer(device: "Device", record: "Record", entry: "Transaction | None") -> Answer:
    """What the till is told; `entry` is the ledger's, None where there is none."""
    notes = {"outcome": record.outcome} if record.outcome else {}
    if record.code:
        notes["responseCode"] = record.code
    if record.note:
        name, _, value = record.note.partition("=")
        notes[name] = value
    if entry is None:
        return Answer(record.condition, notes)
    notes["traceId"] = entry.trace_id
    if entry.result.mismatch:
        notes["mismatch"] = "true"
    members: "dict[str, Any]" = {"POIData": {"POITransactionID": _identity(entry)}}
    if record.till_prints:
        members["PaymentReceipt"] = receipts.of_transaction(device, entry)
    if record.kind == "Reversal":
        if not record.condition and not entry.is_earning:
            members["ReversedAmount"] = Cents(record.cents)
    else:
        members["LoyaltyResult"] = _results(device, record, entry)
    return Answer(record.condition, notes, members)


def _identity(entry: "Transaction") -> "dict[str, Any]":
    """By what a till names it later: the trace id, and when it was made."""
    return {"TransactionID": entry.trace_id, "TimeStamp": timestamp(entry.unix_s)}


def _results(
    device: "Device", record: "Record", entry: "Transaction"
) -> "list[dict[str, Any]]":
    """What was moved: in money where it was Cash, and in miles."""
    acquirer = {
        "LoyaltyAcquirerID": device.profile["partner"]["acquirer_id"],
        "LoyaltyTransactionID": _identity(entry),
    }
    if entry.result.confirmation_number:
        acquirer["ApprovalCode"] = entry.result.confirmation_number
    shared = {"LoyaltyAccount": account(device, entry), "LoyaltyAcquirerData": acquirer}
    amounts: "list[dict[str, Any]]" = []
    if not record.condition and not entry.is_earning:
        amounts.append(
            {
                "LoyaltyUnit": "Monetary",
                "Currency": CURRENCY,
                "Value": Cents(record.cents),
            }
        )
    if not record.condition and record.miles:
        amounts.append({"LoyaltyUnit": "Point", "Value": record.miles})
    found = []
    for amount in amounts:
        one = dict(shared)
        one["LoyaltyAmount"] = amount
        found.append(one)
    return found or [shared]


def account(device: "Device", entry: "Transaction") -> "dict[str, Any]":
    """Whose account it is, without the number: the end of it, as slips have it."""
    return {
        "LoyaltyAccountID": {
            "EntryMode": [_ENTRY_MODES.get(entry.card_entry_mode, "MagStripe")],
            "IdentificationType": "AccountNumber",
            "LoyaltyID": masked(entry.collector_number),
        },
        "LoyaltyBrand": device.profile["programme"]["name"],
    }


def fill(record: "Record", entry: "Transaction") -> None:
    """Takes what an entry has come to into its record, but for the condition."""
    result = entry.result
    record.outcome = result.outcome
    record.sequence = entry.sequence
    record.cents = entry.moved_cents
    record.miles = result.miles or entry.miles  # as the reply or the rules say
    record.code = result.response_code
