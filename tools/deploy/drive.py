"""The drive of a CircuitPython board: a folder of this computer, on a FAT filesystem."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.deploy.errors import UsageError
from tools.deploy.target import sum_of
from tools.device.errors import DeviceError


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
