"""The bytes of what the ledger keeps of a redeem, a reverse or an earning. No clock, no storage.

An entry is a transaction: an intent, on flash before the first byte of the request leaves,
and a result that follows it. On flash they are two frames (see `frames`); a typical redeem
takes 56 and 32 bytes. Decoding raises StorageError for any bytes that are not such an entry,
and nothing else. Encoding a result never fails for a value from outside: an outcome that
cannot be kept as it came is kept as far as it goes, and marked as a mismatch.

Version 2 of an intent has the same bytes as version 1, but its checksum covers more than the
body; version 2 of a result has an outcome `open`, a decision, a mismatch and the counter of
exports. Version 3 of an intent is an earning's: the miles follow, and its operation takes
four bits. Every version is read; an earning is written as 3, anything else as 2.
"""

from milepad.base.compat import const
from milepad.base.errors import UNREADABLE, FieldError, StorageError
from milepad.base.money import MAX_CENTS
from milepad.base.text import printable
from milepad.base.transaction import Result, Transaction
from milepad.base.vocabulary import (
    APPROVED,
    CARD_ENTRY_MODES,
    DECLINED,
    ISSUE,
    LANGUAGES,
    NOT_SENT,
    OPEN,
    POST,
    POST_EVENT,
    RECORD,
    REDEEM,
    RETURN,
    REVERSE,
    REVERSE_EVENT,
    REVERSE_POST,
    UNKNOWN,
)
from milepad.ledger import fields, frames

MAX_CONFIRMATION_CHARS = const(24)

# On flash a choice is its index; the order of these and of CARD_ENTRY_MODES and LANGUAGES is
# part of the records.
OPS = (
    REDEEM,
    REVERSE,
    ISSUE,
    RETURN,
    RECORD,
    POST,
    POST_EVENT,
    REVERSE_POST,
    REVERSE_EVENT,
)
OUTCOMES = (APPROVED, DECLINED, NOT_SENT, UNKNOWN, OPEN)
DECISIONS = ("", "finish", "void", "later")
_MAX_UNIX_S = const(0xFFFFFFFF)  # in 2106
_MAX_OFFSET_MIN = const(1440)
_MAX_COPIES = const(3)
_RESULT_VERSION = const(2)
_EARNING_VERSION = const(3)  # of an intent; `records` knows an earning by it
_NO_COPY = const(128)  # of an earning: no copy has left, whatever does not follow


def text_bytes(text: str) -> bytes:
    """How a text of at most 24 characters stands in a record; b"" where it cannot."""
    try:
        return fields.text_bytes(text, MAX_CONFIRMATION_CHARS, "")
    except FieldError:
        return b""


def _collector(intent: Transaction) -> str:
    number = intent.collector_number
    if intent.op == RECORD and not number:
        return ""  # of a sale without a card
    return fields.digits(number, 1, 19, "collector_number")


def encode_intent(sequence: int, intent: Transaction) -> bytes:
    """The intent's frame, at most 95 bytes; FieldError for what does not fit."""
    op = fields.index_of(intent.op, OPS, "op")
    choices = (
        op & 1
        | op >> 1 << 4
        | fields.index_of(intent.card_entry_mode, CARD_ENTRY_MODES, "card_entry_mode") << 1
        | fields.index_of(intent.language, LANGUAGES, "language") << 3
        | (_NO_COPY if intent.is_earning and not intent.result.copies_sent else 0)
    )
    parts = (
        fields.fixed(sequence, 4, "sequence"),
        bytes((choices,)),
        fields.fixed(
            int(fields.digits(intent.trace_id, 12, 12, "trace_id")), 5, "trace_id"
        ),
        fields.uuid_bytes(intent.idempotency_key),
        fields.fixed(fields.clamped(intent.unix_s, _MAX_UNIX_S), 4, "unix_s"),
        fields.fixed(
            fields.clamped(intent.offset_min + 1440, 2 * _MAX_OFFSET_MIN), 2, "offset_min"
        ),
        fields.text_bytes(_collector(intent), 19, ""),
        fields.varint(intent.basket_cents, "basket_cents"),
        fields.varint(intent.pre_tax_cents + 1, "pre_tax_cents"),
        fields.varint(intent.redeem_cents, "redeem_cents"),
        fields.text_bytes(
            intent.redemption_number, MAX_CONFIRMATION_CHARS, "redemption_number"
        ),
        fields.fixed(intent.request_crc32, 4, "request_crc32"),
    )
    payload = b"".join(parts)
    if not intent.is_earning:
        return frames.seal(frames.INTENT, payload, intent.version)
    payload += fields.varint(intent.miles, "miles")
    return frames.seal(frames.INTENT, payload, _EARNING_VERSION)


def encode_result(sequence: int, result: Result, revision: int, exports: int = 0) -> bytes:
    """The result's frame, at most 56 bytes; `exports` counts those before it.

    Raises FieldError for an outcome or a decision that there is not, and for nothing else.
    """
    code = printable(result.response_code, 4)
    number = printable(result.confirmation_number, MAX_CONFIRMATION_CHARS)
    miles = fields.clamped(result.miles, MAX_CENTS)
    cents = fields.clamped(result.cents, MAX_CENTS)
    came = (
        result.response_code,
        result.confirmation_number,
        result.miles,
        result.cents,
    )
    mismatch = result.mismatch or (code, number, miles, cents) != came
    what = (
        fields.index_of(result.outcome, OUTCOMES, "outcome")
        | fields.index_of(result.decision, DECISIONS, "decision") << 3
        | (32 if mismatch else 0)
        | fields.clamped(result.copies_sent, _MAX_COPIES) << 6
    )
    parts = (
        fields.fixed(sequence, 4, "sequence"),
        bytes((revision & 255, what, exports & 255)),
        fields.text_bytes(code, 4, "response_code"),
        fields.text_bytes(number, MAX_CONFIRMATION_CHARS, "confirmation_number"),
        fields.varint(miles, "miles"),
        fields.varint(cents, "cents"),
        fields.fixed(fields.clamped(result.unix_s, _MAX_UNIX_S), 4, "unix_s"),
    )
    return frames.seal(frames.RESULT, b"".join(parts), _RESULT_VERSION)


def _read_intent(reader: fields.Reader, version: int) -> Transaction:
    sequence = reader.number(4)
    choices = reader.number(1)
    op = (
        choices & 1 | (choices >> 4 & 7) << 1
        if version == _EARNING_VERSION
        else choices & 1
    )
    if version > _EARNING_VERSION or op >= len(OPS):
        raise StorageError(UNREADABLE)
    intent = Transaction(
        sequence=sequence,
        version=version,
        op=OPS[op],
        card_entry_mode=CARD_ENTRY_MODES[choices >> 1 & 3],
        language=LANGUAGES[choices >> 3 & 1],
        trace_id="%012d" % reader.number(5),
    )
    intent.idempotency_key = fields.uuid_text(reader.take(16))
    intent.unix_s = reader.number(4)
    intent.offset_min = reader.number(2) - 1440
    intent.collector_number = reader.text(19)
    intent.basket_cents = reader.varint()
    intent.pre_tax_cents = reader.varint() - 1
    intent.redeem_cents = reader.varint()
    intent.redemption_number = reader.text(MAX_CONFIRMATION_CHARS)
    intent.request_crc32 = reader.number(4)
    if version == _EARNING_VERSION:
        intent.miles = reader.varint()
        intent.result.copies_sent = 0 if choices & _NO_COPY else 1
    reader.end()
    return intent


def _read_result(reader: fields.Reader, version: int) -> Result:
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
    reader = fields.Reader(frames.payload_of(raw, 0, frames.INTENT) or b"")
    entry = _read_intent(reader, frames.version_of(raw, 0))
    if frames.sequence_of(raw, size, frames.RESULT) == entry.sequence:
        reader = fields.Reader(frames.payload_of(raw, size, frames.RESULT) or b"")
        reader.take(4)
        entry.revision = reader.number(1)
        entry.result = _read_result(reader, frames.version_of(raw, size))
        if entry.is_earning and entry.is_parked and entry.result.copies_sent > 1:
            entry.result.outcome = UNKNOWN  # earlier firmware took it for certain
    return entry
