"""Makes a new board's folder from one that is there: `make board NAME=kiosk FROM=pico2w_pinpad`.

The copy has its own name and still the other's pins, which are then changed by hand: what to do
next is printed, and said at length in boards/README.md.
"""

from __future__ import annotations

import keyword
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import boards, program, shell
from tools.folders import ROOT

_PROGRAM = "board"
DEFAULT = "pico2w_pinpad"
TEXTS = (".py", ".toml", ".md")
_NAME = re.compile(r"[a-z][a-z0-9_]*")

_NEXT = """boards/{new} is there, a copy of {old}. Next (boards/README.md says more):
  boards/{new}/board.py    your pins and chips
  boards/{new}/board.toml  what your board is and has, and how its firmware gets onto it
  boards/{new}/README.md   a picture, and a wiring table with every pin that board.py uses
then, until nothing is left to say:
  make lint
  make size BOARD={new}
  .venv/bin/python -m pytest host_tests/boards -k {new}"""


class NewBoardError(Exception):
    """Nothing was made; one line says why."""


def models() -> list[str]:
    """The boards that a new one can be made from: those with hardware."""
    return [name for name in boards.names() if boards.port(name) != "unix"]


def make(new: str, old: str = DEFAULT, parent: Path = boards.FOLDER) -> Path:
    """Makes the folder of `new` in `parent` as a copy of `old`'s, whole or not at all.

    Raises NewBoardError.
    """
    folder = parent / new
    if not _NAME.fullmatch(new) or keyword.iskeyword(new):
        raise NewBoardError("NAME: small letters, digits and underscores, a letter first")
    if old not in models():
        raise NewBoardError(f"FROM: expected one of {', '.join(models())}")
    if folder.exists() or folder.with_suffix(".py").exists():
        raise NewBoardError(f"boards/{new} is there already")
    with tempfile.TemporaryDirectory(dir=parent) as temporary:
        copy = Path(temporary, new)
        shutil.copytree(
            boards.FOLDER / old, copy, ignore=shutil.ignore_patterns("__pycache__")
        )
        for path in copy.rglob("*"):
            if path.suffix in TEXTS:
                text = path.read_text("utf-8")
                path.write_text(re.sub(rf"\b{old}\b", new, text), "utf-8")
        _put_into_format(copy)
        os.rename(copy, folder)
    return folder


def _put_into_format(folder: Path) -> None:
    """Under another name an import sorts elsewhere and a line has another length."""
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--quiet", "--config", str(ROOT / "pyproject.toml"), str(folder)]
    subprocess.run([*ruff, "check", "--fix", "--select", "I", *config], check=True)
    subprocess.run([*ruff, "format", *config], check=True)


def main(words: list[str] | None = None) -> int:
    """0 when the folder is there, 2 after bad use."""
    return shell.run(_PROGRAM, _make, words, about=__doc__)


def _make(
    *,
    name: Annotated[str, Parameter(help="of the new folder in boards/")] = "",
    model: Annotated[
        str, Parameter(help=f"the board that it is made from (FROM); {DEFAULT}")
    ] = "",
) -> int:
    old = model or DEFAULT  # make passes what was not given as an empty text
    try:
        make(name, old)
    except NewBoardError as fault:
        program.complain(_PROGRAM, fault)
        return 2
    program.say(_NEXT.format(new=name, old=old))
    return 0


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
