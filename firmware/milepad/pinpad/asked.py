"""What loyalty requests have in common: a list's first object, the basket, the slip's language,
the transaction that is meant.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import MessageError
from milepad.base.money import parse_dollars
from milepad.base.text import digits_only
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import REDEEM
from milepad.pinpad import conditions, messages
from milepad.pinpad.dialogue import Refused

if TYPE_CHECKING:
    from milepad.pinpad.messages import Node, Request
    from milepad.workflows.device import Device


def first(request: "Request", name: str) -> "Node":
    """The first object of a list, or an empty one."""
    found = request.body.children(name)
    return found[0] if found else request.body.child("nothing")


def total_of(device: "Device", request: "Request") -> int:
    """The basket that a loyalty request is about, in cents. Raises Refused, MessageError."""
    cents = request.body.child("LoyaltyTransaction").cents("TotalAmount")
    if not cents:
        raise MessageError("TotalAmount")
    max_basket = device.profile["cashier"]["max_basket"]
    if cents > parse_dollars(max_basket):
        raise Refused(conditions.PAYMENT_RESTRICTION, note="maxBasket=" + max_basket)
    return cents


def language_of(device: "Device", request: "Request") -> str:
    """Of the collector's slip: as the till says it, or as it was chosen on the pad."""
    where = request.body.child("LoyaltyTransaction").child("TransactionConditions")
    spoken = messages.language_of(where.text("CustomerLanguage"))
    return spoken or device.terminal.slip_language


def original(device: "Device", named: "Node") -> Transaction | None:
    """The ledger's redemption that a till names by its POITransactionID; None where it names
    none that is here. Raises MessageError.
    """
    text = named.child("POITransactionID").text("TransactionID", 40)
    if not text:
        if named.has("ApprovalCode"):
            return device.ledger.find_redemption(named.text("ApprovalCode", 24))
        raise MessageError("POITransactionID")
    if len(text) == 12 and digits_only(text):
        for entry in device.ledger.holding(int(text).to_bytes(5, "big")):
            if (entry.trace_id, entry.op) == (text, REDEEM):
                return entry
    return None
