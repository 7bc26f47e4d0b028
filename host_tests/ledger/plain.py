"""Entries as plain values, so that both Pythons can be asked for the same ones."""

from milepad.base.transaction import Result, Transaction
from milepad.ledger.entries import decode_entry, encode_intent, encode_result

INTENT_FIELDS = (
    "op",
    "trace_id",
    "idempotency_key",
    "unix_s",
    "offset_min",
    "collector_number",
    "card_entry_mode",
    "basket_cents",
    "pre_tax_cents",
    "redeem_cents",
    "redemption_number",
    "language",
    "request_crc32",
    "version",
)
RESULT_FIELDS = (
    "outcome",
    "response_code",
    "confirmation_number",
    "miles",
    "cents",
    "unix_s",
    "copies_sent",
    "decision",
    "mismatch",
)


def values(record, fields):
    """The record's values in the order of `fields`."""
    return tuple([getattr(record, name) for name in fields])


def intent_bytes(sequence, intent_values):
    """The frame of an intent with those values."""
    return encode_intent(sequence, Transaction(**dict(zip(INTENT_FIELDS, intent_values))))  # noqa: B905


def result_bytes(sequence, result_values, revision, exports=0):
    """The frame of a result with those values."""
    result = Result(**dict(zip(RESULT_FIELDS, result_values)))  # noqa: B905
    return encode_result(sequence, result, revision, exports)


def entry_values(raw):
    """(sequence, intent's values, result's values, revision) of the bytes."""
    entry = decode_entry(raw)
    return (
        entry.sequence,
        values(entry, INTENT_FIELDS),
        values(entry.result, RESULT_FIELDS),
        entry.revision,
    )


EARNING_FIELDS = INTENT_FIELDS + ("miles",)  # noqa: RUF005  (MicroPython unpacks into no tuple)


def earning_bytes(sequence, intent_values):
    """The frame of an earning's intent; a last value more says how many copies left."""
    intent = Transaction(**dict(zip(EARNING_FIELDS, intent_values)))  # noqa: B905
    if len(intent_values) > len(EARNING_FIELDS):
        intent.result.copies_sent = intent_values[-1]
    return encode_intent(sequence, intent)


def earning_values(raw):
    """(sequence, intent's values with its copies, result's values) of the bytes."""
    entry = decode_entry(raw)
    return (
        entry.sequence,
        values(entry, EARNING_FIELDS),
        values(entry.result, RESULT_FIELDS),
    )
