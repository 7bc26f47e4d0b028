"""Every kind of store on a fresh medium of its own, with a way to boot it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from host_tests.kit.byte_region import ByteRegion
from host_tests.kit.media import FakeFiles
from milepad.ledger.stores.files import MountedFiles
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.ring import (
    CELL_BYTES,
    RingStore,
    fat_store,
)

VALUES_BYTES = 2 * 4 * 16  # both halves of the ring's named values, without a token


class SmallLittlefsStore(LittlefsStore):
    """Moves its records after 8, so that tests see it happen."""

    slots = 8


def bytes_store(memory: bytearray, token_bytes: int = 0) -> RingStore:
    """The ring in a run of bytes, as many cells as it holds: what a test may tear."""
    cells = (len(memory) - VALUES_BYTES - 2 * token_bytes) // CELL_BYTES
    return RingStore(ByteRegion(memory), cells, token_bytes)


def ring_store(cells: int) -> RingStore:
    """The ring in memory of its own, with that many cells."""
    return bytes_store(bytearray(VALUES_BYTES + cells * CELL_BYTES))


def makers(folder: Path) -> dict[str, Callable[[], object]]:
    """What boots each kind of store; calling it again is a restart."""
    files, memory = FakeFiles(), bytearray(4096)
    (folder / "ledger").mkdir(parents=True)
    return {
        "littlefs": lambda: SmallLittlefsStore(files),
        "mounted": lambda: SmallLittlefsStore(MountedFiles(str(folder))),
        "fat": lambda: fat_store(MountedFiles(str(folder)), "/LEDGER.BIN", 30),
        "bytes": lambda: bytes_store(memory),
    }


KINDS = ("littlefs", "mounted", "fat", "bytes")
