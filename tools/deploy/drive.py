"""The drive of a CircuitPython board: a folder of this computer, on a FAT filesystem."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools import regular_file
from tools.deploy.errors import UsageError
from tools.deploy.target import sum_of
from tools.device.errors import DeviceError

_ABOUT = "boot_out.txt"  # CircuitPython writes it at each start
_ABOUT_BYTES = 16 * 1024
_PYTHON = re.compile(r"^Adafruit CircuitPython (\d+\.\d+\.\d+\S*)", re.MULTILINE)
_BOARD = re.compile(r"^Board ID: *([A-Za-z0-9_.-]+)", re.MULTILINE)
_SERIAL_NUMBER = re.compile(r"^UID: *([0-9A-Fa-f]+)", re.MULTILINE)
_VERSION = re.compile(r"^VERSION = \"([0-9A-Za-z.+-]+)\"", re.MULTILINE)


class About(NamedTuple):
    """What CircuitPython says of the board whose drive it is; "" where it says nothing."""

    version: str
    board: str
    serial_number: str


def parse_about(text: str) -> About:
    """What stands in a `boot_out.txt`."""
    found = [pattern.search(text) for pattern in (_PYTHON, _BOARD, _SERIAL_NUMBER)]
    return About(*(match[1] if match else "" for match in found))


class Drive:
    """A `Target` that is a mounted drive."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder
        if not folder.is_dir():
            raise UsageError(
                f"{folder}: there is no such folder; PORT is where the board's drive is "
                "mounted, such as /media/you/CIRCUITPY"
            )

    def about(self) -> About:
        """What CircuitPython says of itself there. Raises UsageError where it says nothing."""
        about = parse_about(self._text(_ABOUT, _ABOUT_BYTES))
        if about.version and about.board:
            return about
        raise UsageError(
            f"{self.name}: this is no drive of a CircuitPython board: it has no {_ABOUT} that "
            "names one; PORT is where the board's drive is mounted, such as "
            "/media/you/CIRCUITPY (a new board writes the file when RESET is pressed once); "
            "nothing was changed"
        )

    def version(self) -> str:
        """The version of the firmware that is on it, "" for none."""
        match = _VERSION.search(self._text("milepad/__init__.py", _ABOUT_BYTES))
        return match[1] if match else ""

    def _text(self, path: str, most_bytes: int) -> str:
        """A small file's text, "" where none can be read."""
        try:
            raw = regular_file.read(self._folder / path, most_bytes)
        except OSError:
            return ""
        return raw.decode("utf-8-sig", "replace")

    @contextlib.contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            text = (fault.strerror or "it failed").lower()
            raise DeviceError(
                f"{self.name}: {text}: plug the board in so that its drive is writable "
                "(its README.md), and run the same command again"
            ) from None

    def sums(self, paths: Iterable[str]) -> dict[str, str]:
        """As `Target` has it."""
        found = {}
        with self._clear_errors():
            for path in paths:
                top = self._folder / path
                for file in [top, *top.rglob("*")]:
                    if file.is_file():
                        name = file.relative_to(self._folder).as_posix()
                        found[name] = sum_of(file.read_bytes())
        return found

    def write(self, path: str, raw: bytes) -> None:
        """As `Target` has it; on the drive before this returns."""
        target = self._folder / path
        beside = target.with_name(target.name + ".new")
        with self._clear_errors():
            target.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, target)

    def rename(self, path: str, new_path: str) -> None:
        """As `Target` has it."""
        with self._clear_errors():
            os.replace(self._folder / path, self._folder / new_path)

    def remove(self, path: str) -> None:
        """As `Target` has it."""
        target = self._folder / path
        with self._clear_errors():
            target.unlink()
            for folder in target.relative_to(self._folder).parents[:-1]:
                if any((self._folder / folder).iterdir()):
                    break
                (self._folder / folder).rmdir()

    def restart(self) -> bool:
        """Nothing to do: CircuitPython starts again when its drive has changed."""
        return True

    def close(self) -> None:
        """Nothing to do: each file is on the drive before `write` returns."""

    def missing_libraries(self, names: Iterable[str]) -> list[str]:
        """Which of these circup has not put there yet."""
        library = self._folder / "lib"
        return [
            name
            for name in names
            if not any((library / f"{name}{end}").exists() for end in ("", ".mpy", ".py"))
        ]
