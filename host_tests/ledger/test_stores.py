"""Damaged, foreign and failing media: skipped, counted, never wiped, never a crash."""

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.byte_region import ByteRegion
from host_tests.kit.media import FakeFiles, TearingBytes
from host_tests.kit.stores import (
    VALUES_BYTES,
    MountedFiles,
    SmallLittlefsStore,
    bytes_store,
    makers,
)
from host_tests.ledger.on_micropython.samples import intent_of, result_of
from milepad.base.errors import READ_ONLY, StorageError
from milepad.ledger import frames
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.memory import or_memory
from milepad.ledger.stores.ring import (
    CELL_BYTES,
    RingStore,
    fat_bytes,
    fat_store,
)
from milepad.ledger.totals import between

TRACE_ID = "000112345678"


def write(ledger, count):
    for _ in range(count):
        sequence = ledger.begin(intent_of(TRACE_ID, 0))
        ledger.conclude(sequence, result_of(sequence))


def numbers(ledger):
    return [entry.sequence for entry in ledger.entries()]


@pytest.fixture
def files():
    """A littlefs with entries 1 to 8 in a large file and 9 to 12 in small ones."""
    files = FakeFiles()
    write(Ledger(SmallLittlefsStore(files), 50), 12)
    assert "/ledger/00000008" in files.content
    return files


@pytest.mark.parametrize(
    ("path", "lost"),
    [("/ledger/new/01", [10]), ("/ledger/00000008", [1])],
)
def test_a_corrupt_record_is_skipped_counted_and_kept(files, path, lost):
    raw = bytearray(files.content[path])
    raw[20] ^= 1
    files.content[path] = spoilt = bytes(raw)
    ledger = Ledger(SmallLittlefsStore(files), 50)
    assert numbers(ledger) == [n for n in range(1, 13) if n not in lost]
    assert ledger.torn == 1
    write(ledger, 3)
    assert files.content[path] == spoilt


def test_a_later_result_in_a_large_file_keeps_its_corrupt_bytes(files):
    path = "/ledger/00000008"
    ledger = Ledger(SmallLittlefsStore(files), 50)
    sequence = ledger.begin(intent_of(TRACE_ID, 0))
    ledger.conclude(sequence, result_of(1, "unknown"))
    write(ledger, 8)
    path = max(name for name in files.content if len(name) == 16)
    raw = bytearray(files.content[path])
    raw[20] ^= 1
    files.content[path] = bytes(raw)
    ledger.conclude(sequence, result_of(1))
    assert files.content[path][:86] == raw[:86]
    assert Ledger(SmallLittlefsStore(files), 50).entry(sequence).outcome == "approved"


@pytest.mark.parametrize("path", ["/ledger/new/01", "/ledger/00000008"])
def test_a_file_that_cannot_be_read_costs_only_its_own_entries(files, path):
    files.damaged.add(path)
    ledger = Ledger(SmallLittlefsStore(files), 50)
    assert 12 in numbers(ledger)
    assert ledger.torn == 1
    write(ledger, 2)
    assert numbers(ledger)[-2:] == [13, 14]


def test_a_large_file_fills_one_block_and_no_more():
    files = FakeFiles()
    ledger = Ledger(LittlefsStore(files), 500)
    for _ in range(120):
        result = result_of(1)
        result.confirmation_number = "ABCDEFGHIJKLMNOPQRSTUVWX"
        ledger.conclude(ledger.begin(intent_of(TRACE_ID, 0)), result)
    sizes = [len(raw) for path, raw in files.content.items() if len(path) == 16]
    assert len(sizes) == 2
    assert all(3900 < size <= 4096 for size in sizes)
    assert numbers(ledger) == list(range(1, 121))


def test_an_empty_small_file_is_a_creation_that_was_cut_and_is_used_again(files):
    files.content["/ledger/new/06"] = b""
    ledger = Ledger(SmallLittlefsStore(files), 50)
    assert (ledger.torn, ledger.open_entries()) == (0, [])
    write(ledger, 4)
    assert files.content["/ledger/new/06"]


def test_foreign_names_are_left_alone(files):
    files.content["/ledger/new/readme.txt"] = files.content["/ledger/notes"] = b"mine"
    ledger = Ledger(SmallLittlefsStore(files), 50)
    write(ledger, 10)
    assert ledger.torn == 1
    assert (
        files.content["/ledger/new/readme.txt"] == files.content["/ledger/notes"] == b"mine"
    )


def test_a_file_where_the_folder_should_be_leads_to_memory_with_a_warning():
    files = FakeFiles()
    files.content["/ledger"] = b"foreign"
    store = or_memory(lambda: SmallLittlefsStore(files))
    assert store.warning
    with pytest.raises(StorageError):
        write(Ledger(store, 50), 1)
    assert files.content == {"/ledger": b"foreign"}


def test_read_only_storage_says_so_and_nothing_may_be_sent(files, monkeypatch):
    def refuse():
        raise OSError(errno.EROFS)

    ledger = Ledger(SmallLittlefsStore(files), 50)
    monkeypatch.setattr(files.power, "spend", refuse)
    with pytest.raises(StorageError, match="read_only"):
        ledger.begin(intent_of(TRACE_ID, 0))
    assert numbers(ledger) == list(range(1, 13))


def test_a_flash_without_room_gives_up_what_was_exported(files, monkeypatch):
    ledger = Ledger(SmallLittlefsStore(files), 50)
    write(ledger, 12)
    ledger.mark_exported(16)
    spend, removed = files.power.spend, []

    def only_after_a_removal():
        if not removed and "/ledger/00000008" in files.content:
            raise OSError(errno.ENOSPC)
        spend()

    monkeypatch.setattr(files.power, "spend", only_after_a_removal)
    monkeypatch.setattr(files, "remove", files.content.pop)
    write(ledger, 1)
    assert numbers(ledger) == list(range(9, 26))


@pytest.mark.parametrize("name", ["trace", "exported"])
def test_a_corrupt_value_is_none(files, name):
    store = SmallLittlefsStore(files)
    store.put(name, b"1234")
    files.content["/ledger/" + name] = b"\x13\0\x04123"
    assert store.get(name) is None


@given(st.binary(max_size=4096), st.integers(0, 400))
def test_a_foreign_memory_never_crashes(raw, shift):
    memory = bytearray(4096)
    memory[shift : shift + len(raw)] = raw
    del memory[4096:]
    ledger = Ledger(bytes_store(memory), 10)
    list(ledger.entries())
    between(ledger, 0, 1)


@given(st.binary(max_size=4096), st.sampled_from(["/ledger/new/01", "/ledger/00000008"]))
def test_a_foreign_file_never_crashes(raw, path):
    files = FakeFiles()
    write(Ledger(SmallLittlefsStore(files), 50), 12)
    files.content[path] = raw
    ledger = Ledger(SmallLittlefsStore(files), 50)
    list(ledger.entries())
    write(ledger, 1)


def test_a_torn_cell_is_passed_over_and_kept():
    memory = bytearray(4096)
    write(Ledger(bytes_store(memory), 10), 3)
    at = VALUES_BYTES + 4 * CELL_BYTES
    memory[at : at + 20] = torn = intent_bytes_cut()
    ledger = Ledger(bytes_store(memory), 10)
    write(ledger, 2)
    assert numbers(ledger) == [1, 2, 3, 5, 6]
    assert ledger.torn == 1
    assert memory[at : at + 20] == torn


def intent_bytes_cut():
    memory = bytearray(4096)
    write(Ledger(bytes_store(memory), 10), 1)
    return memory[VALUES_BYTES + CELL_BYTES :][:20]


def test_a_torn_cell_takes_no_room_from_what_was_not_exported():
    memory = bytearray(VALUES_BYTES + 6 * CELL_BYTES)
    write(Ledger(bytes_store(memory), 6), 5)
    memory[VALUES_BYTES : VALUES_BYTES + 20] = (
        intent_bytes_cut()
    )  # where the sixth would go
    ledger = Ledger(bytes_store(memory), 6)
    with pytest.raises(StorageError, match="full"):
        write(ledger, 1)
    assert numbers(ledger) == [1, 2, 3, 4, 5]
    ledger.mark_exported(2)
    write(ledger, 1)
    assert numbers(ledger) == [2, 3, 4, 5, 7]


@pytest.mark.parametrize("torn_bytes", range(1, 57))
def test_a_torn_result_leaves_the_one_before(torn_bytes):
    region = TearingBytes(2000)
    ledger = Ledger(RingStore(region, 5), 5)
    sequence = ledger.begin(intent_of(TRACE_ID, 0))
    ledger.conclude(sequence, result_of(1, "unknown"))
    region.power.left, region.torn_bytes = 0, torn_bytes
    with pytest.raises(StorageError):
        ledger.conclude(sequence, result_of(1))
    outcome = Ledger(RingStore(region, 5), 5).entry(sequence).result.outcome
    assert outcome == ("approved" if torn_bytes == region.whole_bytes else "unknown")


@pytest.mark.parametrize("torn_bytes", range(1, 13))
def test_a_torn_value_leaves_the_one_before(torn_bytes):
    region = TearingBytes(2000)
    RingStore(region, 5).put("trace", b"1234")
    region.power.left, region.torn_bytes = 0, torn_bytes
    with pytest.raises(StorageError):
        RingStore(region, 5).put("trace", b"5678")
    value = RingStore(region, 5).get("trace")
    assert value == (b"5678" if torn_bytes == region.whole_bytes else b"1234")


def test_lost_values_cost_no_entry():
    memory = bytearray(4096)
    write(Ledger(bytes_store(memory), 10), 9)
    memory[:VALUES_BYTES] = bytes(VALUES_BYTES)
    assert numbers(Ledger(bytes_store(memory), 10)) == list(range(1, 10))


def test_a_token_needs_room_in_the_store():
    with pytest.raises(StorageError):
        bytes_store(bytearray(4096)).put("token", b"x" * 100)
    store = bytes_store(bytearray(4096), 1000)
    store.put("token", b"x" * 900)
    assert store.get("token") == b"x" * 900


def test_a_fat_disk_that_is_read_only_leads_to_memory(tmp_path, monkeypatch):
    class ReadOnly:
        def open(self, path, mode):
            raise OSError(errno.EROFS, path)

    store = or_memory(lambda: fat_store(ReadOnly(), "/LEDGER.BIN", 10))
    assert store.warning == READ_ONLY


def test_start_up_reads_a_ring_once_in_large_pieces():
    class Counted(ByteRegion):
        reads = 0

        def read(self, at, count):
            self.reads += 1
            return super().read(at, count)

    region = Counted(bytearray(2048 * CELL_BYTES + VALUES_BYTES))
    write(Ledger(RingStore(region, 2048), 2000), 1000)
    region.reads = 0
    Ledger(RingStore(region, 2048), 2000)
    assert region.reads < 150


def test_a_mounted_folder_serves(tmp_path):
    ledger = Ledger(makers(tmp_path)["mounted"](), 20)
    write(ledger, 9)
    assert sorted(p.name for p in (tmp_path / "ledger").iterdir()) == ["00000008", "new"]


def test_a_value_that_is_written_300_times_is_the_last_one():
    memory = bytearray(4096)
    store = bytes_store(memory)
    for number in range(300):
        store.put("trace", number.to_bytes(4, "big"))
        if number % 7 == 0:
            store = bytes_store(memory)
        assert store.get("trace") == number.to_bytes(4, "big")


@pytest.mark.parametrize("fault", [errno.EIO, errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_fat_ledger_that_cannot_be_opened_is_not_made_anew(fault):
    modes = []

    class Failing:
        def open(self, path, mode):
            modes.append(mode)
            raise OSError(fault, path)

    with pytest.raises(StorageError):
        fat_store(Failing(), "/LEDGER.BIN", 10)
    assert modes == ["r+b"]


@pytest.mark.parametrize("torn", [7, 8, 9, 12])
def test_many_torn_cells_in_a_row_are_passed_over(torn):
    memory = bytearray(4096)  # 19 cells
    write(Ledger(bytes_store(memory), 19), 3)
    for cell in range(4, 4 + torn):
        at = VALUES_BYTES + cell * CELL_BYTES
        memory[at : at + 20] = intent_bytes_cut()
    for restarted in range(2):
        ledger = Ledger(bytes_store(memory), 19)
        assert ledger.torn == torn
        write(ledger, 1)
        assert numbers(ledger)[-1] == 4 + torn + restarted
    assert ledger.free() == 19 - torn - 5
    write(ledger, ledger.free())
    with pytest.raises(StorageError, match="full"):
        write(ledger, 1)
    assert numbers(Ledger(bytes_store(memory), 19))[:4] == [1, 2, 3, 4 + torn]


@pytest.mark.parametrize("cells", [19, 38])
def test_a_small_ring_keeps_every_entry_over_restarts(cells):
    memory = bytearray(VALUES_BYTES + cells * CELL_BYTES)
    for number in range(1, 4 * cells):
        ledger = Ledger(bytes_store(memory), 2000)
        write(ledger, 1)
        assert Ledger(bytes_store(memory), 2000).recent(1)[0].sequence == number
        if number % (cells - 1) == 0:
            ledger.mark_exported(number)


def test_a_store_with_room_for_a_token_and_two_cells_serves():
    memory = bytearray(VALUES_BYTES + 2 * 1000 + 2 * CELL_BYTES)
    for number in range(1, 12):
        store = bytes_store(memory, 1000)
        assert store.capacity == 2
        store.put("token", bytes((number,)) * 900)
        ledger = Ledger(store, 2000)
        write(ledger, 1)
        assert numbers(Ledger(bytes_store(memory, 1000), 2000))[-1] == number
        ledger.mark_exported(number)
    assert bytes_store(memory, 1000).get("token") == b"\x0b" * 900


def open_in_two_cells():
    memory = bytearray(VALUES_BYTES + 2 * CELL_BYTES)
    ledger = Ledger(bytes_store(memory), 2000)
    ledger.begin(intent_of(TRACE_ID, 0))
    return memory, ledger


def test_one_of_two_cells_may_hold_an_open_entry():
    memory, ledger = open_in_two_cells()
    for number in (2, 4, 6, 8):
        write(ledger, 1)
        assert numbers(ledger) == [1, number]
        with pytest.raises(StorageError, match="full"):
            write(ledger, 1)
        ledger.mark_exported(number)
        ledger = Ledger(bytes_store(memory), 2000)
        assert [entry.sequence for entry in ledger.open_entries()] == [1]


def test_an_intent_that_was_written_after_all_keeps_its_number():
    class Late(ByteRegion):
        fails = False

        def write(self, at, raw):
            super().write(at, raw)
            if self.fails:
                raise OSError(errno.EIO)

    region = Late(bytearray(4096))
    ledger = Ledger(RingStore(region, 8), 8)
    region.fails = True
    with pytest.raises(StorageError):
        ledger.begin(intent_of(TRACE_ID, 0))
    region.fails = False
    assert ledger.begin(intent_of(TRACE_ID, 1)) == 2
    assert [entry.sequence for entry in ledger.open_entries()] == [1, 2]


def test_a_region_that_cannot_be_read_says_so():
    class Silent(ByteRegion):
        fails = False

        def read(self, at, count):
            if self.fails:
                raise OSError(errno.EIO)
            return super().read(at, count)

    region = Silent(bytearray(4096))
    store = RingStore(region, 8)
    write(Ledger(store, 8), 1)
    region.fails = True
    for read in (lambda: list(store.scan(1)), lambda: store.get("trace")):
        with pytest.raises(StorageError):
            read()


# --- small files that cannot be read for a while ---


def spoilt_while_the_others_moved(files, at_start=False):
    """Entry 10 cannot be read when 9 to 16 move into a large file; then it can again."""
    if at_start:
        files.damaged.add("/ledger/new/01")
    ledger = Ledger(SmallLittlefsStore(files), 50)
    files.damaged.add("/ledger/new/01")
    write(ledger, 6)
    assert "/ledger/00000010" in files.content
    assert 10 not in numbers(ledger)
    assert ledger.torn == 1
    files.damaged.clear()


@pytest.mark.parametrize("at_start", [False, True])
def test_a_file_that_was_spoilt_when_its_neighbours_moved_is_taken_in_later(
    files, at_start
):
    spoilt_while_the_others_moved(files, at_start)
    ledger = Ledger(SmallLittlefsStore(files), 50)
    assert numbers(ledger) == list(range(1, 19))
    write(ledger, 20)
    assert numbers(Ledger(SmallLittlefsStore(files), 50)) == list(range(1, 39))


def test_a_stray_file_is_read_also_where_nothing_can_be_written(files):
    spoilt_while_the_others_moved(files)
    files.power.left = 0
    ledger = Ledger(SmallLittlefsStore(files), 50)
    assert sorted(numbers(ledger)) == list(range(1, 19))
    assert ledger.entry(10).result.outcome == "approved"
    files.power.restore()
    write(ledger, 9)
    assert numbers(ledger) == list(range(1, 28))


def test_a_spoilt_list_of_open_entries_costs_a_reading_and_no_entry(files):
    ledger = Ledger(SmallLittlefsStore(files), 50)
    ledger.begin(intent_of(TRACE_ID, 0))
    write(ledger, 20)
    files.content["/ledger/pending"] = b"\x13\0\x04123"
    ledger = Ledger(SmallLittlefsStore(files), 50)
    assert [entry.sequence for entry in ledger.open_entries()] == [13]
    write(ledger, 9)
    assert SmallLittlefsStore(files).get("pending") == (13).to_bytes(4, "big")


def test_more_open_entries_than_the_list_can_name_are_found(files, monkeypatch):
    monkeypatch.setattr("milepad.ledger.stores.littlefs._MAX_LISTED", 3)
    ledger = Ledger(SmallLittlefsStore(files), 100)
    for _ in range(12):
        ledger.begin(intent_of(TRACE_ID, 0))
    write(ledger, 20)
    ledger = Ledger(SmallLittlefsStore(files), 100)
    assert [entry.sequence for entry in ledger.open_entries()] == list(range(13, 25))


def test_a_record_of_a_later_version_is_counted_and_left_alone(files):
    path = "/ledger/new/03"
    raw = bytearray(files.content[path])
    size = frames.measure(raw, 0, frames.INTENT)
    later = frames.seal(frames.INTENT, bytes(raw[3 : size - 4]), 3)
    files.content[path] = later
    ledger = Ledger(SmallLittlefsStore(files), 50)
    assert (numbers(ledger), ledger.torn) == (list(range(1, 12)), 1)
    assert ledger.open_entries() == []
    write(ledger, 10)
    assert later in files.content["/ledger/00000010"]


@pytest.mark.parametrize("cells", [2, 3, 8, 19, 38, 41, 500, 2000])
def test_a_ring_of_any_size_keeps_what_is_open_and_not_exported_at_every_cut(cells):
    region = TearingBytes(VALUES_BYTES + cells * CELL_BYTES)
    ledger = Ledger(RingStore(region, cells), 2000)
    ledger.begin(intent_of(TRACE_ID, 0))  # stays open
    for _ in range(2 * cells):
        if not ledger.free():
            ledger.mark_exported(ledger.recent(1)[0].sequence)
        write(ledger, 1)
    full = bytes(region.raw)
    for writes in range(4):  # the mark of an export, an intent, its result; and all is well
        for torn_bytes in (0, 1, 40, 80, 150, 10**6) if cells < 100 else (40,):
            region.raw[:] = full
            region.power.left, region.torn_bytes = writes, torn_bytes
            ledger = Ledger(RingStore(region, cells), 2000)
            unexported = [n for n in numbers(ledger) if n > ledger.exported]
            last = ledger.recent(1)[0].sequence
            began = []
            try:
                ledger.mark_exported(last)
                began.append(ledger.begin(intent_of(TRACE_ID, 1)))
                ledger.conclude(began[0], result_of(1))
            except StorageError:
                pass
            region.power.restore()
            ledger = Ledger(RingStore(region, cells), 2000)
            kept = numbers(ledger)
            assert ledger.exported == last or set(unexported) <= set(kept)
            assert set(began) <= set(kept)
            assert ledger.open_entries()[0].sequence == 1
            if ledger.free():
                assert ledger.begin(intent_of(TRACE_ID, 2)) > max([last, *began])


def test_a_fat_ledgers_file_never_grows_beyond_its_cells(tmp_path):
    ledger = Ledger(fat_store(MountedFiles(str(tmp_path)), "/LEDGER.BIN", 12), 12)
    for _ in range(30):
        write(ledger, 1)
        ledger.mark_exported(ledger.recent(1)[0].sequence)
    assert (tmp_path / "LEDGER.BIN").stat().st_size == fat_bytes(12)
