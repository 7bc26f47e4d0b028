"""What a power cut left open, record by record: its own entry's outcome, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.earning import raising
from host_tests.kit.stores import ring_store
from milepad.base.errors import StorageError
from milepad.base.request import uuid4
from milepad.base.transaction import Result, Transaction
from milepad.base.vocabulary import (
    APPROVED,
    ISSUE,
    NOT_SENT,
    OPEN,
    REDEEM,
    REVERSE,
    UNKNOWN,
)
from milepad.ledger.ledger import Ledger
from milepad.pinpad.kept import Kept, Record
from milepad.pinpad.settle import settle


class Books:
    """A ledger and what is kept of a till's requests, as they are at a start."""

    def __init__(self) -> None:
        stores = ring_store(16), ring_store(16)
        for store in stores:
            store.warning = ""
        self.ledger = Ledger(stores[0], 16)
        self.kept = Kept(stores[1])

    def record(self, name: str) -> Record:
        record = Record()
        record.sale_id, record.service_id = "TILL1", name
        record.after = self.ledger.last
        self.kept.begin(record)
        return record

    def entry(self, outcome: str, op: str = REDEEM, number: str = "", **more: Any) -> int:
        entry = Transaction(
            op=op,
            trace_id="%012d" % (self.ledger.last + 1),
            idempotency_key=uuid4(bytes(16)),
            unix_s=1780000000,
            collector_number=CARD,
            basket_cents=4335,
            redeem_cents=4000 if op == REDEEM else 0,
            **more,
        )
        sequence = self.ledger.begin(entry)
        if outcome != OPEN:
            result = Result(outcome=outcome, confirmation_number=number, cents=4000)
            self.ledger.conclude(sequence, result)
        return sequence

    def settled(self, name: str) -> Record:
        settle(self.kept, self.ledger)
        found = self.kept.find(("TILL1", name))
        assert found
        return found


def test_a_record_without_an_entry_came_to_nothing() -> None:
    books = Books()
    books.entry(APPROVED, number="1")
    books.record("a")
    found = books.settled("a")
    assert (found.is_done, found.condition, found.note) == (True, "Aborted", "power=lost")
    assert found.sequence == 0


@pytest.mark.parametrize("before", [0, 2])
def test_of_two_records_the_entry_is_the_second_s(before: int) -> None:
    books = Books()
    for number in range(before):
        books.entry(APPROVED, number=str(number))
    books.record("a")
    books.record("b")
    sequence = books.entry(APPROVED, number="7")
    assert books.settled("a").condition == "Aborted"
    found = books.settled("b")
    assert (found.condition, found.sequence, found.cents) == ("", sequence, 4000)


def test_each_record_has_its_own_entry() -> None:
    books = Books()
    books.record("a")
    first = books.entry(APPROVED, number="7")
    books.record("b")
    second = books.entry(NOT_SENT)
    assert (books.settled("a").sequence, books.settled("a").condition) == (first, "")
    assert books.settled("b").sequence == second
    assert books.settled("b").condition == "UnreachableHost"


def test_an_open_entry_holds_up_its_own_record_alone() -> None:
    books = Books()
    books.record("a")
    books.entry(OPEN)
    books.record("b")
    books.entry(APPROVED, number="7")
    assert not books.settled("a").is_done
    assert books.settled("b").is_done
    assert [record.service_id for record in books.kept.open] == ["a"]


def test_an_earning_that_waits_is_settled() -> None:
    books = Books()
    books.record("a")
    books.entry(OPEN, ISSUE, version=3, pre_tax_cents=3836)
    found = books.settled("a")
    assert (found.condition, found.outcome) == ("", OPEN)


@pytest.mark.parametrize(
    ("reversal", "condition", "outcome", "cents"),
    [
        (APPROVED, "Aborted", "", 0),
        (UNKNOWN, "UnreachableHost", UNKNOWN, 0),
        (NOT_SENT, "", APPROVED, 4000),
        ("declined", "", APPROVED, 4000),
    ],
)
def test_what_a_void_came_to_decides(
    reversal: str, condition: str, outcome: str, cents: int
) -> None:
    books = Books()
    books.record("a")
    books.entry(APPROVED, number="7")
    books.entry(reversal, REVERSE, number="8", redemption_number="7")
    found = books.settled("a")
    assert (found.condition, found.outcome, found.cents) == (condition, outcome, cents)


def test_a_void_that_was_decided_and_not_done_holds_it_up() -> None:
    books = Books()
    books.record("a")
    sequence = books.entry(OPEN)
    result = Result(outcome=APPROVED, confirmation_number="7", cents=4000, decision="void")
    books.ledger.conclude(sequence, result)
    assert not books.settled("a").is_done


@pytest.mark.parametrize("name", ["r1", ""])
def test_an_end_that_the_flash_does_not_take_is_known_and_tried_again(name: str) -> None:
    books = Books()
    record = books.record("r1")
    record.condition, record.note = "Cancel", "by=customer"
    store: Any = books.kept.store
    write, store.write_result = store.write_result, raising(StorageError("failed"))
    with pytest.raises(StorageError):
        books.kept.finish(record)

    def known(kept: Kept) -> str:
        found = kept.find(("TILL1", name)) if name else kept.last_of("TILL1")
        assert found
        return found.condition if found.is_done else "open"

    assert known(books.kept) == "Cancel"
    store.write_result = write
    settle(books.kept, books.ledger)
    assert not books.kept.open
    assert known(Kept(store)) == "Cancel"
