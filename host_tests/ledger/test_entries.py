"""What an entry is in bytes: golden ones, and that both Pythons agree on all of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.ledger.plain import (
    INTENT_FIELDS,
    entry_values,
    intent_bytes,
    result_bytes,
)
from host_tests.peer import agree
from milepad.base.errors import FieldError, StorageError
from milepad.ledger import frames
from milepad.ledger.entries import (
    MAX_INTENT_BYTES,
    MAX_RESULT_BYTES,
    Entry,
    Intent,
    Result,
)

PLAIN = "host_tests.ledger.plain"
UUID = "3f2b8c1e-5a77-4c09-9e41-0a1b2c3d4e5f"
REDEEM = (
    *("redeem", "000012345678", UUID, 1769765999, -300, "84095202006", "SCAN"),
    *(4335, -1, 4000, "", "en-CA", 0x89ABCDEF),
)
REVERSE = (
    *("reverse", "000012345679", UUID, 1769766059, 0, "84095202006", "SWIPE"),
    *(0, -1, 4000, "10000000000", "fr-CA", 1),
)
APPROVED = ("approved", "0000", "10000000000", 380, 4000, 1769766001, 1)
UNKNOWN = ("unknown", "", "", 0, 0, 1769766011, 2)

REDEEM_BYTES = bytes.fromhex(
    "110031 00000007 02 0000bc614e 3f2b8c1e5a774c099e410a1b2c3d4e5f 697c7c6f 0474"
    "8b84095202006f ef21 00 a01f 00 89abcdef"
)
APPROVED_BYTES = bytes.fromhex(
    "120018 00000007 01 04 840000 8b10000000000f fc02 a01f 697c7c71"
)

digits = st.text("0123456789", min_size=1)
cents = st.integers(0, 99999999)
ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=24)
intents = st.tuples(
    st.sampled_from(["redeem", "reverse"]),
    st.integers(0, 10**12 - 1).map("{:012d}".format),
    st.uuids().map(str),
    st.integers(0, 2**32 - 1),
    st.integers(-1440, 1440),
    st.text("0123456789", min_size=1, max_size=19),
    st.sampled_from(["SWIPE", "SCAN", "PREREGISTERED", "MANUAL"]),
    cents,
    cents | st.just(-1),
    cents,
    ascii_text | digits.map(lambda text: text[:24]),
    st.sampled_from(["en-CA", "fr-CA"]),
    st.integers(0, 2**32 - 1),
)
results = st.tuples(
    st.sampled_from(["approved", "declined", "not_sent", "unknown"]),
    st.sampled_from(["", "0000", "0096", "A1 ~"]),
    ascii_text,
    cents,
    cents,
    st.integers(0, 2**32 - 1),
    st.integers(0, 2),
)
sequences = st.integers(1, 2**32 - 1)


def test_a_redeem_has_these_bytes(micropython):
    raw = agree(micropython, PLAIN, "intent_bytes", 7, REDEEM)
    assert raw[:-4] == REDEEM_BYTES
    assert raw[-4:].hex() == "15760198"


def test_an_approval_has_these_bytes(micropython):
    raw = agree(micropython, PLAIN, "result_bytes", 7, APPROVED, 1)
    assert raw[:-4] == APPROVED_BYTES
    assert raw[-4:].hex() == "ffe30042"


def test_a_typical_reversal_fits_into_littlefs_inline_limit_of_128_bytes():
    assert len(intent_bytes(7, REVERSE) + result_bytes(7, APPROVED, 1)) < 128


@given(sequences, intents, results, st.integers(0, 255))
def test_what_was_written_is_read_back_on_both_pythons(
    micropython, sequence, intent, result, revision
):
    raw = agree(micropython, PLAIN, "intent_bytes", sequence, intent)
    assert len(raw) <= MAX_INTENT_BYTES
    assert agree(micropython, PLAIN, "entry_values", raw) == (sequence, intent, None, 0)
    tail = agree(micropython, PLAIN, "result_bytes", sequence, result, revision)
    assert len(tail) <= MAX_RESULT_BYTES
    whole = agree(micropython, PLAIN, "entry_values", raw + tail)
    assert whole == (sequence, intent, result, revision)


def only_storage_errors(peer, raw):
    try:
        agree(peer, PLAIN, "entry_values", raw)
    except StorageError as fault:
        return str(fault)
    return ""


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_an_entry_or_a_storage_error(micropython, raw):
    only_storage_errors(micropython, raw)


@given(st.binary(max_size=100), st.binary(max_size=60), st.booleans())
def test_sound_frames_with_senseless_content_are_an_entry_or_a_storage_error(
    micropython, intent, result, number_fits
):
    head = intent_bytes(7, REDEEM) if number_fits else frames.seal(frames.INTENT, intent)
    payload = b"\0\0\0\7" + result if number_fits else result
    only_storage_errors(micropython, head + frames.seal(frames.RESULT, payload))


@settings(max_examples=200)
@given(st.data())
def test_any_changed_byte_makes_the_intent_torn(data):
    raw = bytearray(intent_bytes(7, REDEEM))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StorageError):
        entry_values(bytes(raw))


@pytest.mark.parametrize("size", range(len(APPROVED_BYTES) + 4))
def test_a_result_that_is_cut_anywhere_leaves_the_entry_open(size):
    raw = intent_bytes(7, REDEEM) + result_bytes(7, APPROVED, 1)[:size]
    assert entry_values(raw) == (7, REDEEM, None, 0)


def test_another_entrys_result_leaves_the_entry_open():
    raw = intent_bytes(7, REDEEM) + result_bytes(6, APPROVED, 1)
    assert entry_values(raw) == (7, REDEEM, None, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("op", "refund"),
        ("trace_id", "12345"),
        ("trace_id", "00001234567²"),
        ("idempotency_key", UUID.upper()),
        ("idempotency_key", UUID[:-1]),
        ("unix_s", -1),
        ("offset_min", 70 * 1440),
        ("collector_number", ""),
        ("collector_number", "8" * 20),
        ("collector_number", "8409520200x"),
        ("card_entry_mode", "CHIP"),
        ("basket_cents", -1),
        ("redeem_cents", 10**9),
        ("confirmation_number", "1" * 25),
        ("confirmation_number", "É"),
        ("language", "de-CH"),
        ("body_crc32", 2**32),
    ],
)
def test_an_intent_with_a_wrong_value_is_refused_without_naming_the_value(
    micropython, field, value
):
    wrong = tuple(
        value if name == field else was
        for name, was in zip(INTENT_FIELDS, REDEEM, strict=True)
    )
    with pytest.raises(FieldError) as caught:
        agree(micropython, PLAIN, "intent_bytes", 7, wrong)
    assert not value or str(value) not in str(caught.value)


def test_an_unknown_field_is_a_programming_error():
    with pytest.raises(TypeError):
        Intent(balance=1)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (None, "open"),
        ("unknown", "unresolved"),
        ("approved", "concluded"),
        ("declined", "concluded"),
        ("not_sent", "concluded"),
    ],
)
def test_the_state_follows_from_the_outcome(outcome, state):
    assert Entry(1, Intent(), outcome and Result(outcome=outcome)).state == state
