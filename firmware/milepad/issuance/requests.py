"""AIR MILES Issuance requests as bytes: built once, validated before, members in a fixed order.

Source: FACTS 6.1 to 6.5. Money and miles are JSON numbers here, where AM Cash has strings.
Members stand by name, as in the published list, so that a second copy is the first one.
"""

from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import FieldError
from milepad.base.money import format_dollars
from milepad.base.request import (
    Identity,
    Request,
    check_alphanumeric,
    check_digits,
    check_uuid,
)
from milepad.base.text import digits_only, is_printable, letters_or_digits
from milepad.base.vocabulary import (
    CALCULATE,
    ISSUE,
    POST,
    POST_EVENT,
    RECORD,
    RETURN,
    REVERSE_EVENT,
    REVERSE_POST,
)
from milepad.issuance import basket as baskets
from milepad.issuance.json_text import array, members, string
from milepad.issuance.paths import path, takes_key

if TYPE_CHECKING:
    from typing import Any, Sequence

    from milepad.base.transaction import Transaction
    from milepad.issuance.basket import Basket, Line
    from milepad.issuance.protocols import Members

# No lengths are published: these hold every sample, and keep a body within a few KiB.
_MAX_ID = const(40)
_MAX_TEXT = const(80)  # of names and descriptions, which are cut
_MAX_LINES = const(60)
_MAX_ISSUANCES = const(25)
_MAX_COUPONS = const(20)
_MAX_NOTES = const(8)
_MAX_MILES = const(999999)

_EVENTS = (POST_EVENT, REVERSE_EVENT)
_TAKING_BACK = (RETURN, REVERSE_POST)
# How many issuances an operation has: what the platform computes has none.
_LEAST_AND_MOST = {
    CALCULATE: (0, 0),
    ISSUE: (0, 0),
    RETURN: (0, 0),
    RECORD: (0, _MAX_ISSUANCES),
    POST: (1, _MAX_ISSUANCES),
    REVERSE_POST: (1, _MAX_ISSUANCES),
    POST_EVENT: (1, _MAX_ISSUANCES),
    REVERSE_EVENT: (1, _MAX_ISSUANCES),
}


class Issuance:
    """Miles for one reason: an element of `issuances`.

    `miles` are positive for a withdrawal too, as in its sample. `item_ids`: the lines that
    they come from.
    """

    def __init__(
        self,
        miles: int,
        offer_code: str = "STANDARD",
        offer_id: str = "",
        description: str = "",
        item_ids: "Sequence[str]" = (),
    ):
        self.miles = miles
        self.offer_code = offer_code
        self.offer_id = offer_id
        self.description = description
        self.item_ids = item_ids


def date_time(unix_s: int) -> str:
    """A moment as the samples have it: 2019-05-30T14:12:59.000Z."""
    return "%04d-%02d-%02dT%02d:%02d:%02d.000Z" % clock.civil(unix_s)


def build(
    identity: Identity,
    transaction: "Transaction",
    basket: "Basket",
    issuances: "Sequence[Issuance]",
    settings: "dict[str, Any]",
) -> Request:
    """The request of an earning that has its trace id, key and time, by its `op`.

    `settings` is the profile's section `issuance`. An event takes only coupons and context
    from its basket. Raises FieldError for a value that the platform would refuse, and where
    the transaction and what is asked for differ.
    """
    op = transaction.op
    least, most = _LEAST_AND_MOST[op]
    if not least <= len(issuances) <= most:
        raise FieldError("issuances", "%d to %d of them" % (least, most))
    if sum([each.miles for each in issuances]) != transaction.miles:
        raise FieldError("milesAmount", "the miles of the transaction")
    fields = _common_fields(identity, transaction, basket, settings)
    if op in _EVENTS:
        fields.append(("clientTransactionId", string(transaction.trace_id)))
    else:
        fields += _basket_fields(transaction, basket, settings)
    if issuances:
        place = settings["location_code"] or identity.store_id
        texts = [_issuance(each, place, op in _EVENTS) for each in issuances]
        fields.append(("issuances", array(texts)))
    key = transaction.idempotency_key if takes_key(op) else ""
    if key or takes_key(op):
        check_uuid(key)
    return Request(op, path(op), transaction.trace_id, members(fields).encode(), key)


def _common_fields(
    identity: Identity,
    transaction: "Transaction",
    basket: "Basket",
    settings: "dict[str, Any]",
) -> "Members":
    """What every operation has (FACTS 6.4 and 6.5)."""
    check_digits("checkoutTransactionId", transaction.trace_id, 12, 12)
    check_alphanumeric("deviceId", identity.device_id)
    fields = [
        ("coupon", _coupons(basket)),
        ("context", _context(transaction, basket, settings)),
        ("deviceId", string(identity.device_id)),
    ]
    number = transaction.collector_number
    if number or transaction.op != RECORD:
        check_digits("collectorNumber", number, 11, 19)
        fields.append(("collectorNumber", string(number)))
    if settings["send_identity"]:
        for name in ("sponsorCode", "storeId", "vendorId"):
            value = getattr(identity, _SNAKE[name])
            check_alphanumeric(name, value)
            fields.append((name, string(value)))
    return fields


_SNAKE = {"sponsorCode": "sponsor_code", "storeId": "store_id", "vendorId": "vendor_id"}


def _coupons(basket: "Basket") -> str:
    if len(basket.coupons) > _MAX_COUPONS:
        raise FieldError("coupon", "at most %d codes" % _MAX_COUPONS)
    codes = [_id("coupon", code) for code in basket.coupons]
    return array(codes) if codes else ""


def _context(
    transaction: "Transaction", basket: "Basket", settings: "dict[str, Any]"
) -> str:
    """The caller's notes, and the other transaction that this one belongs to.

    How a return names its sale is not published (FACTS 6.6): the platform keeps notes.
    """
    notes = list(basket.context)
    number = transaction.redemption_number
    if number:
        if not (letters_or_digits(number) and len(number) <= 24):
            raise FieldError("context", "1 to 24 letters or digits")
        if _has_original_id(transaction, settings):
            notes.append(("returnTransactionId", transaction.trace_id))
        elif transaction.op in _TAKING_BACK and _is_transaction_id(number):
            notes.append(("originalTransactionId", number))
        else:
            notes.append(("redemptionConfirmationNum", number))
    names = [name for name, _ in notes]
    if len(notes) > _MAX_NOTES or len(set(names)) != len(names):
        raise FieldError("context", "at most %d notes, each named once" % _MAX_NOTES)
    for name in names:
        if not (letters_or_digits(name) and len(name) <= _MAX_ID):
            raise FieldError("context", "names of 1 to %d letters or digits" % _MAX_ID)
    return members([(name, _text(value)) for name, value in notes]) if notes else ""


def _has_original_id(transaction: "Transaction", settings: "dict[str, Any]") -> bool:
    """Whether it goes under the id of its sale: a return, where the profile wants that."""
    is_original = settings["return_id"] == "original" and transaction.op in _TAKING_BACK
    return is_original and _is_transaction_id(transaction.redemption_number)


def _is_transaction_id(number: str) -> bool:
    """A slip of another device may tell its redemption's confirmation number alone."""
    return digits_only(number) and len(number) == 12


def _basket_fields(
    transaction: "Transaction", basket: "Basket", settings: "dict[str, Any]"
) -> "Members":
    baskets.check(basket)
    if basket.post_tax_cents != transaction.basket_cents:
        raise FieldError("basketPostTaxAmount", "the total of the transaction")
    if basket.pre_tax_cents != transaction.pre_tax_cents:
        raise FieldError("basketPreTaxAmount", "the total of the transaction before tax")
    transaction_id = transaction.trace_id
    if _has_original_id(transaction, settings):
        transaction_id = transaction.redemption_number
    return [
        ("basketGSTAmount", format_dollars(basket.gst_cents)),
        ("basketHSTAmount", format_dollars(basket.hst_cents)),
        ("basketPSTAmount", format_dollars(basket.pst_cents)),
        ("basketPostTaxAmount", format_dollars(basket.post_tax_cents)),
        ("basketPreTaxAmount", format_dollars(basket.pre_tax_cents)),
        ("basketQSTAmount", format_dollars(basket.qst_cents)),
        ("checkoutDateTime", string(date_time(transaction.unix_s))),
        ("checkoutTransactionId", string(transaction_id)),
        ("items", _items(basket)),
    ]


def _items(basket: "Basket") -> str:
    """The lines, numbered as they stand on the bill; none: the member is left out."""
    lines = basket.lines
    if len(lines) > _MAX_LINES:
        raise FieldError("items", "at most %d lines" % _MAX_LINES)
    texts = [_item(line, at + 1) for at, line in enumerate(lines)]
    return array(texts) if texts else ""


def _item(line: "Line", number: int) -> str:
    if not 1 <= line.quantity <= 99999:
        raise FieldError("quantity", "1 to 99999 pieces")
    return members([
        ("baseAmount", format_dollars(line.base_cents)),
        ("categoryId", line.category_id and _id("categoryId", line.category_id)),
        ("departmentId", line.department_id and _id("departmentId", line.department_id)),
        ("finalAmount", format_dollars(line.final_cents)),
        ("id", _id("id", line.item_id)),
        ("name", line.name and _text(line.name)),
        ("number", str(number)),
        ("quantity", str(line.quantity)),
    ])  # fmt: skip


def _issuance(issuance: Issuance, place: str, is_event: bool) -> str:
    if not 1 <= issuance.miles <= _MAX_MILES:
        raise FieldError("milesAmount", "1 to %d miles" % _MAX_MILES)
    check_alphanumeric("issuanceOfferCode", issuance.offer_code)
    check_alphanumeric("locationCode", place)
    ids = [_id("contributingItemIds", each) for each in issuance.item_ids[:_MAX_LINES]]
    return members([
        ("contributingItemIds", array(ids) if ids and not is_event else ""),
        ("issuanceOfferCode", string(issuance.offer_code)),
        ("locationCode", string(place)),
        ("milesAmount", str(issuance.miles)),
        ("offerDescription", issuance.description and _text(issuance.description)),
        ("offerId", issuance.offer_id and _offer_id(issuance.offer_id, is_event)),
    ])  # fmt: skip


def _offer_id(text: str, is_event: bool) -> str:
    """A string in a basket and a number in an event, as the samples have it (FACTS X11)."""
    quoted = _id("offerId", text)
    is_number = digits_only(text) and len(text) <= 9 and str(int(text)) == text
    return text if is_event and is_number else quoted


def _id(field: str, text: str) -> str:
    if not (0 < len(text) <= _MAX_ID and is_printable(text)):
        raise FieldError(field, "1 to %d printable characters" % _MAX_ID)
    return string(text)


def _text(text: str) -> str:
    return string(text[:_MAX_TEXT])
