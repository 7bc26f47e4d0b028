"""Where files are copied to: a board on a port, or the drive of a CircuitPython board."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol


class Target(Protocol):
    """Files of a board, by their path without a leading "/". Every method raises DeviceError."""

    name: str

    def sums(self, paths: Iterable[str]) -> dict[str, str]:
        """{path: SHA-256 in hex} of these files, and of every file below these folders."""

    def write(self, path: str, raw: bytes) -> None:
        """Replaces one file; a reader sees the old one or the new one."""

    def rename(self, path: str, new_path: str) -> None:
        """Moves a file to a name that is free."""

    def remove(self, path: str) -> None:
        """Removes a file, and the folders that are empty then."""

    def restart(self) -> bool:
        """Lets the board start what is on it now; False when that takes a person's hand."""

    def close(self) -> None:
        """Gives it back."""


def sum_of(raw: bytes) -> str:
    """As `sums` gives it."""
    return hashlib.sha256(raw).hexdigest()
