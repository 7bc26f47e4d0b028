"""The flash of a device whose firmware was one version older: it boots and its open entry is
asked about."""

from __future__ import annotations

import gzip
from pathlib import Path

from host_tests.system.handheld.conftest import MakeTill
from host_tests.system.handheld.hands import saw
from tools.emulator.testing import RunningEmulator

ROOT = Path(__file__).resolve().parents[3]
IMAGE = ROOT / "host_tests" / "ledger" / "golden" / "littlefs-1.gz"


def test_the_open_entries_of_an_older_flash_are_asked_about(
    make_till: MakeTill, platform: RunningEmulator, tmp_path: Path
) -> None:
    flash = tmp_path / "flash.img"
    flash.write_bytes(gzip.decompress(IMAGE.read_bytes()))
    till = make_till(flash=flash)
    till.wait_screen("INTERRUPTED")
    assert "STORAGE FAILED" not in saw(till)
    assert platform.requests("redeem") == []
