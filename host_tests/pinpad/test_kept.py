"""What is kept of a till's requests: its bytes, pinned, and how often the flash is written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.media import FakeFiles
from host_tests.kit.peer import Peer, agree
from host_tests.kit.stores import SmallLittlefsStore, ring_store
from host_tests.on_micropython import pinpad_calls
from milepad.base.errors import READ_ONLY, StorageError
from milepad.pinpad import conditions
from milepad.pinpad.kept import KINDS, OUTCOMES, Kept, Record

CALLS = "host_tests.on_micropython.pinpad_calls"
REDEMPTION: dict[str, Any] = {
    "number": 7,
    "kind": "Redemption",
    "till_prints": True,
    "checksum": 0x01020304,
    "unix_s": 1780000000,
    "after": 41,
    "sale_id": "TILL1",
    "service_id": "0000000012",
    "is_done": True,
    "condition": "",
    "outcome": "approved",
    "sequence": 42,
    "cents": 4000,
    "miles": 380,
    "code": "0000",
    "note": "",
}
REFUSAL: dict[str, Any] = {
    **REDEMPTION,
    "kind": "Reversal",
    "till_prints": False,
    "condition": "PaymentRestriction",
    "outcome": "",
    "sequence": 0,
    "cents": 0,
    "miles": 0,
    "code": "",
    "note": "max=40.00",
}
# Version 1 of both frames, as firmware 0.2.0 wrote them: never to be changed.
GOLDEN = {
    "redemption": (
        REDEMPTION,
        "1100220000000780010203046a18a500000000290554494c4c310a30303030303030303132b105a5fa",
        "120019000000070000000000002a00000fa00000017c0430303030005f0cbf32",
    ),
    "refusal": (
        REFUSAL,
        "1100220000000704010203046a18a500000000290554494c4c310a303030303030303031327105c548",
        "12001e00000007000b0500000000000000000000000000096d61783d34302e3030178ed5cc",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_record_is_these_bytes(micropython: Peer, name: str) -> None:
    values, intent, result = GOLDEN[name]
    found = agree(micropython, CALLS, "record_bytes", values)
    assert found == (bytes.fromhex(intent), bytes.fromhex(result))


@pytest.mark.parametrize("name", GOLDEN)
def test_these_bytes_are_that_record(micropython: Peer, name: str) -> None:
    values, intent, result = GOLDEN[name]
    raw = bytes.fromhex(intent + result)
    assert agree(micropython, CALLS, "record_of", raw) == values


def test_without_an_end_it_is_open(micropython: Peer) -> None:
    found = agree(micropython, CALLS, "record_of", bytes.fromhex(GOLDEN["refusal"][1]))
    assert found["is_done"] is False  # type: ignore[index]
    assert found["service_id"] == "0000000012"  # type: ignore[index]


@given(st.binary(max_size=120), st.integers(0, 90), st.integers(0, 255))
def test_other_bytes_are_a_record_or_none(
    micropython: Peer, raw: bytes, at: int, byte: int
) -> None:
    agree(micropython, CALLS, "record_of", raw)
    whole = bytearray(bytes.fromhex(GOLDEN["redemption"][1] + GOLDEN["redemption"][2]))
    whole[at % len(whole)] = byte
    agree(micropython, CALLS, "record_of", bytes(whole))


def test_every_word_that_a_record_holds_keeps_its_place() -> None:
    assert KINDS == ("Redemption", "RedemptionRefund", "Award", "AwardRefund", "Reversal")
    assert OUTCOMES == ("approved", "declined", "not_sent", "unknown", "open", "")
    assert (
        *("", "Aborted", "Busy", "Cancel", "DeviceOut", "InProgress", "InvalidCard"),
        *("LoggedOut", "MessageFormat", "NotAllowed", "NotFound", "PaymentRestriction"),
        *("Refusal", "UnavailableDevice", "UnavailableService", "UnreachableHost"),
    ) == conditions.ALL


def test_the_longest_record_fits_a_cell_of_the_ring() -> None:
    values = {**REDEMPTION, "sale_id": "S" * 24, "service_id": "9" * 10}
    values |= {"code": "9999", "note": "n" * 24, "sequence": 2**31, "cents": 10**8}
    intent, result = pinpad_calls.record_bytes(values)
    assert len(intent) <= 96
    assert len(result) <= 56


@pytest.mark.parametrize("kind", ["littlefs", "ring"])
def test_records_are_found_after_a_restart(kind: str) -> None:
    files, memory = FakeFiles(), ring_store(64)
    memory.warning = ""

    def boot() -> Kept:
        return Kept(SmallLittlefsStore(files, "/till") if kind == "littlefs" else memory)

    kept = boot()
    for number in range(30):
        record = Record()
        record.sale_id, record.service_id = "TILL%d" % (number % 2), "s%d" % number
        kept.begin(record)
        record.note = "n=%d" % number
        if number != 29:
            kept.finish(record)
    kept = boot()
    assert [record.service_id for record in kept.open] == ["s29"]
    for number in range(29):
        found = kept.find(("TILL%d" % (number % 2), "s%d" % number))
        assert found and found.note == "n=%d" % number
    assert kept.find(("TILL0", "s1")) is None
    last = kept.last_of("TILL0")
    assert last and last.service_id == "s28"


def two_records() -> Kept:
    """One that is open since entry 8 of the ledger, and a later one of another till's, done."""
    store = ring_store(16)
    store.warning = ""
    kept = Kept(store)
    waits, done = Record(), Record()
    waits.sale_id, waits.service_id, waits.after = "TILL1", "s1", 8
    done.sale_id, done.service_id, done.sequence = "TILL2", "s2", 5
    kept.begin(waits)
    kept.begin(done)
    kept.finish(done)
    waits.note = "more=1"
    return kept


def test_which_of_the_ledgers_entries_came_of_a_till() -> None:
    kept = two_records()
    assert [number for number in range(1, 20) if kept.holds(number)] == [5, 9]


def test_a_tills_latest_record_is_told_with_what_is_not_on_flash_yet() -> None:
    kept = two_records()
    first, second = kept.last_of("TILL1"), kept.last_of("TILL2")
    assert first and (first.service_id, first.note) == ("s1", "more=1")
    assert second and (second.service_id, second.note) == ("s2", "")
    assert kept.last_of("TILL3") is None


@pytest.mark.parametrize("count", [1, 40])
def test_it_knows_since_when_nothing_was_forgotten(count: int) -> None:
    store = ring_store(16)
    store.warning = ""
    kept = Kept(store)
    for number in range(count):
        record = Record()
        record.service_id, record.unix_s = "s%d" % number, 1780000000 + number
        kept.begin(record)
        kept.finish(record)
    if count == 1:
        assert kept.since_s() == 0
        return
    oldest = kept.since_s() - 1780000000
    assert 0 < oldest < count
    assert kept.find(("", "s%d" % oldest)) and not kept.find(("", "s%d" % (oldest - 1)))


def test_a_record_of_an_unknown_time_does_not_say_since_when_nothing_was_forgotten() -> (
    None
):
    store = ring_store(16)
    store.warning = ""
    kept = Kept(store)
    for number in range(40):
        record = Record()
        record.service_id = "s%d" % number
        record.unix_s = 1780000000 + number if number % 2 else 0
        kept.begin(record)
        kept.finish(record)
    first = kept.since_s() - 1780000000
    assert first % 2 == 1
    assert kept.find(("", "s%d" % first)) and not kept.find(("", "s%d" % (first - 2)))


def test_a_flash_that_forgets_keeps_no_record() -> None:
    store = ring_store(8)
    store.warning = READ_ONLY
    with pytest.raises(StorageError):
        Kept(store).begin(Record())
