"""What the ledger keeps of a redeem or a reverse, and its bytes. No clock, no storage.

An entry is an intent, on flash before the first byte of the request leaves, and a result
that follows it. On flash they are two frames (see `frames`); a typical redeem takes 56
and 31 bytes. Decoding raises StorageError for any bytes that are not such an entry, and
nothing else.
"""

from binascii import hexlify, unhexlify

from milepad.base.errors import FieldError, StorageError
from milepad.base.money import MAX_CENTS, digits_only
from milepad.base.pythons import const
from milepad.ledger import frames
from milepad.ledger.entry import Entry, Intent, Result

MAX_INTENT_BYTES = const(96)  # what a fixed cell must hold; the longest are 91 and 55
MAX_RESULT_BYTES = const(56)
MAX_CONFIRMATION_CHARS = const(24)

OPS = ("redeem", "reverse")
CARD_ENTRY_MODES = ("SWIPE", "SCAN", "PREREGISTERED", "MANUAL")
LANGUAGES = ("en-CA", "fr-CA")
_UNREADABLE = "No entry is here."
OUTCOMES = ("approved", "declined", "not_sent", "unknown")


def _index(value: str, choices: tuple, field: str) -> int:
    if value not in choices:
        raise FieldError(field, " or ".join(choices))
    return choices.index(value)


def _fixed(value: int, size: int, field: str) -> bytes:
    if not 0 <= value < 1 << 8 * size:
        raise FieldError(field, "0 to %d bytes" % size)
    return value.to_bytes(size, "big")


def _varint(value: int, field: str) -> bytes:
    """7 bits a byte, lowest first; the top bit says that more follow."""
    if not 0 <= value <= MAX_CENTS + 1:
        raise FieldError(field, "0 to %d" % MAX_CENTS)
    raw = bytearray()
    while value > 127:
        raw.append(value & 127 | 128)
        value >>= 7
    raw.append(value)
    return bytes(raw)


def _text(text: str, limit: int, field: str) -> bytes:
    """Length, then ASCII; or length + 128, then two digits a byte, when all are digits."""
    if len(text) > limit:
        raise FieldError(field, "at most %d characters" % limit)
    if digits_only(text):
        return bytes((len(text) | 128,)) + unhexlify(text + "f" * (len(text) & 1))
    for c in text:
        if not " " <= c <= "~":
            raise FieldError(field, "printable ASCII")
    return bytes((len(text),)) + text.encode()


def _digits(text: str, low: int, high: int, field: str) -> str:
    if not (digits_only(text) and low <= len(text) <= high):
        raise FieldError(field, "%d to %d digits" % (low, high))
    return text


def _uuid(text: str) -> bytes:
    try:
        raw = unhexlify(text.replace("-", ""))
    except ValueError:
        raw = b""
    if len(raw) != 16 or _uuid_text(raw) != text:
        raise FieldError("idempotency_key", "a UUID in lower case")
    return raw


def _uuid_text(raw: bytes) -> str:
    text = hexlify(raw).decode()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def encode_intent(sequence: int, intent: Intent) -> bytes:
    """The intent's frame, at most `MAX_INTENT_BYTES`; FieldError for what does not fit."""
    choices = (
        _index(intent.op, OPS, "op")
        | _index(intent.card_entry_mode, CARD_ENTRY_MODES, "card_entry_mode") << 1
        | _index(intent.language, LANGUAGES, "language") << 3
    )
    parts = (
        _fixed(sequence, 4, "sequence"),
        bytes((choices,)),
        _fixed(int(_digits(intent.trace_id, 12, 12, "trace_id")), 5, "trace_id"),
        _uuid(intent.idempotency_key),
        _fixed(intent.unix_s, 4, "unix_s"),
        _fixed(intent.offset_min + 1440, 2, "offset_min"),
        _text(_digits(intent.collector_number, 1, 19, "collector_number"), 19, ""),
        _varint(intent.basket_cents, "basket_cents"),
        _varint(intent.pre_tax_cents + 1, "pre_tax_cents"),
        _varint(intent.redeem_cents, "redeem_cents"),
        _text(intent.confirmation_number, MAX_CONFIRMATION_CHARS, "confirmation_number"),
        _fixed(intent.body_crc32, 4, "body_crc32"),
    )
    return frames.seal(frames.INTENT, b"".join(parts))


def encode_result(sequence: int, result: Result, revision: int) -> bytes:
    """The result's frame, at most `MAX_RESULT_BYTES`; FieldError for what does not fit."""
    if not 0 <= result.copies_sent < 64:
        raise FieldError("copies_sent", "0 to 63")
    parts = (
        _fixed(sequence, 4, "sequence"),
        bytes(
            (
                revision & 255,
                _index(result.outcome, OUTCOMES, "outcome") | result.copies_sent << 2,
            )
        ),
        _text(result.response_code, 4, "response_code"),
        _text(result.confirmation_number, MAX_CONFIRMATION_CHARS, "confirmation_number"),
        _varint(result.miles, "miles"),
        _varint(result.cents, "cents"),
        _fixed(result.unix_s, 4, "unix_s"),
    )
    return frames.seal(frames.RESULT, b"".join(parts))


class _Reader:
    """Takes values off a payload; StorageError where they end early or are out of range."""

    def __init__(self, payload: bytes):
        self.payload = payload
        self.at = 0

    def take(self, size: int) -> bytes:
        raw = self.payload[self.at : self.at + size]
        if len(raw) < size:
            raise StorageError(_UNREADABLE)
        self.at += size
        return raw

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def varint(self) -> int:
        value = shift = 0
        while shift < 28:
            byte = self.number(1)
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise StorageError(_UNREADABLE)

    def text(self, limit: int) -> str:
        length = self.number(1)
        if length & 127 > limit:
            raise StorageError(_UNREADABLE)
        if length < 128:
            raw = self.take(length)
            for byte in raw:
                if not 32 <= byte < 127:
                    raise StorageError(_UNREADABLE)
            return raw.decode()
        length &= 127
        text = hexlify(self.take((length + 1) // 2)).decode()[:length]
        if not digits_only(text):
            raise StorageError(_UNREADABLE)
        return text

    def end(self) -> None:
        if self.at != len(self.payload):
            raise StorageError(_UNREADABLE)


def _read_intent(reader: _Reader) -> Intent:
    choices = reader.number(1)
    intent = Intent(
        op=OPS[choices & 1],
        card_entry_mode=CARD_ENTRY_MODES[choices >> 1 & 3],
        language=LANGUAGES[choices >> 3 & 1],
        trace_id="%012d" % reader.number(5),
    )
    intent.idempotency_key = _uuid_text(reader.take(16))
    intent.unix_s = reader.number(4)
    intent.offset_min = reader.number(2) - 1440
    intent.collector_number = reader.text(19)
    intent.basket_cents = reader.varint()
    intent.pre_tax_cents = reader.varint() - 1
    intent.redeem_cents = reader.varint()
    intent.confirmation_number = reader.text(MAX_CONFIRMATION_CHARS)
    intent.body_crc32 = reader.number(4)
    reader.end()
    return intent


def _read_result(reader: _Reader, outcome: int) -> Result:
    result = Result(outcome=OUTCOMES[outcome & 3], copies_sent=outcome >> 2)
    result.response_code = reader.text(4)
    result.confirmation_number = reader.text(MAX_CONFIRMATION_CHARS)
    result.miles = reader.varint()
    result.cents = reader.varint()
    result.unix_s = reader.number(4)
    reader.end()
    return result


def decode_entry(raw: bytes) -> Entry:
    """The entry whose intent's frame starts `raw`, with the result's after it, if any.

    A result that is torn, or another entry's, counts as none: the entry is then open.
    Raises StorageError when there is no intent.
    """
    size = frames.measure(raw, 0, frames.INTENT)
    if not size:
        raise StorageError(_UNREADABLE)
    reader = _Reader(frames.payload_of(raw, 0, frames.INTENT) or b"")
    sequence = reader.number(4)
    entry = Entry(sequence, _read_intent(reader), None)
    if frames.sequence_of(raw, size, frames.RESULT) == sequence:
        reader = _Reader(frames.payload_of(raw, size, frames.RESULT) or b"")
        reader.take(4)
        entry.revision = reader.number(1)
        entry.result = _read_result(reader, reader.number(1))
    return entry
