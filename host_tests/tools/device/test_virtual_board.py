"""The virtual board tells what a real one does of itself: its number, and why it started."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tools.handheld.image import ImageError, read_files, write_files
from tools.virtual_board.testing import plugged_in

NOTE = """
import machine, time, simulated_hardware
cause = simulated_hardware.config["reset_cause"]
with open("causes", "a") as file:
    file.write(cause + " ")
if cause == "power":
    %s
"""


def noted(flash: Path) -> bytes:
    """What the board has noted so far; nothing where it was writing while it was read."""
    try:
        return read_files(flash).get("causes") or b""
    except ImageError:
        return b""


@pytest.mark.parametrize(
    ("then", "causes"),
    [
        ("pass", "power "),
        ("machine.reset()", "power program "),
        ("machine.WDT(timeout=100); time.sleep(60)", "power watchdog "),
    ],
)
def test_a_board_knows_why_it_started(tmp_path: Path, then: str, causes: str) -> None:
    flash = tmp_path / "flash.img"
    write_files(flash, {"main.py": (NOTE % then).encode()})
    with plugged_in(flash):
        deadline_s = time.monotonic() + 100
        # On a busy machine power may come twice before the first start has done its work.
        while not noted(flash).endswith(causes.encode()):
            assert time.monotonic() < deadline_s, noted(flash)
            time.sleep(0.05)
