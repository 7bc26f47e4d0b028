"""Gets everything that the project needs and does not have: `python -m tools.setup`.

It starts on the machine's own Python, before anything is installed, so it uses the standard
library alone. Each part has a stamp that holds what the part was made from; what could not
be had has none, so that the next run tries again. One run at a time works on a clone.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import board_stubs, browser, micropython, program, servers
from tools.debian import FetchError
from tools.folders import REQUIREMENTS, ROOT, TOOLS
from tools.pip import PipError, install, into

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class SetupError(Exception):
    """A part without which nothing runs could not be had; one line says why."""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Waits until no other run is at work on this clone."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another setup of this folder ...", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _is_made(stamp: Path, content: str) -> bool:
    return stamp.exists() and stamp.read_text() == content


def _venv() -> None:
    """The virtual environment with the locked packages."""
    stamp, lock = VENV / ".ready", REQUIREMENTS / "desktop.lock"
    content = _digest(lock)
    if _is_made(stamp, content):
        stamp.touch()
        return
    print("setting up .venv (about a minute, once) ...", flush=True)
    works = subprocess.run([PYTHON, "-c", ""]).returncode == 0 if PYTHON.exists() else False
    if not works:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    install(PYTHON, lock)
    stamp.write_text(content)


def _types(lock: str, folder: str) -> None:
    """A folder with what a lock file of its own names."""
    target, path = TOOLS / folder, REQUIREMENTS / lock
    content = _digest(path)
    if not _is_made(target / ".ready", content):
        into(PYTHON, target, path.read_text("utf-8"))
        (target / ".ready").write_text(content)


def _board_types() -> None:
    """The types of the boards' ports."""
    content = _digest(board_stubs.LOCK, Path(board_stubs.__file__))
    if not _is_made(TOOLS / ".stubs", content):
        board_stubs.get(PYTHON)
        (TOOLS / ".stubs").write_text(content)


def _python() -> None:
    """What the firmware runs on: with the environment, all that a newcomer needs."""
    if not micropython.get():
        if os.environ.get("CI") == "true":
            raise SetupError("the tests need MicroPython")
        program.complain("setup", "without MicroPython the firmware runs on CPython")
    (TOOLS / ".python").touch()


def _tools() -> None:
    """What a contributor needs besides."""
    _types("unix-stubs.lock", "stubs")
    _board_types()
    _types("circuitpython.lock", "circuitpython")
    servers.get()
    browser.get()
    (TOOLS / ".ready").touch()


def _main() -> int:
    """Gets the virtual environment and, unless an option says less, everything else."""
    parser = program.Parser(prog="tools.setup", description=_main.__doc__)
    parser.add_argument("--venv", action="store_true", help="only the virtual environment")
    parser.add_argument("--run", action="store_true", help="and MicroPython, no more")
    options = parser.parse_args()
    try:
        with _alone():
            _venv()
            if not options.venv:
                _python()
            if not (options.venv or options.run):
                _tools()
    except subprocess.CalledProcessError as fault:
        program.complain("setup", f"{fault.cmd[0]} ended with {fault.returncode}")
        return 1
    except (PipError, SetupError, FetchError, browser.BrowserError, OSError) as fault:
        program.complain("setup", fault)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(program.run("setup", _main))
