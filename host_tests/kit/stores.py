"""Every kind of store on a fresh medium of its own, with a way to boot it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from host_tests.kit.media import FakeFiles
from milepad.ledger.stores.files import MountedFiles
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.ring import fat_store, memory_store, nvm_store


class SmallLittlefsStore(LittlefsStore):
    """Moves its records after 8, so that tests see it happen."""

    slots = 8


def makers(folder: Path) -> dict[str, Callable[[], object]]:
    """What boots each kind of store; calling it again is a restart."""
    files, nvm = FakeFiles(), bytearray(4096)
    (folder / "ledger").mkdir(parents=True)
    return {
        "littlefs": lambda: SmallLittlefsStore(files),
        "mounted": lambda: SmallLittlefsStore(MountedFiles(str(folder))),
        "fat": lambda: fat_store(MountedFiles(str(folder)), "/LEDGER.BIN", 30),
        "nvm": lambda: nvm_store(nvm),
    }


KINDS = ("littlefs", "mounted", "fat", "nvm")
memory = memory_store
