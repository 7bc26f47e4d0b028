"""Flash images that the real firmware wrote are read, whole or damaged, and never written."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.tools.ledger.conftest import ENTRIES
from host_tests.tools.ledger.making import NUMBER, image
from tools.ledger.errors import SourceError
from tools.ledger.flash import FlashFiles, is_ledger
from tools.ledger.sources import Identity, identity_of, open_source, read_sources


def test_every_entry_that_micropython_wrote_is_read(flash: Path) -> None:
    entries, state = open_source(flash).read()
    assert [entry.trace_id for entry in entries] == [each["trace_id"] for each in ENTRIES]
    states = [each["result"]["outcome"] if each["result"] else "open" for each in ENTRIES]
    assert [entry.outcome for entry in entries] == states
    assert (state.last, state.lost) == (len(ENTRIES), 0)


def test_an_entry_is_read_to_the_last_field(flash: Path) -> None:
    entry, made = open_source(flash).read()[0][49], ENTRIES[49]
    assert (entry.op, entry.unix_s, entry.when) == (
        "reverse",
        made["unix_s"],
        "2026-11-21T12:00:50-0500",
    )
    assert (entry.confirmation, entry.reverses) == ("20000000050", "20000000049")
    assert (entry.miles, entry.cents, entry.response_code) == (380, 4000, "0000")
    assert entry.idempotency_key == made["idempotency_key"]


def test_a_collector_number_is_masked_before_anyone_sees_it(flash: Path) -> None:
    entries = open_source(flash).read()[0]
    assert {entry.collector for entry in entries} == {"*******2006"}
    assert NUMBER not in repr(entries)


def test_the_profile_tells_who_the_device_is(flash: Path) -> None:
    assert open_source(flash).identity == Identity("SPON", "0001", "01")


def test_an_image_is_never_written(flash: Path) -> None:
    before = (sha256(flash.read_bytes()).digest(), flash.stat().st_mtime_ns)
    flash.chmod(0o400)
    open_source(flash).read()
    flash.chmod(0o600)
    assert (sha256(flash.read_bytes()).digest(), flash.stat().st_mtime_ns) == before


def test_the_token_beside_the_ledger_is_not_read(flash: Path) -> None:
    assert "token" in FlashFiles(flash).names("/ledger")
    assert "token" not in open_source(flash).files


def test_a_filesystem_inside_a_whole_chips_dump_is_found(
    flash: Path, tmp_path: Path
) -> None:
    dump = tmp_path / "chip.bin"
    dump.write_bytes(bytes(range(256)) * 4096 + flash.read_bytes() + b"\xff" * 5000)
    assert is_ledger(dump)
    assert len(open_source(dump).read()[0]) == len(ENTRIES)


def test_a_torn_first_superblock_is_survived(flash: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.img"
    torn.write_bytes(b"\xff" * 4096 + flash.read_bytes()[4096:])
    assert len(open_source(torn).read()[0]) == len(ENTRIES)


@pytest.mark.parametrize("raw", [b"", b"\xff" * 65536, b"littlefs" * 512, b"H1%%" * 99])
def test_what_is_no_filesystem_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "none.img"
    path.write_bytes(raw)
    with pytest.raises(SourceError, match=r"none\.img: holds no littlefs2 filesystem$"):
        open_source(path)


def test_a_cut_image_is_refused(flash: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.img"
    path.write_bytes(flash.read_bytes()[:30000])
    with pytest.raises(SourceError, match=r"cut\.img: "):
        open_source(path)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 17 * 4096), st.integers(0, 255)), min_size=1, max_size=9
    )
)
def test_a_damaged_image_is_read_in_part_or_refused(
    flash: Path, tmp_path: Path, damage: list[tuple[int, int]]
) -> None:
    raw = bytearray(flash.read_bytes())
    for at, byte in damage:
        raw[at] = byte
    path = tmp_path / "damaged.img"
    path.write_bytes(raw)
    try:
        entries = open_source(path).read()[0]
    except SourceError as fault:
        assert str(fault).startswith(str(path))
    else:
        known = {each["idempotency_key"] for each in ENTRIES}
        assert {entry.idempotency_key for entry in entries} <= known


def test_missing_records_are_counted(flash: Path) -> None:
    source = open_source(flash)
    source.files["new/01"] = b"torn"
    entries, state = source.read()
    assert (len(entries), state.lost) == (len(ENTRIES) - 1, 1)


def test_an_image_without_a_ledger_is_refused(tmp_path: Path) -> None:
    bare = image(tmp_path / "bare.img", [], folder="/other")
    with pytest.raises(SourceError, match=r"bare\.img: holds no ledger; expected a folder"):
        open_source(bare)


def test_the_same_source_twice_is_refused(flash: Path) -> None:
    with pytest.raises(SourceError, match="given twice"):
        list(read_sources([flash, flash.parent / "." / flash.name]))


def pulled(flash: Path, folder: Path) -> Path:
    """A folder as `pull` leaves it."""
    files = {name: raw for name, raw in open_source(flash).files.items() if raw is not None}
    for name, raw in files.items():
        path = folder / "ledger" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    sums = {name: sha256(raw).hexdigest() for name, raw in files.items()}
    (folder / "pulled.json").write_text(json.dumps({"sha256": sums}))
    return folder


def test_a_pulled_folder_holds_the_same_entries(flash: Path, tmp_path: Path) -> None:
    folder = pulled(flash, tmp_path / "ttyACM0")
    assert open_source(folder).read() == open_source(flash).read()


def test_damage_after_a_pull_is_noticed(flash: Path, tmp_path: Path) -> None:
    folder = pulled(flash, tmp_path / "ttyACM0")
    (folder / "ledger/new/01").write_bytes(b"")
    with pytest.raises(SourceError, match="ledger/new/01: not as it was pulled"):
        open_source(folder)


def test_a_file_that_is_lost_after_a_pull_is_noticed(flash: Path, tmp_path: Path) -> None:
    folder = pulled(flash, tmp_path / "ttyACM0")
    shutil.rmtree(folder / "ledger/new")
    with pytest.raises(SourceError, match="not as it was pulled"):
        open_source(folder)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{", b"\xff", b'{"partner": 1}', b"[" * 5000,
     b'{"partner": {"sponsor_code": "A%%B", "store_id": "1"}, "device": {"device_id": "1"}}'],
)  # fmt: skip
def test_a_strange_profile_tells_nothing(raw: bytes) -> None:
    assert identity_of(raw) is None
