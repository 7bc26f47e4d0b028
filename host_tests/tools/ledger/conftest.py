"""Flash images are made once for this room; a board is waited for as a busy machine needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_tests.kit.patience import patient
from host_tests.tools.ledger import making

__all__ = ["patient"]

ENTRIES = [
    *(making.entry(number) for number in range(1, 50)),
    making.entry(50, op="reverse"),
    making.entry(51, "declined"),
    making.entry(52, "not_sent"),
    making.entry(53, "unknown"),
    making.entry(54, None),
    making.entry(55, miles=7125),
    making.entry(56, unix_s=making.MIDNIGHT_S + 86400),  # the next day's first second
]


@pytest.fixture(scope="session")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image with ENTRIES, written by the firmware's ledger on MicroPython's littlefs2."""
    path = tmp_path_factory.mktemp("flash") / "flash.img"
    return making.image(path, ENTRIES, blocks=256)  # with room for the firmware
