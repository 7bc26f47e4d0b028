"""The drive of a board that keeps its ledger in one file of a FAT disk is read as it is."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from host_tests.tools.ledger.conftest import ENTRIES
from host_tests.tools.ledger.making import NUMBER, PROFILE, tool
from milepad.base.transaction import Result, Transaction
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.ring import fat_store
from tools.ledger.errors import SourceError
from tools.ledger.sources import Identity, open_source


class Disk:
    """A device's files on the desktop's own disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, path: str, mode: str) -> BinaryIO:
        opened: Any = (self._folder / path.lstrip("/")).open(mode)
        return opened


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """What the firmware's own ledger left on a drive, with the settings beside it."""
    ledger = Ledger(fat_store(Disk(tmp_path), "/ledger.bin", 2000), 2000)
    for values in copy.deepcopy(ENTRIES):
        result = values.pop("result")
        sequence = ledger.begin(Transaction(**values))
        if result:
            ledger.conclude(sequence, Result(**result))
    (tmp_path / "profile.json").write_text(json.dumps(PROFILE))
    return tmp_path


def test_every_entry_on_the_drive_is_read(drive: Path) -> None:
    source = open_source(drive)
    entries, state = source.read()
    assert [entry.trace_id for entry in entries] == [each["trace_id"] for each in ENTRIES]
    states = [each["result"]["outcome"] if each["result"] else "open" for each in ENTRIES]
    assert [entry.outcome for entry in entries] == states
    assert (state.last, state.lost) == (len(ENTRIES), 0)
    assert source.identity == Identity("SPON", "0001", "01")


@pytest.mark.parametrize("cells", [1000, 2000])
@pytest.mark.parametrize("count", [999, 1003, 2005])
def test_a_ring_of_either_size_is_read_however_often_it_came_round(
    tmp_path: Path, cells: int, count: int
) -> None:
    ledger = Ledger(fat_store(Disk(tmp_path), "/ledger.bin", cells), cells)
    values = copy.deepcopy(ENTRIES[0])
    result = Result(**values.pop("result"))
    first = ledger.begin(Transaction(**values))  # it stays open
    for number in range(2, count + 1):
        if not ledger.free():
            ledger.mark_exported(number - 1)
        ledger.conclude(ledger.begin(Transaction(**values)), result)
    kept = [entry.sequence for entry in ledger.entries()]
    entries, state = open_source(tmp_path).read()
    assert [entry.sequence for entry in entries] == kept
    assert entries[0].sequence == first and entries[0].outcome == "open"
    assert (state.last, state.lost) == (kept[-1], 0)


def test_the_drive_is_not_written(drive: Path) -> None:
    before = (drive / "ledger.bin").read_bytes()
    open_source(drive).read()
    assert (drive / "ledger.bin").read_bytes() == before


def test_the_command_shows_it_masked(drive: Path) -> None:
    done = tool("show", drive)
    assert done.returncode == 0, done.stderr
    assert "*******2006" in done.stdout and NUMBER not in done.stdout


def test_a_file_that_is_no_ledger_has_no_entries(tmp_path: Path) -> None:
    (tmp_path / "ledger.bin").write_bytes(b"hello" * 5000)
    entries, _ = open_source(tmp_path).read()
    assert entries == []


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "ledger.bin").open("wb") as file:
        file.truncate((1 << 20) + 1)
    with pytest.raises(SourceError, match="cannot be read, or is no ledger"):
        open_source(tmp_path)
