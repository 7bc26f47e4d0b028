"""What earlier firmware left on a flash is read, its open entries are asked about, work goes on.

The images were written by firmware of record version 1, on MicroPython: 50 entries whose
outcomes alternate, of which 48 was unknown first; then 51, open, with the mark that two
copies of it may have left, and 52, open. Entries up to 40 (NVM: 50) are marked as exported.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from boards.simulator import flash
from host_tests.kit.stores import bytes_store
from host_tests.ledger.on_micropython.samples import earning_of, intent_of, result_of
from host_tests.ledger.plain import INTENT_FIELDS, values
from milepad.base.transaction import Result
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.files import MountedFiles
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.ring import fat_store

GOLDEN = Path(__file__).with_name("golden")
OUTCOMES = ("approved", "approved", "declined", "unknown", "not_sent")
EXPORTED = {"littlefs": 40, "fat": 40, "bytes": 50}
FIRST = {"littlefs": 1, "fat": 1, "bytes": 34}


def image(name: str) -> bytes:
    return gzip.decompress((GOLDEN / f"{name}-1.gz").read_bytes())


@pytest.fixture(params=["littlefs", "fat", "bytes"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make_store(kind: str, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """What makes the store that finds the image; calling it again is a restart."""
    path = tmp_path / "ledger.bin"
    path.write_bytes(image(kind))
    if kind == "bytes":
        memory = bytearray(image(kind))
        yield lambda: bytes_store(memory)
    elif kind == "fat":
        yield lambda: fat_store(MountedFiles(str(tmp_path)), "/ledger.bin", 2000)
    else:
        files = flash.mount(str(path))
        yield lambda: LittlefsStore(files)
        files.umount()


@pytest.fixture
def boot(make_store: Callable[[], Any]) -> Callable[[], Ledger]:
    return lambda: Ledger(make_store(), 2000)


def test_every_entry_is_read(kind: str, boot: Callable[[], Ledger]) -> None:
    ledger = boot()
    entries = {entry.sequence: entry for entry in ledger.entries()}
    assert list(entries) == list(range(FIRST[kind], 53))
    for number, entry in entries.items():
        expected = intent_of(entry.trace_id, number)
        expected.version = 1
        assert values(entry, INTENT_FIELDS) == values(expected, INTENT_FIELDS)
        if number <= 50:
            outcome = "approved" if number == 48 else OUTCOMES[number % 5]
            assert entry.outcome == outcome
            assert entry.result.confirmation_number == (
                result_of(number, outcome).confirmation_number
            )
    assert ledger.exported == EXPORTED[kind]
    assert ledger.torn == 0


def test_its_open_entries_are_asked_about_with_the_copies_that_may_have_left(
    boot: Callable[[], Ledger],
) -> None:
    told = [(entry.sequence, entry.result.copies_sent) for entry in boot().open_entries()]
    assert told == [(51, 2), (52, 1)]


def test_its_open_entries_are_settled_and_work_goes_on(
    kind: str, boot: Callable[[], Ledger]
) -> None:
    ledger = boot()
    ledger.note(52, 2, "void")
    assert boot().entry(51).result.copies_sent == 2
    ledger.conclude(51, result_of(51))
    ledger.conclude(52, result_of(52, "unknown"))
    for number in range(53, 66):
        assert ledger.begin(intent_of("000112345678", number)) == number
        ledger.conclude(number, result_of(number))
    ledger = boot()
    assert ledger.open_entries() == []
    assert ledger.entry(51).result.outcome == "approved"
    first = {"bytes": 47}.get(kind, 1)
    assert [entry.sequence for entry in ledger.entries()] == list(range(first, 66))


def test_it_takes_earnings_that_wait(kind: str, boot: Callable[[], Ledger]) -> None:
    ledger = boot()
    waiting = [ledger.begin(earning_of(number)) for number in (1, 2)]
    ledger.note(waiting[1], 3, "", "500", 1780000000)
    ledger = boot()
    assert ledger.queued == waiting
    assert [entry.sequence for entry in ledger.open_entries()] == [51, 52]
    ledger.conclude(waiting[0], Result(outcome="approved", response_code="202"))
    assert boot().queued == waiting[1:]


def test_the_named_values_are_there(kind: str, make_store: Callable[[], Any]) -> None:
    store = make_store()
    assert store.get("trace") == b"\0\1\2\3"
    assert Ledger(store, 2000).time_floor_s() == 0  # version 1 knew no ceiling for time
    if kind == "littlefs":
        assert store.get("token") == b"a token"
