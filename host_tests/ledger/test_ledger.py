"""What a workflow may rely on, on every kind of store and over restarts."""

import pytest

from host_tests.ledger.on_micropython.samples import NOW_S, intent_of, result_of
from host_tests.ledger.plain import INTENT_FIELDS, RESULT_FIELDS, values
from host_tests.ledger.stores import KINDS, makers, memory
from milepad.base.errors import FieldError, LedgerFullError, StorageError
from milepad.ledger.ledger import Ledger

TRACE_ID = "000112345678"


class Device:
    """A ledger that can be restarted."""

    def __init__(self, make_store, capacity=15):
        self.make_store = make_store
        self.capacity = capacity
        self.restart()

    def restart(self):
        self.ledger = Ledger(self.make_store(), self.capacity)

    def write(self, count, outcome="approved"):
        """That many entries; returns the last one's number."""
        for _ in range(count):
            sequence = self.ledger.begin(intent_of(TRACE_ID, 0))
            self.ledger.conclude(sequence, result_of(sequence, outcome))
        return sequence

    def numbers(self):
        return [entry.sequence for entry in self.ledger.entries()]


@pytest.fixture(params=KINDS)
def device(request, tmp_path):
    return Device(makers(tmp_path)[request.param])


def test_an_empty_ledger_has_room_and_nothing_else(device):
    assert device.ledger.free() == 15
    assert device.numbers() == []
    assert device.ledger.recent(5) == []
    assert device.ledger.warning == ""


def test_an_intent_is_there_after_a_restart_and_it_is_open(device):
    sequence = device.ledger.begin(intent_of(TRACE_ID, 3))
    device.restart()
    (entry,) = device.ledger.open_entries()
    assert entry.sequence == sequence
    assert values(entry.intent, INTENT_FIELDS) == values(
        intent_of(TRACE_ID, 3), INTENT_FIELDS
    )


def test_a_result_is_there_after_a_restart(device):
    device.write(1)
    device.restart()
    assert device.ledger.open_entries() == []
    assert values(device.ledger.entry(1).result, RESULT_FIELDS) == values(
        result_of(1), RESULT_FIELDS
    )


def test_numbers_go_on_after_a_restart(device):
    assert device.write(10) == 10
    device.restart()
    assert device.write(1) == 11
    assert device.numbers() == list(range(1, 12))


def test_many_entries_are_read_in_order_after_a_restart(tmp_path):
    for kind in KINDS[:2]:
        device = Device(makers(tmp_path / kind)[kind], 40)
        device.write(37)
        device.restart()
        assert device.numbers() == list(range(1, 38))
        assert device.write(1) == 38


def test_an_unknown_outcome_is_replaced_by_what_was_learned(device):
    device.write(2, "unknown")
    device.restart()
    device.ledger.conclude(1, result_of(1, "approved"))
    device.restart()
    assert [entry.sequence for entry in device.ledger.unresolved()] == [2]
    assert device.ledger.entry(1).state == "concluded"


def test_an_old_unknown_outcome_can_still_be_replaced(device):
    device.write(1, "unknown")
    device.write(12)
    device.ledger.conclude(1, result_of(1, "declined"))
    device.restart()
    assert device.ledger.entry(1).result.outcome == "declined"
    assert device.numbers() == list(range(1, 14))


@pytest.mark.parametrize("kind", KINDS)
def test_forgetting_old_records_brings_no_earlier_result_back(tmp_path, kind):
    device = Device(makers(tmp_path)[kind], 12)
    device.write(7)
    device.write(1, "unknown")
    device.write(1)
    device.ledger.conclude(8, result_of(8))
    device.write(3)
    device.ledger.mark_exported(12)
    device.write(1)
    device.restart()
    assert list(device.ledger.unresolved()) == []


def test_results_may_be_unknown_many_times(device):
    device.write(1, "unknown")
    for number in range(300):
        device.ledger.conclude(1, result_of(number, "unknown"))
    assert device.ledger.entry(1).result.unix_s == result_of(299).unix_s
    device.restart()
    assert device.ledger.entry(1).result.unix_s == result_of(299).unix_s


def test_a_final_outcome_stays(device):
    device.write(1)
    with pytest.raises(StorageError):
        device.ledger.conclude(1, result_of(1, "declined"))
    device.ledger.conclude(1, result_of(1))  # the same again is no fault
    assert device.ledger.entry(1).result.outcome == "approved"


def test_only_what_began_can_be_concluded(device):
    device.write(2)
    for sequence in (0, 3, 99):
        with pytest.raises(StorageError):
            device.ledger.conclude(sequence, result_of(1))


def test_a_full_ledger_refuses_and_says_what_to_do(device):
    device.write(15)
    assert device.ledger.is_full()
    for _ in range(2):
        with pytest.raises(LedgerFullError, match="Export"):
            device.ledger.begin(intent_of(TRACE_ID, 0))
        device.restart()
    assert device.numbers() == list(range(1, 16))


def test_what_was_exported_makes_room_and_the_rest_is_kept(device):
    device.write(15)
    device.ledger.mark_exported(9)
    device.restart()
    assert device.ledger.free() == 9
    device.write(9)
    assert device.ledger.is_full()
    device.restart()
    assert device.numbers()[-15:] == list(range(10, 25))


def test_a_long_life_keeps_a_bounded_number(device):
    for _ in range(12):
        device.ledger.mark_exported(device.write(10))
    device.restart()
    numbers = device.numbers()
    assert numbers[-1] == 120
    assert len(numbers) <= 40
    assert numbers == sorted(set(numbers))


def test_an_open_entry_cannot_be_exported(device):
    device.write(2)
    device.ledger.begin(intent_of(TRACE_ID, 0))
    device.ledger.mark_exported(2)
    for up_to in (3, 4):
        with pytest.raises(StorageError):
            device.ledger.mark_exported(up_to)


def test_recent_gives_the_newest_first(device):
    device.write(11)
    assert [entry.sequence for entry in device.ledger.recent(3)] == [11, 10, 9]
    assert len(device.ledger.recent(50)) == 11


def test_entries_are_read_from_a_number_on(device):
    device.write(12)
    assert [entry.sequence for entry in device.ledger.entries(10)] == [10, 11, 12]


def test_an_entry_is_found_by_its_confirmation_number(device):
    device.write(12)
    assert device.ledger.find_redemption("20000000004").sequence == 4
    assert device.ledger.find_redemption("20000000099") is None
    assert device.ledger.find_redemption("") is None


def test_totals_count_what_was_begun_in_the_span(device):
    ledger = device.ledger
    outcomes = ("approved", "declined", "not_sent", "unknown", None)
    for number in (9, 10, 11, 12, 13, 14, 19):  # 9 and 19 are reversals
        sequence = ledger.begin(intent_of(TRACE_ID, number))
        outcome = "approved" if number in (9, 19) else outcomes[number - 10]
        if outcome:
            ledger.conclude(sequence, result_of(number, outcome))
    totals = ledger.totals(NOW_S + 9 * 60, NOW_S + 19 * 60)
    assert (totals.redeemed_count, totals.redeemed_miles, totals.redeemed_cents) == (
        1,
        380,
        4000,
    )
    assert (totals.reversed_count, totals.reversed_miles, totals.reversed_cents) == (
        1,
        380,
        4000,
    )
    assert (totals.unresolved_count, totals.unresolved_cents) == (2, 8000)


def test_a_wrong_intent_is_refused_before_anything_is_written(device):
    intent = intent_of(TRACE_ID, 0)
    intent.collector_number = "x"
    with pytest.raises(FieldError):
        device.ledger.begin(intent)
    device.restart()
    assert device.numbers() == []
    assert device.write(1) == 1


def test_no_more_may_begin_far_past_an_open_entry(tmp_path):
    device = Device(makers(tmp_path)["mounted"], 100)
    device.ledger.begin(intent_of(TRACE_ID, 0))
    device.write(7)  # the small files are all taken, and the oldest is open
    with pytest.raises(LedgerFullError, match="interrupted"):
        device.write(1)
    device.restart()
    device.ledger.conclude(1, result_of(1, "unknown"))
    assert device.write(1) == 9


def test_no_more_may_begin_far_past_an_open_entry_in_a_ring():
    store = memory(100, "")
    ledger = Ledger(store, 100)
    ledger.begin(intent_of(TRACE_ID, 0))
    with pytest.raises(LedgerFullError, match="interrupted"):
        for _ in range(40):
            ledger.conclude(ledger.begin(intent_of(TRACE_ID, 0)), result_of(1))
    assert store.last == 33


def test_memory_says_that_it_forgets_and_holds_what_fits():
    ledger = Ledger(memory(5, "No flash."), 2000)
    assert "lost" in ledger.warning
    assert ledger.free() == 5


def test_entries_lost_with_the_flash_do_not_give_their_numbers_away(tmp_path):
    device = Device(makers(tmp_path)["mounted"])
    device.ledger.mark_exported(device.write(5))
    for file in (tmp_path / "ledger" / "new").iterdir():
        file.unlink()
    device.restart()
    assert device.write(1) == 6
