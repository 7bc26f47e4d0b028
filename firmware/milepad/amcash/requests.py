"""AM Cash requests as bytes: built once, validated before, fields in a fixed order.

Source: the body parameters of ECHO, INQUIRE, REDEEM and REVERSE in the AM Cash API library.
Every value is a JSON string. The fields stand in the order of the specification's samples,
so that a second copy is the first one, byte for byte.
"""

from milepad.base.errors import FieldError
from milepad.base.money import digits_only, format_dollars, letters_or_digits
from milepad.base.vocabulary import (
    CARD_ENTRY_MODES,
    ECHO,
    ENGLISH,
    INQUIRE,
    LANGUAGES,
    MANUAL,
    REDEEM,
    REVERSE,
)

_PATH = "/checkout/amcash/"


class Sale:
    """A card and a basket. Amounts in cents; `pre_tax_cents` is -1 when it was not keyed."""

    def __init__(self, collector_number: str, card_entry_mode: str, basket_cents: int):
        self.collector_number = collector_number
        self.card_entry_mode = card_entry_mode
        self.basket_cents = basket_cents
        self.pre_tax_cents = -1
        self.redeem_cents = 0
        self.redeem_units = 0  # of the offer that was chosen from; 0: not known
        self.redeem_miles = 0
        self.confirmation_number = ""  # of the redemption that a reversal takes back
        self.language = ENGLISH


class Identity:
    """Who asks: the fields that are the same in every request of a device."""

    def __init__(self, profile: dict):
        partner = profile["partner"]
        self.acquirer_id = partner["acquirer_id"]
        self.device_id = profile["device"]["device_id"]
        self.sponsor_code = partner["sponsor_code"]
        self.store_id = partner["store_id"]
        self.vendor_id = partner["vendor_id"]


class Request:
    """One request. `idempotency_key` is "" where the platform does not honour one."""

    def __init__(self, op: str, trace_id: str, body: bytes, idempotency_key: str = ""):
        self.op = op
        self.path = _PATH + op
        self.trace_id = trace_id
        self.body = body
        self.idempotency_key = idempotency_key


def _alphanumeric(field: str, value: str) -> None:
    if not (letters_or_digits(value) and len(value) <= 16):
        raise FieldError(field, "1 to 16 letters or digits")


def _digits(field: str, value: str, low: int, high: int) -> None:
    if not (digits_only(value) and low <= len(value) <= high):
        raise FieldError(field, "%d to %d digits" % (low, high))


def check_timestamp(value: str) -> None:
    """Raises FieldError unless `value` has the form 1972-07-16T13:32:00+0400."""
    shape = "".join(["0" if "0" <= c <= "9" else c for c in value])
    if shape not in ("0000-00-00T00:00:00+0000", "0000-00-00T00:00:00-0000"):
        raise FieldError("dateTime", "the form 1972-07-16T13:32:00+0400")


def check_uuid(value: str) -> None:
    """Raises FieldError unless `value` is a version 4 UUID in lower case."""
    good = len(value) == 36 and value[14] == "4" and value[19] in "89ab"
    for i, c in enumerate(value):
        good = good and (c == "-" if i in (8, 13, 18, 23) else c in "0123456789abcdef")
    if not good:
        raise FieldError("Idempotency-Key", "a version 4 UUID")


def _identity_fields(identity: Identity, trace_id: str) -> list:
    _digits("traceId", trace_id, 12, 12)
    fields = [
        ("deviceId", identity.device_id),
        ("sponsorCode", identity.sponsor_code),
        ("storeId", identity.store_id),
        ("traceId", trace_id),
        ("vendorId", identity.vendor_id),
    ]
    for name, value in fields:
        _alphanumeric(name, value)
    return fields


def _card_fields(identity: Identity, sale: Sale, date_time: str) -> list:
    _alphanumeric("acquirerId", identity.acquirer_id)
    _digits("collectorNumber", sale.collector_number, 11, 19)
    check_timestamp(date_time)
    if sale.card_entry_mode not in CARD_ENTRY_MODES:
        raise FieldError("cardEntryMode", "SWIPE, SCAN, PREREGISTERED or MANUAL")
    if sale.language not in LANGUAGES:
        raise FieldError("instantMessage", "en-CA or fr-CA")
    return [
        ("acquirerId", identity.acquirer_id),
        ("cardEntryMode", sale.card_entry_mode),
        ("collectorNumber", sale.collector_number),
        ("dateTime", date_time),
    ]


def _present_card(sale: Sale) -> None:
    """A keyed number may inquire and nothing else (REDEEM, REVERSE: warnings)."""
    if sale.card_entry_mode == MANUAL:
        raise FieldError("cardEntryMode", "a card that was swiped or scanned")


def _body(fields: list) -> bytes:
    # No value needs escaping: each was checked to be letters, digits and a few signs.
    fields.sort()
    return ("{" + ",".join(['"%s":"%s"' % field for field in fields]) + "}").encode()


def echo(identity: Identity, trace_id: str) -> Request:
    """ECHO (section 1 - ECHO, body parameters). Raises FieldError."""
    return Request(ECHO, trace_id, _body(_identity_fields(identity, trace_id)))


def inquire(identity: Identity, trace_id: str, date_time: str, sale: Sale) -> Request:
    """INQUIRE for a basket (section 2 - INQUIRE, body parameters). Raises FieldError."""
    fields = _identity_fields(identity, trace_id) + _card_fields(identity, sale, date_time)
    fields.append(("instantMessage", sale.language))
    fields.append(("postTaxBasketAmount", format_dollars(sale.basket_cents)))
    return Request(INQUIRE, trace_id, _body(fields))


def redeem(
    identity: Identity, trace_id: str, date_time: str, sale: Sale, idempotency_key: str
) -> Request:
    """REDEEM `sale.redeem_cents` (section 3 - REDEEM, body parameters). Raises FieldError."""
    _present_card(sale)
    check_uuid(idempotency_key)
    if not 0 < sale.redeem_cents <= sale.basket_cents:
        raise FieldError("dollarRedeemRequest", "more than 0 and at most the basket")
    fields = _identity_fields(identity, trace_id) + _card_fields(identity, sale, date_time)
    fields.append(("dollarRedeemRequest", format_dollars(sale.redeem_cents)))
    fields.append(("instantMessage", sale.language))
    fields.append(("originalPostTaxBasketAmount", format_dollars(sale.basket_cents)))
    if sale.pre_tax_cents >= 0:
        fields.append(("originalPreTaxAmount", format_dollars(sale.pre_tax_cents)))
    fields.append(("postTaxBasketAmount", format_dollars(sale.basket_cents)))
    return Request(REDEEM, trace_id, _body(fields), idempotency_key)


def reverse(
    identity: Identity, trace_id: str, date_time: str, sale: Sale, idempotency_key: str
) -> Request:
    """REVERSE a whole redemption (section 4 - REVERSE, body parameters). Raises FieldError."""
    _present_card(sale)
    check_uuid(idempotency_key)
    number = sale.confirmation_number
    if not (letters_or_digits(number) and len(number) <= 24):
        raise FieldError("redemptionConfirmationNum", "1 to 24 letters or digits")
    fields = _identity_fields(identity, trace_id) + _card_fields(identity, sale, date_time)
    fields.append(("redemptionConfirmationNum", number))
    return Request(REVERSE, trace_id, _body(fields), idempotency_key)


def uuid4(entropy: bytes) -> str:
    """16 random bytes as the text of a version 4 UUID (RFC 9562, section 5.4)."""
    raw = bytearray(entropy)
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = "".join(["%02x" % b for b in raw])
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
