"""Checks the types of the firmware and of every board, each against its own port's modules.

    python -m tools.board_types [BOARD ...]

A board is found by its folder, and its `board.toml` says which port it is for. Its class `Board`
has to be what the app asks for: `Board` in firmware/milepad/drivers/protocols.py.
"""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import boards, program, shell
from tools.build import DESKTOP_ONLY
from tools.folders import ROOT, TOOLS

CONFIGS = {
    "unix": "firmware/mypy.ini",
    "esp32": "boards/esp32.mypy.ini",
    "rp2": "boards/rp2.mypy.ini",
    "circuitpython": "boards/circuitpython.mypy.ini",
}
_PINS = TOOLS / "stubs-circuitpython" / "board_definitions"
_PROGRAM = "board_types"


def ports() -> dict[str, list[str]]:
    """{port: its boards' names}, by the folders in boards/."""
    return {p: [n for n in boards.names() if boards.port(n) == p] for p in CONFIGS}


def settings(port: str) -> configparser.SectionProxy:
    """How the type checker is set for a port."""
    config = configparser.ConfigParser()
    config.read(ROOT / CONFIGS[port])
    return config["mypy"]


def files(port: str, *names: str) -> list[str]:
    """Folders and files of the firmware and of these boards of a port, below the project."""
    found = [part.strip() for part in settings(port)["files"].split(",")]
    for name in names:
        if f"boards/{name}" not in found:
            paths = sorted((ROOT / "boards" / name).glob("*.py"))
            found += [
                f"boards/{name}/{p.name}" for p in paths if p.name not in DESKTOP_ONLY
            ]
    return found


def _claim(name: str, folder: Path) -> str:
    """Writes a program that is well typed where that board is what the app asks for."""
    path = folder / f"interface_of_{name}.py"
    path.write_text(
        f"from boards.{name}.board import Board\n"
        "from milepad.drivers import protocols\n\n\n"
        f"def what_the_app_gets(board: Board) -> protocols.Board:\n    return board\n",
        "utf-8",
    )
    return str(path)


def _set_pins(name: str, folder: Path) -> None:
    """Makes CircuitPython's module `board` the one of that board's firmware."""
    firmware = boards.settings(boards.FOLDER / name)["firmware"]
    (folder / "board").mkdir()
    pins = _PINS / firmware / "__init__.pyi"
    shutil.copyfile(pins, folder / "board" / "__init__.pyi")


def check(port: str, names: Sequence[str]) -> int:
    """Runs the type checker once for a port and these boards of it; its exit status."""
    with tempfile.TemporaryDirectory() as temporary:
        claims = [_claim(name, Path(temporary)) for name in names]
        if port == "circuitpython":
            _set_pins(names[0], Path(temporary))
        command = [sys.executable, "-m", "mypy", "--config-file", CONFIGS[port]]
        command += ["--cache-dir", f".mypy_cache/{port}", *files(port, *names), *claims]
        environment = {**os.environ, "MYPYPATH": temporary}
        return subprocess.run(command, cwd=ROOT, env=environment).returncode


def check_all(wanted: Sequence[str] = ()) -> int:
    """Every port, or those of the wanted boards; 0 when all is well typed."""
    worst = 0
    for port, all_names in ports().items():
        names = [name for name in all_names if name in wanted or not wanted]
        # Boards with CircuitPython differ in their module `board`: one at a time.
        groups = [[name] for name in names] if port == "circuitpython" else [names]
        for group in groups:
            if group or not wanted:
                worst = max(worst, check(port, group))
    return worst


def main(words: list[str] | None = None) -> int:
    """0 when all is well typed, 1 when not, 2 after bad use."""
    return shell.run(_PROGRAM, _check, words, about=__doc__)


def _check(
    *names: Annotated[str, Parameter(help="folders of boards/; none: all of them")],
) -> int:
    unknown = [name for name in names if name not in boards.names()]
    if unknown:
        program.complain(_PROGRAM, boards.unknown(unknown[0]))
        return 2
    return check_all(names)


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
