"""What the commands of this folder have in common: arguments, progress, one line on failure."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tools import interrupt
from tools.build import BuildError
from tools.deploy.board_file import BoardFile
from tools.deploy.drive import Drive
from tools.deploy.errors import DeployError, UsageError
from tools.deploy.port import Port
from tools.profile import ProfileFileError


class Parser(argparse.ArgumentParser):
    """One line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with 2."""
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def required(name: str, value: str, example: str) -> str:
    """`value`, or UsageError: make passes what was not given as an empty text."""
    if not value:
        raise UsageError(f"{name} is missing: {name}={example}")
    return value


def open_target(board: BoardFile, port: str) -> Port | Drive:
    """What files are copied to. Raises DeployError."""
    if board.has_drive:
        return Drive(Path(required("PORT", port, "/media/you/CIRCUITPY")))
    return Port(required("PORT", port, "/dev/ttyACM0"))


class Bar:
    """Progress on a terminal; a file gets none of it."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Callable[[str, int, int], None]:
        if sys.stderr.isatty():
            self._progress.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._progress.live.is_started:
            self._progress.stop()

    def _tell(self, path: str, at: int, count: int) -> None:
        self._progress.update(self._task, description=path, completed=at, total=count)


def ended(name: str, work: Callable[[], int]) -> int:
    """The exit status of `work`: with one line, 2 after bad use, 1 after a failure or 130."""
    try:
        return work()
    except (UsageError, ProfileFileError) as fault:
        print(f"{name}: {fault}", file=sys.stderr)
        return 2
    except (DeployError, BuildError) as fault:
        print(f"{name}: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # another line than other programs' says that it may go on
        print(
            f"{name}: stopped; the same command goes on where it stopped",
            file=sys.stderr,
        )
        return interrupt.STATUS
