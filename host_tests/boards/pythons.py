"""Both Pythons that the simulated board runs on, as commands with their search paths."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools import micropython

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("micropython", "cpython")


def command(name: str) -> list[str]:
    """The words that start that Python."""
    if name == "cpython":
        return [sys.executable]
    return micropython.command()


def environment(first: Path | None = None) -> dict[str, str]:
    """Search paths for both, with `first` before the firmware."""
    folders = (
        [ROOT / "firmware", ROOT] if first is None else [first, ROOT / "firmware", ROOT]
    )
    path = ":".join(map(str, folders))
    return {**os.environ, "PYTHONPATH": path, "MICROPYPATH": path + ":.frozen"}


def run(name: str, script: str, *arguments: str) -> str:
    """What `script` prints; its complaint as AssertionError when it fails."""
    done = subprocess.run(
        [*command(name), "-c", script, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
