"""What the device was about to do with an open entry survives a power cut, on every store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.kit.stores import KINDS, makers
from host_tests.ledger.on_micropython.samples import intent_of, result_of
from milepad.base.errors import StorageError
from milepad.ledger.ledger import Ledger

TRACE_ID = "000112345678"


@pytest.fixture(params=KINDS)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Ledger]:
    """Boots a device; calling it again is a restart."""
    make = makers(tmp_path)[request.param]
    return lambda: Ledger(make(), 15)


def noted(ledger: Ledger, sequence: int) -> tuple[int, str, str]:
    entry = ledger.entry(sequence)
    return entry.result.copies_sent, entry.result.decision, entry.outcome


def test_an_intent_alone_may_have_left_once(opened: Callable[[], Ledger]) -> None:
    sequence = opened().begin(intent_of(TRACE_ID, 1))
    assert noted(opened(), sequence) == (1, "", "open")


@pytest.mark.parametrize("copies", [0, 1, 2])
@pytest.mark.parametrize("decision", ["", "finish", "void", "later"])
def test_a_note_is_known_after_a_restart_and_the_entry_is_open(
    opened: Callable[[], Ledger], copies: int, decision: str
) -> None:
    ledger = opened()
    sequence = ledger.begin(intent_of(TRACE_ID, 1))
    ledger.note(sequence, copies, decision)
    ledger = opened()
    assert noted(ledger, sequence) == (copies, decision, "open")
    assert [entry.sequence for entry in ledger.open_entries()] == [sequence]


def test_the_newest_of_many_notes_counts(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    sequence = ledger.begin(intent_of(TRACE_ID, 1))
    for number in range(300):
        ledger.note(sequence, 1 + number % 2, "void")
    ledger.note(sequence, 1, "later")
    assert noted(opened(), sequence) == (1, "later", "open")


def test_each_open_entry_has_its_own_note(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    first = ledger.begin(intent_of(TRACE_ID, 1))
    second = ledger.begin(intent_of(TRACE_ID, 2))
    ledger.note(second, 2, "finish")
    ledger.note(first, 2, "void")
    ledger = opened()
    assert noted(ledger, first) == (2, "void", "open")
    assert noted(ledger, second) == (2, "finish", "open")


def test_a_result_replaces_the_note(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    sequence = ledger.begin(intent_of(TRACE_ID, 1))
    ledger.note(sequence, 2, "finish")
    ledger.conclude(sequence, result_of(1))
    ledger = opened()
    assert noted(ledger, sequence) == (1, "", "approved")
    assert ledger.open_entries() == []


@pytest.mark.parametrize("outcome", ["approved", "unknown"])
def test_what_has_an_outcome_takes_no_note(
    opened: Callable[[], Ledger], outcome: str
) -> None:
    ledger = opened()
    sequence = ledger.begin(intent_of(TRACE_ID, 1))
    ledger.conclude(sequence, result_of(1, outcome))
    with pytest.raises(StorageError):
        ledger.note(sequence, 2, "finish")
    assert opened().entry(sequence).result.outcome == outcome
