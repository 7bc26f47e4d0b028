"""How many copies of an open entry's request may have left survives a power cut."""

from __future__ import annotations

import pytest

from host_tests.ledger.on_micropython.samples import intent_of
from milepad.base.errors import StorageError
from milepad.ledger.entries import Result
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.regions import ByteRegion
from milepad.ledger.stores.ring import RingStore


def opened(memory: bytearray) -> Ledger:
    return Ledger(RingStore(ByteRegion(memory), 8), 8)


def test_an_intent_alone_may_have_left_once() -> None:
    ledger = opened(bytearray(4096))
    assert ledger.copies(ledger.begin(intent_of("000112345678", 1))) == 1


def test_a_second_copy_that_was_marked_is_known_after_a_restart() -> None:
    memory = bytearray(4096)
    ledger = opened(memory)
    sequence = ledger.begin(intent_of("000112345678", 1))
    ledger.mark_copies(sequence, 2)
    assert opened(memory).copies(sequence) == 2


def test_the_mark_of_one_entry_says_nothing_of_the_next() -> None:
    ledger = opened(bytearray(4096))
    first = ledger.begin(intent_of("000112345678", 1))
    ledger.mark_copies(first, 2)
    ledger.conclude(first, Result(outcome="declined", response_code="0051"))
    assert ledger.copies(ledger.begin(intent_of("000112345678", 2))) == 1


def test_the_mark_of_an_open_entry_is_never_replaced_by_another_entrys() -> None:
    ledger = opened(bytearray(4096))
    first = ledger.begin(intent_of("000112345678", 1))
    ledger.mark_copies(first, 2)
    second = ledger.begin(intent_of("000112345678", 2))
    with pytest.raises(StorageError):
        ledger.mark_copies(second, 2)
    assert ledger.copies(first) == 2
