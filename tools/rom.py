"""A board's modules as one ROM file system: `python -m tools.rom --board BOARD`.

    mpremote connect PORT romfs deploy build/BOARD.romfs

The firmware on the board must have been built with ROMFS. What starts by itself (`main.py`)
goes onto the flash: MicroPython looks for it only there.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from mpremote import romfs

from tools import boards, build, program, shell
from tools.folders import ROOT


def image(board: str) -> Path:
    """Builds the board and makes `build/BOARD.romfs`. Raises BuildError."""
    raw = from_folder(build.build(board))
    target = build.BUILD / f"{board}.romfs"
    beside = target.with_name(f"{target.name}.{os.getpid()}.new")  # two may run at once
    beside.write_bytes(raw)
    os.replace(beside, target)
    return target


def from_folder(folder: Path) -> bytes:
    """The compiled files of a folder as a ROM file system."""
    with tempfile.TemporaryDirectory(prefix="milepad-rom-") as name:
        modules = Path(name) / "rom"
        # A file that another run is just making has not got its name yet.
        not_here = shutil.ignore_patterns("*.new", *build.SOURCE_NAMES)
        shutil.copytree(folder, modules, ignore=not_here)
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a tree
            return bytes(romfs.make_romfs(str(modules), mpy_cross=None))


def main(words: list[str] | None = None) -> int:
    """0 when the image is there, 1 when it cannot be made, 2 after bad use."""
    return shell.run("tools.rom", _make, words, about=__doc__)


def _make(*, board: Annotated[str, Parameter(help="a folder of boards/")] = "") -> int:
    try:
        if not boards.exists(board):
            program.complain("rom", boards.unknown(board))
            return 2
        if not boards.settings(boards.FOLDER / board).get("mpy_cross"):
            program.complain("rom", f"{board} runs CircuitPython, which has no ROMFS")
            return 2
        path = image(board)
    except (build.BuildError, boards.BoardError) as fault:
        program.complain("rom", fault)
        return 1
    print(f"{path.stat().st_size} B; with main.py on the flash:")
    print(f"mpremote connect PORT romfs deploy {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(program.run("rom", main))
