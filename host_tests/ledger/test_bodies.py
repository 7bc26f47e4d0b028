"""Where the bytes of waiting earnings live: kept whole or not at all, and full in words."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.byte_region import ByteRegion
from host_tests.kit.media import FakeFiles, TearingBytes
from milepad.base.errors import StorageError
from milepad.ledger import frames
from milepad.ledger.stores.bodies import LittlefsBodies
from milepad.ledger.stores.body_cells import CELL_BYTES, PART_BYTES, CellBodies, fat_bodies
from milepad.ledger.stores.files import MountedFiles
from milepad.ledger.stores.no_bodies import NoBodies, or_none

BODY = b'{"a":1}'
# As it stands on flashes: these bytes never change.
FRAME = bytes.fromhex("14000b000000077b2261223a317d")
CELL = bytes.fromhex("14001100000007561bacaf00017b2261223a317d")
CELLS = 12


@pytest.fixture(params=["littlefs", "mounted", "cells", "fat"])
def boot(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Any]:
    """Makes each kind on a medium of its own; calling it again is a restart."""
    files, memory = FakeFiles(), bytearray(CELLS * CELL_BYTES)
    mounted = MountedFiles(str(tmp_path))
    return {
        "littlefs": lambda: LittlefsBodies(files),
        "mounted": lambda: LittlefsBodies(mounted),
        "cells": lambda: CellBodies(ByteRegion(memory), CELLS),
        "fat": lambda: fat_bodies(mounted, "/QUEUE.BIN", CELLS),
    }[request.param]


def body_of(number: int, size: int = 300) -> bytes:
    return (b'{"number":"%d","text":"' % number).ljust(size - 2, b"x") + b'"}'


def test_a_body_is_there_after_a_restart(boot: Callable[[], Any]) -> None:
    boot().add(7, BODY)
    assert boot().read(7) == BODY
    assert boot().read(8) is None


def test_long_ones_and_many_are_read_as_they_were_added(boot: Callable[[], Any]) -> None:
    bodies = boot()
    kept = {1: 300, 2: PART_BYTES, 3: PART_BYTES + 1, 4: 2000, 5: 40}
    for number, size in kept.items():
        bodies.add(number, body_of(number, size))
    for number, size in kept.items():
        assert boot().read(number) == bodies.read(number) == body_of(number, size)


def test_what_is_not_needed_any_more_makes_room(boot: Callable[[], Any]) -> None:
    bodies = boot()
    for number in range(1, 400):
        bodies.add(number, body_of(number))
        if number > 5:
            bodies.drop(number - 5)
    bodies = boot()
    bodies.keep(list(range(395, 400)))
    assert [bodies.read(number) for number in range(395, 400)] == [
        body_of(number) for number in range(395, 400)
    ]


def test_one_that_got_no_entry_gives_way_to_the_next_of_its_number(
    boot: Callable[[], Any],
) -> None:
    boot().add(7, body_of(1, 1200))
    bodies = boot()  # the cut came before its entry
    bodies.keep([])
    assert bodies.read(7) is None
    bodies.add(7, body_of(2))
    assert bodies.read(7) == boot().read(7) == body_of(2)


def test_a_full_one_says_so_and_loses_nothing(boot: Callable[[], Any]) -> None:
    bodies = boot()
    number = 0
    with pytest.raises(StorageError, match="queue_full"):
        while number < 5000:
            bodies.add(number + 1, body_of(number + 1))
            number += 1
    assert number >= CELLS
    assert all(bodies.read(each) == body_of(each) for each in range(1, number + 1))
    bodies.drop(1)
    bodies.drop(number)


def test_a_body_on_littlefs_has_these_bytes() -> None:
    files = FakeFiles()
    LittlefsBodies(files).add(7, BODY)
    raw = files.content["/queue/00000007"]
    assert raw[:-4] == FRAME and frames.measure(raw, 0, frames.BODY) == len(raw)


def test_a_body_in_a_cell_has_these_bytes() -> None:
    memory = bytearray(CELL_BYTES)
    CellBodies(ByteRegion(memory), 1).add(7, BODY)
    assert memory[: len(CELL)] == CELL
    assert frames.measure(memory, 0, frames.BODY) == len(CELL) + 4


def test_nothing_follows_bytes_that_nobody_can_read() -> None:
    files = FakeFiles()
    LittlefsBodies(files).add(1, body_of(1))
    files.content["/queue/00000001"] += b"\x14\xff\xff torn"
    bodies = LittlefsBodies(files)
    bodies.add(2, body_of(2))
    assert sorted(files.content) == ["/queue/00000001", "/queue/00000002"]
    assert LittlefsBodies(files).read(1) == body_of(1)
    assert LittlefsBodies(files).read(2) == body_of(2)


def test_a_file_that_cannot_be_read_costs_no_other() -> None:
    files = FakeFiles()
    first = LittlefsBodies(files)
    first.add(1, body_of(1, 4000))
    first.add(2, body_of(2, 4000))
    files.damaged.add("/queue/00000001")
    bodies = LittlefsBodies(files)
    assert bodies.read(1) is None and bodies.read(2) == body_of(2, 4000)
    bodies.keep([1, 2])
    assert "/queue/00000001" in files.content


@pytest.mark.parametrize("torn", [0, 3, 100, 511])
def test_a_body_that_tears_in_its_cells_is_none(torn: int) -> None:
    for writes in range(4):
        medium = TearingBytes(CELLS * CELL_BYTES)
        CellBodies(medium, CELLS).add(1, body_of(1, 900))
        medium.power.left, medium.torn_bytes = writes, torn
        bodies = CellBodies(medium, CELLS)
        is_kept = True
        try:
            bodies.add(2, body_of(2, 1400))  # three cells
        except StorageError:
            is_kept = False
        medium.power.restore()
        assert is_kept == (writes == 3)
        assert CellBodies(medium, CELLS).read(1) == body_of(1, 900)
        if is_kept:
            assert CellBodies(medium, CELLS).read(2) == body_of(2, 1400)
        bodies = CellBodies(medium, CELLS)
        bodies.keep([1])
        bodies.add(2, body_of(3, 1400))
        assert CellBodies(medium, CELLS).read(2) == body_of(3, 1400)


def test_no_space_left_is_a_full_queue() -> None:
    class Full(FakeFiles):
        def open(self, path: str, mode: str) -> Any:
            if mode != "rb":
                raise OSError(errno.ENOSPC, path)
            return super().open(path, mode)

    with pytest.raises(StorageError, match="queue_full"):
        LittlefsBodies(Full()).add(1, BODY)


def test_a_queue_leaves_half_of_the_flash_to_redemptions() -> None:
    files = FakeFiles()
    bodies = LittlefsBodies(files)
    with pytest.raises(StorageError, match="queue_full"):
        for number in range(1, 300):
            bodies.add(number, body_of(number, 4000))
    assert len(files.content) <= files.blocks // 2


def test_what_may_have_left_is_there_after_a_restart() -> None:
    files = FakeFiles()
    bodies = LittlefsBodies(files)
    assert bodies.tried == 0 and bodies.note_tried(12)
    assert LittlefsBodies(files).tried == 12


def test_where_the_medium_fails_there_is_a_queue_that_takes_nothing() -> None:
    def fails() -> Any:
        raise StorageError("read_only")

    bodies = or_none(fails)
    assert isinstance(bodies, NoBodies) and bodies.warning == "read_only"
    with pytest.raises(StorageError, match="read_only"):
        bodies.add(1, BODY)
    bodies.keep([])
    bodies.drop(1)
    assert bodies.read(1) is None and not bodies.note_tried(1)


def test_what_waits_in_a_longer_file_of_earlier_firmware_is_read(tmp_path: Path) -> None:
    mounted = MountedFiles(str(tmp_path))
    earlier = fat_bodies(mounted, "/QUEUE.BIN", CELLS)
    for number in range(1, CELLS + 1):
        earlier.add(number, body_of(number))
    bodies = fat_bodies(mounted, "/QUEUE.BIN", CELLS // 3)
    for number in range(1, CELLS + 1):
        assert bodies.read(number) == body_of(number)
