"""What a workflow may rely on, on every kind of store and over restarts."""

import pytest

from host_tests.kit.stores import KINDS, makers, ring_store
from host_tests.ledger.on_micropython.samples import NOW_S, intent_of, result_of
from host_tests.ledger.plain import INTENT_FIELDS, RESULT_FIELDS, values
from milepad.base.errors import READ_ONLY, FieldError, StorageError
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.memory import MemoryStore
from milepad.ledger.totals import between

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
    assert values(entry, INTENT_FIELDS) == values(intent_of(TRACE_ID, 3), INTENT_FIELDS)


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
    assert device.ledger.entry(1).outcome == "approved"


def test_what_was_interrupted_is_unresolved_as_the_totals_count_it(device):
    device.write(1)
    sequence = device.ledger.begin(intent_of(TRACE_ID, 0))
    device.restart()
    assert [entry.sequence for entry in device.ledger.unresolved()] == [sequence]
    assert between(device.ledger, 0, 1 << 32).unresolved_count == 1


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
    assert not device.ledger.free()
    for _ in range(2):
        with pytest.raises(StorageError, match="full"):
            device.ledger.begin(intent_of(TRACE_ID, 0))
        device.restart()
    assert device.numbers() == list(range(1, 16))


def test_what_was_exported_makes_room_and_the_rest_is_kept(device):
    device.write(15)
    device.ledger.mark_exported(9)
    device.restart()
    assert device.ledger.free() == 9
    device.write(9)
    assert not device.ledger.free()
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


def test_only_what_is_there_can_be_exported(device):
    device.write(2)
    with pytest.raises(StorageError):
        device.ledger.mark_exported(3)
    device.ledger.mark_exported(2)
    device.ledger.mark_exported(1)  # never back
    device.restart()
    assert device.ledger.exported == 2


def open_numbers(device):
    return [entry.sequence for entry in device.ledger.open_entries()]


def test_an_open_entry_stays_however_many_follow_and_are_exported(device):
    first = device.ledger.begin(intent_of(TRACE_ID, 7))
    for _ in range(20):
        last = device.write(6)
        assert device.ledger.free() == 9
        device.ledger.mark_exported(last)
        device.restart()
        assert open_numbers(device) == [first]
        assert first in device.numbers()
        assert device.ledger.free() == 15
    device.ledger.note(first, 2, "later")
    device.restart()
    assert device.ledger.entry(first).result.copies_sent == 2
    device.ledger.conclude(first, result_of(7))
    device.restart()
    assert open_numbers(device) == []
    assert device.ledger.entry(first).result.outcome == "approved"


def test_several_open_entries_stay(device):
    firsts = []
    for _ in range(4):
        firsts.append(device.ledger.begin(intent_of(TRACE_ID, 7)))
        device.ledger.mark_exported(device.write(11))
    device.restart()
    assert open_numbers(device) == firsts
    for number in firsts:
        device.ledger.conclude(number, result_of(7, "declined"))
    device.restart()
    assert open_numbers(device) == []


def test_what_was_concluded_after_an_export_is_kept_until_the_next(device):
    first = device.ledger.begin(intent_of(TRACE_ID, 7))
    device.ledger.mark_exported(device.write(9))
    device.ledger.conclude(first, result_of(7))
    device.write(15)
    assert not device.ledger.free()
    device.restart()
    assert device.ledger.entry(first).result.outcome == "approved"
    for _ in range(8):
        device.ledger.mark_exported(device.ledger.recent(1)[0].sequence)
        device.write(15)
    device.restart()
    assert first not in device.numbers()


def test_an_open_entry_does_not_stop_a_full_ledger_from_saying_so(device):
    device.ledger.begin(intent_of(TRACE_ID, 7))
    device.write(15)
    for _ in range(2):
        assert not device.ledger.free()
        with pytest.raises(StorageError, match="full"):
            device.ledger.begin(intent_of(TRACE_ID, 0))
        device.restart()


@pytest.mark.parametrize("kind", ["littlefs", "mounted"])
def test_a_hundred_open_entries_are_all_found(tmp_path, kind):
    device = Device(makers(tmp_path)[kind], 400)
    for _ in range(100):
        device.ledger.begin(intent_of(TRACE_ID, 7))
    device.restart()
    assert open_numbers(device) == list(range(1, 101))
    assert device.ledger.free() == 400


@pytest.mark.parametrize("kind", ["littlefs", "mounted"])
@pytest.mark.parametrize(("kept", "first"), [(19, 1), (20, 9), (21, 9)])
def test_exported_entries_go_when_exactly_as_many_are_kept_as_may_be(
    tmp_path, kind, kept, first
):
    device = Device(makers(tmp_path)[kind], 20)  # eight to a large file
    for _ in range(kept):
        device.ledger.mark_exported(device.write(1))
    device.write(1)
    assert device.numbers() == list(range(first, kept + 2))
    device.restart()
    assert device.numbers() == list(range(first, kept + 2))


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
    totals = between(ledger, NOW_S + 9 * 60, NOW_S + 19 * 60)
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


def test_memory_says_that_it_forgets_and_takes_nothing_that_moves_miles():
    ledger = Ledger(MemoryStore(READ_ONLY), 2000)
    assert ledger.warning == READ_ONLY
    with pytest.raises(StorageError, match="read_only"):
        ledger.begin(intent_of(TRACE_ID, 0))
    assert list(ledger.entries()) == []


def test_a_ring_with_an_open_entry_in_every_cell_says_what_to_do():
    store = ring_store(3)
    store.warning = ""
    ledger = Ledger(store, 100)
    for number in range(3):
        ledger.begin(intent_of(TRACE_ID, number))
    with pytest.raises(StorageError, match="open_first"):
        ledger.begin(intent_of(TRACE_ID, 3))
    ledger.conclude(2, result_of(2))
    with pytest.raises(StorageError, match="full"):
        ledger.begin(intent_of(TRACE_ID, 3))
    ledger.mark_exported(3)
    assert ledger.begin(intent_of(TRACE_ID, 3)) == 5
    assert [entry.sequence for entry in ledger.open_entries()] == [1, 3, 5]


def test_entries_lost_with_the_flash_do_not_give_their_numbers_away(tmp_path):
    device = Device(makers(tmp_path)["mounted"])
    device.ledger.mark_exported(device.write(5))
    for file in (tmp_path / "ledger" / "new").iterdir():
        file.unlink()
    device.restart()
    assert device.write(1) == 6


# --- decisions, and what other workflows ask for ---


def test_a_void_that_was_decided_is_pending_until_it_is_settled(device):
    device.write(2)
    sequence = device.ledger.begin(intent_of(TRACE_ID, 3))
    result = result_of(3)
    result.decision = "void"
    device.ledger.conclude(sequence, result)
    for _ in range(3):
        device.ledger.mark_exported(device.write(12))
        device.restart()
        (entry,) = device.ledger.voids_pending()
        assert (entry.sequence, entry.result.decision, entry.outcome) == (
            sequence,
            "void",
            "approved",
        )
        assert device.ledger.open_entries() == []
    entry.result.decision = ""
    device.ledger.conclude(sequence, entry.result)
    device.restart()
    assert device.ledger.voids_pending() == []
    assert values(device.ledger.entry(sequence).result, RESULT_FIELDS) == values(
        result_of(3), RESULT_FIELDS
    )


def test_a_void_may_be_decided_long_after_the_approval(device):
    device.write(14)
    result = device.ledger.entry(2).result
    result.decision = "void"
    device.ledger.conclude(2, result)
    device.ledger.mark_exported(14)
    device.write(12)
    device.restart()
    assert [entry.sequence for entry in device.ledger.voids_pending()] == [2]


def test_only_an_approved_redemption_waits_for_its_void(device):
    for outcome in ("declined", "not_sent", "unknown"):
        result = result_of(1, outcome)
        result.decision = "void"
        device.ledger.conclude(device.ledger.begin(intent_of(TRACE_ID, 1)), result)
    device.restart()
    assert device.ledger.voids_pending() == device.ledger.open_entries() == []


def test_a_mismatch_is_never_taken_back(device):
    sequence = device.ledger.begin(intent_of(TRACE_ID, 1))
    result = result_of(1)
    result.mismatch = True
    device.ledger.conclude(sequence, result)
    device.ledger.conclude(sequence, result_of(1))
    device.restart()
    assert device.ledger.entry(sequence).result.mismatch


def test_a_wild_result_and_a_clock_past_2106_are_kept(device):
    intent = intent_of(TRACE_ID, 1)
    intent.unix_s = 2**32 + 5
    result = result_of(1)
    result.confirmation_number, result.miles, result.unix_s = "9" * 99, 10**15, 2**40
    device.ledger.conclude(device.ledger.begin(intent), result)
    device.restart()
    kept = device.ledger.entry(1).result
    assert (kept.outcome, kept.confirmation_number, kept.mismatch) == (
        *("approved", "9" * 24, True),
    )


def test_a_redemption_is_found_by_its_number_and_a_reversal_by_what_it_reverses(device):
    device.write(3)
    reversal = intent_of(TRACE_ID, 9)
    reversal.redemption_number = "20000000002"
    first = device.ledger.begin(reversal)
    device.ledger.conclude(first, result_of(2, "unknown"))
    assert device.ledger.reversal_of("20000000002").sequence == first
    second = device.ledger.begin(reversal)
    device.write(3)
    device.restart()
    found = device.ledger.reversal_of("20000000002")
    assert (found.sequence, found.outcome) == (second, "open")
    assert device.ledger.find_redemption("20000000002").sequence == 2
    assert device.ledger.reversal_of("20000000003") is None
    assert device.ledger.reversal_of("") is None
    assert device.ledger.find_redemption("\xe9") is None


def test_a_reversals_own_number_is_no_redemptions(device):
    device.ledger.conclude(device.ledger.begin(intent_of(TRACE_ID, 9)), result_of(9))
    assert device.ledger.find_redemption("20000000009") is None


def test_a_recent_redemption_without_a_known_outcome_is_found(device):
    card, basket = intent_of(TRACE_ID, 1).collector_number, 4335
    ledger = device.ledger
    for number, outcome in enumerate(["unknown", "approved", "unknown", None, "declined"]):
        sequence = ledger.begin(intent_of(TRACE_ID, number))
        if outcome:
            ledger.conclude(sequence, result_of(number, outcome))
    device.restart()
    ledger = device.ledger
    a_day_later_s = NOW_S + 86400
    assert ledger.recent_unknown(card, basket, a_day_later_s).sequence == 4
    assert ledger.recent_unknown(card, basket, a_day_later_s + 4 * 60) is None
    assert ledger.recent_unknown(card, basket + 1, a_day_later_s) is None
    assert ledger.recent_unknown(card[:-1], basket, a_day_later_s) is None
    ledger.conclude(4, result_of(3, "declined"))
    assert ledger.recent_unknown(card, basket, a_day_later_s).sequence == 3
    assert ledger.recent_unknown(card, basket, a_day_later_s + 121) is None


def test_the_clocks_floor_is_kept_or_comes_with_an_entry(device):
    assert device.ledger.time_floor_s() == 0
    device.ledger.keep_time_floor(NOW_S)
    device.restart()
    assert device.ledger.time_floor_s() == NOW_S
    device.ledger.conclude(device.ledger.begin(intent_of(TRACE_ID, 5)), result_of(5))
    device.restart()
    assert device.ledger.time_floor_s() == NOW_S + 5 * 60


def test_the_clocks_floor_is_written_once_a_day_and_may_be_lowered(device, monkeypatch):
    device.ledger.keep_time_floor(NOW_S)
    monkeypatch.setattr(type(device.ledger._store), "put", None)
    device.ledger.keep_time_floor(NOW_S)
    device.ledger.keep_time_floor(NOW_S + 86399)
    monkeypatch.undo()
    assert device.ledger.time_floor_s() == NOW_S
    device.ledger.keep_time_floor(NOW_S + 86400)
    assert device.ledger.time_floor_s() == NOW_S + 86400
    device.ledger.begin(intent_of(TRACE_ID, 10000))  # made while the clock was ahead
    device.ledger.keep_time_floor(NOW_S)
    device.restart()
    assert device.ledger.time_floor_s() == NOW_S


def test_a_clock_that_ran_away_is_no_floor(device):
    device.ledger.keep_time_floor(NOW_S)
    intent = intent_of(TRACE_ID, 1)
    intent.unix_s = 2**33
    device.ledger.begin(intent)
    assert device.ledger.time_floor_s() == NOW_S


def test_a_number_that_was_passed_over_waits_for_no_export():
    """Once the entry in its cell has been exported, the cell is free like any other."""
    ledger = Ledger(ring_store(3), 14)
    for number in (1, 2, 3):
        ledger.begin(intent_of(TRACE_ID, number))
    for number in (1, 2):
        ledger.conclude(number, result_of(number))
    ledger.mark_exported(3)
    ledger.conclude(ledger.begin(intent_of(TRACE_ID, 4)), result_of(4))
    assert ledger.begin(intent_of(TRACE_ID, 5)) == 5
    ledger.mark_exported(5)
    ledger.conclude(3, result_of(3))
    assert ledger.begin(intent_of(TRACE_ID, 7)) == 7  # the third cell waits for an export
    ledger.mark_exported(5)
    assert ledger.free() > 0
    assert ledger.begin(intent_of(TRACE_ID, 9)) == 9
