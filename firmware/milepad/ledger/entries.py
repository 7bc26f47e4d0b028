"""The bytes of what the ledger keeps of a redeem or a reverse. No clock, no storage.

An entry is a transaction: an intent, on flash before the first byte of the request leaves,
and a result that follows it. On flash they are two frames (see `frames`); a typical redeem
takes 56 and 32 bytes. Decoding raises StorageError for any bytes that are not such an entry,
and nothing else. Encoding a result never fails for a value from outside: an outcome that
cannot be kept as it came is kept as far as it goes, and marked as a mismatch.

Version 2 of an intent has the same bytes as version 1, but its checksum covers more than the
body; version 2 of a result has an outcome `open`, a decision, a mismatch and the counter of
exports. Both versions are read; version 2 is written.
"""

from binascii import hexlify, unhexlify

from milepad.base.compat import const
from milepad.base.errors import UNREADABLE, FieldError, StorageError
from milepad.base.money import MAX_CENTS
from milepad.base.text import digits_only, is_printable, printable
from milepad.base.transaction import Result, Transaction
from milepad.base.vocabulary import (
    APPROVED,
    CARD_ENTRY_MODES,
    DECLINED,
    LANGUAGES,
    NOT_SENT,
    OPEN,
    REDEEM,
    REVERSE,
    UNKNOWN,
)
from milepad.ledger import frames

MAX_CONFIRMATION_CHARS = const(24)

# On flash a choice is its index; the order of these and of CARD_ENTRY_MODES and LANGUAGES is
# part of the records.
OPS = (REDEEM, REVERSE)
OUTCOMES = (APPROVED, DECLINED, NOT_SENT, UNKNOWN, OPEN)
DECISIONS = ("", "finish", "void", "later")
_MAX_UNIX_S = const(0xFFFFFFFF)  # in 2106
_MAX_OFFSET_MIN = const(1440)
_MAX_COPIES = const(3)
_RESULT_VERSION = const(2)


def _index(value: str, choices: tuple, field: str) -> int:
    if value not in choices:
        raise FieldError(field, " or ".join(choices))
    return choices.index(value)


def _fixed(value: int, size: int, field: str) -> bytes:
    if not 0 <= value < 1 << 8 * size:
        raise FieldError(field, "0 to %d bytes" % size)
    return value.to_bytes(size, "big")


def _clamped(value: int, most: int) -> int:
    """The nearest value from 0 to `most`: a wild one keeps no outcome off the flash."""
    return max(0, min(value, most))


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
    if not is_printable(text):
        raise FieldError(field, "printable ASCII")
    return bytes((len(text),)) + text.encode()


def text_bytes(text: str) -> bytes:
    """How a text of at most 24 characters stands in a record; b"" where it cannot."""
    try:
        return _text(text, MAX_CONFIRMATION_CHARS, "")
    except FieldError:
        return b""


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


def encode_intent(sequence: int, intent: Transaction) -> bytes:
    """The intent's frame, at most 91 bytes; FieldError for what does not fit."""
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
        _fixed(_clamped(intent.unix_s, _MAX_UNIX_S), 4, "unix_s"),
        _fixed(_clamped(intent.offset_min + 1440, 2 * _MAX_OFFSET_MIN), 2, "offset_min"),
        _text(_digits(intent.collector_number, 1, 19, "collector_number"), 19, ""),
        _varint(intent.basket_cents, "basket_cents"),
        _varint(intent.pre_tax_cents + 1, "pre_tax_cents"),
        _varint(intent.redeem_cents, "redeem_cents"),
        _text(intent.redemption_number, MAX_CONFIRMATION_CHARS, "redemption_number"),
        _fixed(intent.request_crc32, 4, "request_crc32"),
    )
    return frames.seal(frames.INTENT, b"".join(parts), intent.version)


def encode_result(sequence: int, result: Result, revision: int, exports: int = 0) -> bytes:
    """The result's frame, at most 56 bytes; `exports` counts those before it.

    Raises FieldError for an outcome or a decision that there is not, and for nothing else.
    """
    code = printable(result.response_code, 4)
    number = printable(result.confirmation_number, MAX_CONFIRMATION_CHARS)
    miles = _clamped(result.miles, MAX_CENTS)
    cents = _clamped(result.cents, MAX_CENTS)
    came = (
        result.response_code,
        result.confirmation_number,
        result.miles,
        result.cents,
    )
    mismatch = result.mismatch or (code, number, miles, cents) != came
    what = (
        _index(result.outcome, OUTCOMES, "outcome")
        | _index(result.decision, DECISIONS, "decision") << 3
        | (32 if mismatch else 0)
        | _clamped(result.copies_sent, _MAX_COPIES) << 6
    )
    parts = (
        _fixed(sequence, 4, "sequence"),
        bytes((revision & 255, what, exports & 255)),
        _text(code, 4, "response_code"),
        _text(number, MAX_CONFIRMATION_CHARS, "confirmation_number"),
        _varint(miles, "miles"),
        _varint(cents, "cents"),
        _fixed(_clamped(result.unix_s, _MAX_UNIX_S), 4, "unix_s"),
    )
    return frames.seal(frames.RESULT, b"".join(parts), _RESULT_VERSION)


class _Reader:
    """Takes values off a payload; StorageError where they end early or are out of range."""

    def __init__(self, payload: bytes):
        self.payload = payload
        self.at = 0

    def take(self, size: int) -> bytes:
        raw = self.payload[self.at : self.at + size]
        if len(raw) < size:
            raise StorageError(UNREADABLE)
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
        raise StorageError(UNREADABLE)

    def text(self, limit: int) -> str:
        length = self.number(1)
        if length & 127 > limit:
            raise StorageError(UNREADABLE)
        if length < 128:
            raw = self.take(length)
            for byte in raw:
                if not 32 <= byte < 127:
                    raise StorageError(UNREADABLE)
            return raw.decode()
        length &= 127
        text = hexlify(self.take((length + 1) // 2)).decode()[:length]
        if not digits_only(text):
            raise StorageError(UNREADABLE)
        return text

    def end(self) -> None:
        if self.at != len(self.payload):
            raise StorageError(UNREADABLE)


def _read_intent(reader: _Reader, version: int) -> Transaction:
    if version > _RESULT_VERSION:
        raise StorageError(UNREADABLE)
    sequence = reader.number(4)
    choices = reader.number(1)
    intent = Transaction(
        sequence=sequence,
        version=version,
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
    intent.redemption_number = reader.text(MAX_CONFIRMATION_CHARS)
    intent.request_crc32 = reader.number(4)
    reader.end()
    return intent


def _read_result(reader: _Reader, version: int) -> Result:
    what = reader.number(1)
    if version == 1:
        result = Result(outcome=OUTCOMES[what & 3], copies_sent=what >> 2)
    elif version == _RESULT_VERSION and what & 7 < len(OUTCOMES):
        result = Result(outcome=OUTCOMES[what & 7], copies_sent=what >> 6)
        result.decision = DECISIONS[what >> 3 & 3]
        result.mismatch = bool(what & 32)
        reader.take(1)  # the counter of exports: the stores' own
    else:
        raise StorageError(UNREADABLE)
    result.response_code = reader.text(4)
    result.confirmation_number = reader.text(MAX_CONFIRMATION_CHARS)
    result.miles = reader.varint()
    result.cents = reader.varint()
    result.unix_s = reader.number(4)
    reader.end()
    return result


def decode_entry(raw: bytes) -> Transaction:
    """The transaction whose intent's frame starts `raw`, with the result's after it, if any.

    A result that is torn, or another entry's, counts as none: the entry is then open.
    Raises StorageError when there is no intent.
    """
    size = frames.measure(raw, 0, frames.INTENT)
    if not size:
        raise StorageError(UNREADABLE)
    reader = _Reader(frames.payload_of(raw, 0, frames.INTENT) or b"")
    entry = _read_intent(reader, frames.version_of(raw, 0))
    if frames.sequence_of(raw, size, frames.RESULT) == entry.sequence:
        reader = _Reader(frames.payload_of(raw, size, frames.RESULT) or b"")
        reader.take(4)
        entry.revision = reader.number(1)
        entry.result = _read_result(reader, frames.version_of(raw, size))
    return entry
