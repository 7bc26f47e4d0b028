"""Verified packages that this user downloaded before: any clone's setup may use them.

A file's name ends with its SHA-256, and it takes that name only when it is complete, so two
runs at once do no harm. A cache that cannot be read or written is as good as an empty one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path


def folder() -> Path | None:
    """Where it is; None when this user has no home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path(base) if os.path.isabs(base) else Path.home() / ".cache"
    except RuntimeError:
        return None
    return home / "milepad" / "packages"


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Cache:
    """The cache in one folder; None: there is none."""

    def __init__(self, home: Path | None) -> None:
        self._home = home

    def take(self, digest: str, target: Path, label: str = "") -> bool:
        """Copies the file of that SHA-256 to `target`; whether it was there, undamaged.

        With `label` and no digest: the latest file that was kept under that label.
        """
        for path in self._found(f"{label}*{digest}.deb"):
            with contextlib.suppress(OSError):
                shutil.copyfile(path, target)
                if sha256(target) == path.stem.rpartition("-")[2]:
                    return True
                path.unlink()
            target.unlink(missing_ok=True)
        return False

    def keep(self, path: Path, label: str = "") -> None:
        """Keeps a verified file, if that is possible."""
        if self._home is None:
            return
        with contextlib.suppress(OSError):
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = self._home / f"{label}-{sha256(path)}.deb"
            handle, beside = tempfile.mkstemp(dir=self._home, suffix=".new")
            os.close(handle)
            try:
                shutil.copyfile(path, beside)
                os.replace(beside, target)
            finally:
                Path(beside).unlink(missing_ok=True)

    def _found(self, pattern: str) -> list[Path]:
        if self._home is None:
            return []
        with contextlib.suppress(OSError):
            return sorted(
                self._home.glob(pattern),
                key=lambda path: path.stat().st_mtime,
                reverse=True,
            )
        return []
