"""Whose account a till means: a number that it read itself, a card that it had read here before,
or one that is to be read now.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import CardError, MessageError
from milepad.base.text import digits_only
from milepad.base.vocabulary import MANUAL, SCAN, SWIPE
from milepad.card import collector_number, scan, tracks
from milepad.pinpad import conditions
from milepad.pinpad.dialogue import Refused
from milepad.terminal import prompts

if TYPE_CHECKING:
    from milepad.card.collector_number import Card
    from milepad.card.protocols import CardRules
    from milepad.pinpad.messages import Node
    from milepad.pinpad.service import Service

_MODES = {"Scanned": SCAN, "MagStripe": SWIPE, "Keyed": MANUAL, "Manual": MANUAL}


async def card_of(service: "Service", data: "Node", note: str, or_key: str) -> "Card":
    """The card that `data` (LoyaltyData, LoyaltyAccountReq) means; else it is asked for on the
    pad, `note` beside the question, `or_key` the words for keying it. Raises Cancelled, Refused,
    MessageError.
    """
    device = service.device
    account = data.child("LoyaltyAccountID")
    if account.has("LoyaltyID"):
        device.terminal.card = None  # one that lies there is another customer's
        device.terminal.slip_language = device.terminal.language
        return _given(account, device.profile["card"])
    reference = data.child("CardAcquisitionReference").text("TransactionID")
    if reference:
        found = service.memory.acquired(reference)
        if found is None:
            raise Refused(conditions.NOT_FOUND, note="card=unknown")
        device.terminal.card = None
        return found
    return await prompts.ask_card(device.terminal, device.profile["card"], note, "", or_key)


def _given(account: "Node", rules: "CardRules") -> "Card":
    """The card as the till's own reader read it. Raises Refused, MessageError."""
    modes = account.texts("EntryMode")
    mode = _MODES.get(modes[0]) if modes else None
    if mode is None:
        raise MessageError("EntryMode")
    text = account.text("LoyaltyID")
    try:
        card = _read(account.text("IdentificationType"), text, mode, rules)
    except CardError:
        raise Refused(conditions.INVALID_CARD)
    card.card_entry_mode = mode
    return card


def _read(kind: str, text: str, mode: str, rules: "CardRules") -> "Card":
    """A number by itself, or all that stood on the card; by its rules then. Raises CardError."""
    length = rules.get("length", collector_number.LENGTH)
    if digits_only(text) and len(text) == length:
        return collector_number.accept(text, rules, mode)
    if kind == "BarCode":
        return scan.scan(text, rules)
    if kind == "ISOTrack2":
        return tracks.swipe(text if text.startswith(";") else ";%s?" % text, rules)
    raise CardError("no collector number")
