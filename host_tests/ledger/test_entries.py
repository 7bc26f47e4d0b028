"""What an entry is in bytes: golden ones, and that both Pythons agree on all of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.kit.peer import agree
from host_tests.ledger.plain import (
    INTENT_FIELDS,
    RESULT_FIELDS,
    entry_values,
    intent_bytes,
    result_bytes,
)
from milepad.base.errors import FieldError, StorageError
from milepad.base.transaction import Result, Transaction
from milepad.ledger import frames

PLAIN = "host_tests.ledger.plain"
UUID = "3f2b8c1e-5a77-4c09-9e41-0a1b2c3d4e5f"
REDEEM = (
    *("redeem", "000012345678", UUID, 1769765999, -300, "84095202006", "SCAN"),
    *(4335, -1, 4000, "", "en-CA", 0x89ABCDEF, 2),
)
REVERSE = (
    *("reverse", "000012345679", UUID, 1769766059, 0, "84095202006", "SWIPE"),
    *(0, -1, 4000, "10000000000", "fr-CA", 1, 2),
)
APPROVED = ("approved", "0000", "10000000000", 380, 4000, 1769766001, 1, "", False)
UNKNOWN = ("unknown", "", "", 0, 0, 1769766011, 2, "", False)
TO_VOID = ("approved", "0000", "10000000000", 380, 4000, 1769766001, 2, "void", True)
NO_RESULT = ("open", "", "", 0, 0, 0, 1, "", False)  # a copy may have left
NOTE = ("open", "", "", 0, 0, 0, 2, "finish", False)

# Each version of each record as it stands on flashes: these bytes never change.
REDEEM_BYTES = bytes.fromhex(
    "210031 00000007 02 0000bc614e 3f2b8c1e5a774c099e410a1b2c3d4e5f 697c7c6f 0474"
    "8b84095202006f ef21 00 a01f 00 89abcdef"
)
REDEEM_BYTES_1 = bytes.fromhex(
    "110031 00000007 02 0000bc614e 3f2b8c1e5a774c099e410a1b2c3d4e5f 697c7c6f 0474"
    "8b84095202006f ef21 00 a01f 00 89abcdef 15760198"
)
APPROVED_BYTES = bytes.fromhex(
    "220019 00000007 01 40 09 840000 8b10000000000f fc02 a01f 697c7c71"
)
APPROVED_BYTES_1 = bytes.fromhex(
    "120018 00000007 01 04 840000 8b10000000000f fc02 a01f 697c7c71 ffe30042"
)
UNKNOWN_BYTES_1 = bytes.fromhex("120010 00000007 02 0b 00 00 00 00 697c7c7b")
TO_VOID_BYTES = bytes.fromhex(
    "220019 00000007 02 b0 00 840000 8b10000000000f fc02 a01f 697c7c71"
)
NOTE_BYTES = bytes.fromhex("22000f 00000007 01 8c 00 00 00 00 00 00000000")

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
    st.sampled_from([1, 2]),
)
results = st.tuples(
    st.sampled_from(["approved", "declined", "not_sent", "unknown", "open"]),
    st.sampled_from(["", "0000", "0096", "A1 ~"]),
    ascii_text,
    cents,
    cents,
    st.integers(0, 2**32 - 1),
    st.integers(0, 3),
    st.sampled_from(["", "finish", "void", "later"]),
    st.booleans(),
)
sequences = st.integers(1, 2**32 - 1)


def test_a_redeem_has_these_bytes(micropython):
    raw = agree(micropython, PLAIN, "intent_bytes", 7, REDEEM)
    assert raw[:-4] == REDEEM_BYTES
    assert raw[-4:].hex() == "6bf96127"


def test_an_approval_has_these_bytes(micropython):
    raw = agree(micropython, PLAIN, "result_bytes", 7, APPROVED, 1, 9)
    assert raw[:-4] == APPROVED_BYTES
    assert raw[-4:].hex() == "4b7bb536"


@pytest.mark.parametrize(
    ("result", "revision", "expected"),
    [(TO_VOID, 2, TO_VOID_BYTES), (NOTE, 1, NOTE_BYTES)],
    ids=["a decided VOID", "a note"],
)
def test_decisions_have_these_bytes(micropython, result, revision, expected):
    assert agree(micropython, PLAIN, "result_bytes", 7, result, revision)[:-4] == expected


def test_a_redeem_and_an_approval_of_version_1_are_read(micropython):
    raw = REDEEM_BYTES_1 + APPROVED_BYTES_1
    intent = (*REDEEM[:-1], 1)
    assert agree(micropython, PLAIN, "entry_values", raw) == (7, intent, APPROVED, 1)
    assert agree(micropython, PLAIN, "intent_bytes", 7, intent) == REDEEM_BYTES_1


def test_an_outcome_of_version_1_may_be_unknown_or_missing(micropython):
    intent = (*REDEEM[:-1], 1)
    raw = REDEEM_BYTES_1 + frames.seal(frames.RESULT, UNKNOWN_BYTES_1[3:])
    assert agree(micropython, PLAIN, "entry_values", raw) == (7, intent, UNKNOWN, 2)
    raw = REDEEM_BYTES_1
    assert agree(micropython, PLAIN, "entry_values", raw) == (7, intent, NO_RESULT, 0)


def test_an_old_intent_takes_a_new_result(micropython):
    raw = REDEEM_BYTES_1 + result_bytes(7, TO_VOID, 2)
    intent = (*REDEEM[:-1], 1)
    assert agree(micropython, PLAIN, "entry_values", raw) == (7, intent, TO_VOID, 2)


@pytest.mark.parametrize("version", [4, 15])
def test_a_record_of_a_later_version_is_a_storage_error(micropython, version):
    intent = intent_bytes(7, REDEEM)
    later = frames.seal(frames.INTENT, intent[3:-4], version)
    assert only_storage_errors(micropython, later)
    later = frames.seal(frames.RESULT, result_bytes(7, APPROVED, 1)[3:-4], version)
    assert only_storage_errors(micropython, intent + later)


def test_a_typical_reversal_fits_into_littlefs_inline_limit_of_128_bytes():
    assert len(intent_bytes(7, REVERSE) + result_bytes(7, APPROVED, 1)) < 128


@given(sequences, intents, results, st.integers(0, 255))
def test_what_was_written_is_read_back_on_both_pythons(
    micropython, sequence, intent, result, revision
):
    raw = agree(micropython, PLAIN, "intent_bytes", sequence, intent)
    assert len(raw) <= 91
    assert agree(micropython, PLAIN, "entry_values", raw) == (
        sequence,
        intent,
        NO_RESULT,
        0,
    )
    tail = agree(micropython, PLAIN, "result_bytes", sequence, result, revision)
    assert len(tail) <= 56
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
    assert entry_values(raw) == (7, REDEEM, NO_RESULT, 0)


def test_another_entrys_result_leaves_the_entry_open():
    raw = intent_bytes(7, REDEEM) + result_bytes(6, APPROVED, 1)
    assert entry_values(raw) == (7, REDEEM, NO_RESULT, 0)


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("response_code", "00001", "0000"),
        ("response_code", "É", "?"),
        ("confirmation_number", "9" * 25, "9" * 24),
        ("confirmation_number", "Num\xe9ro\n", "Num?ro?"),
        ("miles", 10**12, 99999999),
        ("miles", -5, 0),
        ("cents", 2**40, 99999999),
        ("cents", -1, 0),
    ],
)
def test_an_outcome_with_a_wild_value_is_kept_as_far_as_it_goes_and_marked(
    micropython, field, value, kept
):
    def with_value(result, name, changed):
        places = zip(RESULT_FIELDS, result, strict=True)
        return tuple(changed if name == each else was for each, was in places)

    wild = with_value(APPROVED, field, value)
    tail = agree(micropython, PLAIN, "result_bytes", 7, wild, 1)
    expected = with_value(with_value(APPROVED, field, kept), "mismatch", True)
    raw = intent_bytes(7, REDEEM) + tail
    assert agree(micropython, PLAIN, "entry_values", raw)[2] == expected


@pytest.mark.parametrize(
    ("unix_s", "kept"),
    [(-1, 0), (2**32 - 1, 2**32 - 1), (2**32, 2**32 - 1), (10**15, 2**32 - 1)],
)
def test_a_clock_that_ran_away_keeps_nothing_off_the_flash(micropython, unix_s, kept):
    intent = (*REDEEM[:3], unix_s, 10**9, *REDEEM[5:])
    result = (*APPROVED[:5], unix_s, 9, *APPROVED[7:])
    raw = agree(micropython, PLAIN, "intent_bytes", 7, intent)
    raw += agree(micropython, PLAIN, "result_bytes", 7, result, 1)
    _, intent, result, _ = agree(micropython, PLAIN, "entry_values", raw)
    assert (intent[3], intent[4]) == (kept, 1440)
    assert (result[5], result[6], result[8]) == (kept, 3, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("op", "refund"),
        ("trace_id", "12345"),
        ("trace_id", "00001234567²"),
        ("idempotency_key", UUID.upper()),
        ("idempotency_key", UUID[:-1]),
        ("collector_number", ""),
        ("collector_number", "8" * 20),
        ("collector_number", "8409520200x"),
        ("card_entry_mode", "CHIP"),
        ("basket_cents", -1),
        ("redeem_cents", 10**9),
        ("redemption_number", "1" * 25),
        ("redemption_number", "É"),
        ("language", "de-CH"),
        ("request_crc32", 2**32),
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
        Transaction(balance=1)


@pytest.mark.parametrize(
    ("outcome", "is_unresolved"),
    [
        (None, True),
        ("unknown", True),
        ("approved", False),
        ("declined", False),
        ("not_sent", False),
    ],
)
def test_what_is_open_or_unknown_is_unresolved(outcome, is_unresolved):
    entry = Transaction()
    if outcome:
        entry.result = Result(outcome=outcome)
    assert (entry.outcome, entry.is_unresolved) == (outcome or "open", is_unresolved)
