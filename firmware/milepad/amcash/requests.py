"""AM Cash requests as bytes: built once, validated before, fields in a fixed order.

Source: the body parameters of ECHO, INQUIRE, REDEEM and REVERSE in the AM Cash API library.
Every value is a JSON string. The fields stand in the order of the specification's samples,
so that a second copy is the first one, byte for byte.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.money import format_dollars
from milepad.base.request import (
    Identity,
    Request,
    check_alphanumeric,
    check_digits,
    check_uuid,
)
from milepad.base.text import letters_or_digits
from milepad.base.vocabulary import (
    CARD_ENTRY_MODES,
    ECHO,
    INQUIRE,
    LANGUAGES,
    MANUAL,
    REDEEM,
    REVERSE,
)

if TYPE_CHECKING:
    from milepad.base.transaction import Transaction

_PATH = "/checkout/amcash/"


def check_timestamp(value: str) -> None:
    """Raises FieldError unless `value` has the form 1972-07-16T13:32:00+0400."""
    shape = "".join(["0" if "0" <= c <= "9" else c for c in value])
    if shape not in ("0000-00-00T00:00:00+0000", "0000-00-00T00:00:00-0000"):
        raise FieldError("dateTime", "the form 1972-07-16T13:32:00+0400")


def _identity_fields(identity: Identity, trace_id: str) -> list[tuple[str, str]]:
    check_digits("traceId", trace_id, 12, 12)
    fields = [
        ("deviceId", identity.device_id),
        ("sponsorCode", identity.sponsor_code),
        ("storeId", identity.store_id),
        ("traceId", trace_id),
        ("vendorId", identity.vendor_id),
    ]
    for name, value in fields:
        check_alphanumeric(name, value)
    return fields


def _card_fields(
    identity: Identity, transaction: "Transaction", date_time: str
) -> list[tuple[str, str]]:
    check_alphanumeric("acquirerId", identity.acquirer_id)
    check_digits("collectorNumber", transaction.collector_number, 11, 19)
    check_timestamp(date_time)
    if transaction.card_entry_mode not in CARD_ENTRY_MODES:
        raise FieldError("cardEntryMode", "SWIPE, SCAN, PREREGISTERED or MANUAL")
    if transaction.language not in LANGUAGES:
        raise FieldError("instantMessage", "en-CA or fr-CA")
    return [
        ("acquirerId", identity.acquirer_id),
        ("cardEntryMode", transaction.card_entry_mode),
        ("collectorNumber", transaction.collector_number),
        ("dateTime", date_time),
    ]


def _check_moving(transaction: "Transaction") -> None:
    """A keyed number may inquire and nothing else (REDEEM, REVERSE: warnings)."""
    if transaction.card_entry_mode == MANUAL:
        raise FieldError("cardEntryMode", "a card that was swiped or scanned")
    check_uuid(transaction.idempotency_key)


def _body(fields: list[tuple[str, str]]) -> bytes:
    # No value needs escaping: each was checked to be letters, digits and a few signs.
    fields.sort()
    return ("{" + ",".join(['"%s":"%s"' % field for field in fields]) + "}").encode()


def echo(identity: Identity, trace_id: str) -> Request:
    """ECHO (section 1 - ECHO, body parameters). Raises FieldError."""
    return Request(
        ECHO, _PATH + ECHO, trace_id, _body(_identity_fields(identity, trace_id))
    )


def build(identity: Identity, transaction: "Transaction", date_time: str) -> Request:
    """The request of a transaction with its trace id, by its `op`: INQUIRE, REDEEM or REVERSE.

    `date_time` has the form that `check_timestamp` asks for. Raises FieldError for a value
    that the platform would refuse.
    """
    op = transaction.op
    if op != INQUIRE:
        _check_moving(transaction)
    fields = _FIELDS[op](transaction)
    fields += _identity_fields(identity, transaction.trace_id)
    fields += _card_fields(identity, transaction, date_time)
    key = "" if op == INQUIRE else transaction.idempotency_key
    return Request(op, _PATH + op, transaction.trace_id, _body(fields), key)


def _inquire_fields(transaction: "Transaction") -> list[tuple[str, str]]:
    """Section 2 - INQUIRE, body parameters."""
    return [
        ("instantMessage", transaction.language),
        ("postTaxBasketAmount", format_dollars(transaction.basket_cents)),
    ]


def _redeem_fields(transaction: "Transaction") -> list[tuple[str, str]]:
    """Section 3 - REDEEM, body parameters."""
    if not 0 < transaction.redeem_cents <= transaction.basket_cents:
        raise FieldError("dollarRedeemRequest", "more than 0 and at most the basket")
    basket = format_dollars(transaction.basket_cents)
    fields = [
        ("dollarRedeemRequest", format_dollars(transaction.redeem_cents)),
        ("instantMessage", transaction.language),
        ("originalPostTaxBasketAmount", basket),
        ("postTaxBasketAmount", basket),
    ]
    if transaction.pre_tax_cents >= 0:
        fields.append(("originalPreTaxAmount", format_dollars(transaction.pre_tax_cents)))
    return fields


def _reverse_fields(transaction: "Transaction") -> list[tuple[str, str]]:
    """Section 4 - REVERSE, body parameters: a redemption is reversed as a whole."""
    number = transaction.redemption_number
    if not (letters_or_digits(number) and len(number) <= 24):
        raise FieldError("redemptionConfirmationNum", "1 to 24 letters or digits")
    return [("redemptionConfirmationNum", number)]


_FIELDS = {INQUIRE: _inquire_fields, REDEEM: _redeem_fields, REVERSE: _reverse_fields}
