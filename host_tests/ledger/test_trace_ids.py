"""Trace ids do not repeat, whatever power, clock and storage do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.media import TearingBytes
from host_tests.kit.stores import KINDS, makers
from milepad.base.errors import FAILED, StorageError
from milepad.ledger.stores.memory import MemoryStore
from milepad.ledger.stores.ring import RingStore
from milepad.ledger.trace_ids import TraceIds, prefix_of

NOW_S = 1769765999
YEAR_S = 31557600


def flash():
    """A store whose medium stays."""
    return RingStore(TearingBytes(2000), 2)


def no_room(name, raw):
    raise StorageError(FAILED, "error 5")


def take(ids, count):
    return [ids.next() for _ in range(count)]


def test_an_id_is_the_devices_digits_and_the_clocks():
    ids = TraceIds(flash(), "0042", NOW_S)
    assert take(ids, 2) == ["004242441499", "004242441500"]


@pytest.mark.parametrize(
    ("given_by_hand", "prefix"), [("42", "0042"), ("1234", "1234"), ("0", "0000")]
)
def test_a_prefix_of_the_profile_has_four_digits(given_by_hand, prefix):
    assert prefix_of("0001", "001", given_by_hand) == prefix


@given(st.text("0123456789AZ", max_size=16), st.text("0123456789AZ", max_size=16))
def test_a_prefix_made_of_names_has_four_digits_and_stays(store_id, device_id):
    prefix = prefix_of(store_id, device_id, "")
    assert len(prefix) == 4 and prefix.isdecimal()
    assert prefix == prefix_of(store_id, device_id, prefix)


def test_ids_of_a_start_in_ram_are_never_near_those_of_the_flash():
    ids = take(TraceIds(MemoryStore(FAILED), "0042", NOW_S), 200)
    assert ids[:2] == ["004292441499", "004292441500"]
    assert not set(ids) & set(take(TraceIds(flash(), "0042", NOW_S), 200))


@pytest.mark.parametrize("used", [0, 10, 64, 100])
def test_ids_after_a_mark_that_could_not_be_kept_do_not_come_at_the_next_start(used):
    store = flash()
    ids = TraceIds(store, "0001", NOW_S)
    seen = take(ids, used)
    put, store.put = store.put, no_room
    seen += take(ids, 100)
    store.put = put
    seen += take(TraceIds(store, "0001", NOW_S), 100)
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_restart_ids_go_on_even_if_the_clock_stands_still(tmp_path, kind):
    make = makers(tmp_path)[kind]
    seen = []
    for _ in range(5):
        seen += take(TraceIds(make(), "0001", NOW_S), 70)
    assert len(set(seen)) == len(seen)
    assert seen == sorted(seen)


def test_64_ids_cost_one_write():
    store = MemoryStore(FAILED)
    writes = []
    store.put = lambda name, raw: writes.append(name)
    take(TraceIds(store, "0001", NOW_S), 128)
    assert writes == ["trace"] * 2


boots = st.lists(
    st.tuples(
        st.integers(0, 150),  # ids that are used
        st.integers(0, 3),  # writes until the power goes
        st.integers(0, 30),  # bytes of the last write that are done
        st.integers(-40 * YEAR_S, 3 * YEAR_S),  # by how much the clock is wrong
    ),
    max_size=12,
)


@given(boots)
def test_no_id_comes_twice_over_cuts_torn_writes_and_false_clocks(steps):
    region = TearingBytes(2000)
    seen = []
    for count, writes, torn_bytes, error_s in steps:
        region.power.restore()
        ids = TraceIds(RingStore(region, 2), "0001", max(0, NOW_S + len(seen) + error_s))
        region.power.left, region.torn_bytes = writes, torn_bytes
        for _ in range(count):
            text = ids.next()
            if region.power.left == 0:
                break
            seen.append(text)
    assert len(set(seen)) == len(seen)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 4000)), max_size=12))
def test_when_nothing_is_kept_the_clock_parts_the_starts(shifts):
    now_s = NOW_S
    seen = []
    for count, idle_s in shifts:
        seen += take(TraceIds(MemoryStore(FAILED), "0001", now_s), count)
        now_s += 4 * count + idle_s + 4
    assert len(set(seen)) == len(seen)


def test_the_counter_comes_round():
    store = MemoryStore(FAILED)
    store.put("trace", (99999999 - 64).to_bytes(4, "big"))
    assert take(TraceIds(store, "0001", 0), 3) == [
        "000199999999",
        "000100000000",
        "000100000001",
    ]


def test_the_clock_ahead_across_the_wrap_is_followed():
    store = MemoryStore(FAILED)
    store.put("trace", (99999990).to_bytes(4, "big"))
    now_s = 4 * (5 * 10**8 + 1000)
    assert TraceIds(store, "0001", now_s).next() == "000100001000"


def test_without_mark_and_clock_starts_differ():
    firsts = {TraceIds(MemoryStore(FAILED), "0001", 1000).next() for _ in range(5)}
    assert len(firsts) > 1


def test_storage_that_fails_stops_no_one():
    class Failing:
        warning = ""

        def get(self, name):
            return None

        def put(self, name, raw):
            raise StorageError(FAILED)

    assert len(set(take(TraceIds(Failing(), "0001", NOW_S), 200))) == 200
