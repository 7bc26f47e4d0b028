"""Runs a virtual environment's pip on lock files: every package is checked by its hash."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# What pip says below an error's rank is about the machine's own configuration.
_OPTIONS = ["-qq", "--disable-pip-version-check", "--require-hashes", "--retries", "5"]


class PipError(Exception):
    """pip failed; it has said why."""


def install(python: Path, lock: Path, *more: str) -> None:
    """Installs what the lock file names. Raises PipError."""
    command = [str(python), "-m", "pip", "install", *_OPTIONS, *more, "-r", str(lock)]
    code = subprocess.run(command).returncode
    if code:
        raise PipError(f"pip ended with {code} on {lock.name}")


def into(python: Path, folder: Path, lock: str) -> None:
    """Fills `folder` anew with what the text of a lock file names. Raises PipError."""
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as work:
        path, target = Path(work) / f"{folder.name}.txt", Path(work) / "target"
        path.write_text(lock, "utf-8")
        install(python, path, "--no-deps", "--target", str(target))
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(target, folder)
