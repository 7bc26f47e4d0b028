"""What a deployment has to do: which files to copy, which to remove. Pure.

Only what a release owns is ever looked at: its two folders and the few files at the top that
a board starts with. A shop's profile, secret and ledger are none of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tools.deploy.target import sum_of

FOLDERS = ("milepad", "boards")
STARTS = ("main.py", "code.py")
HELD = "milepad.held"  # the start file while a release is half copied
_TOP = (*STARTS, "milepad_board.py", "milepad_board.mpy", HELD)


class Plan(NamedTuple):
    """Paths on the board; `same` is how many are there already."""

    copy: list[str]
    remove: list[str]
    same: int


def owned(wanted: Mapping[str, bytes]) -> list[str]:
    """The folders and files that are a release's own (`boot.py` only if it brings one)."""
    top = {name for name in wanted if "/" not in name}
    return [*FOLDERS, *sorted(top | set(_TOP))]


def start_file(wanted: Mapping[str, bytes]) -> str:
    """What this board starts by itself."""
    return STARTS[1] if STARTS[1] in wanted else STARTS[0]


def make(wanted: Mapping[str, bytes], present: Mapping[str, str]) -> Plan:
    """The way from what is `present` {path: SHA-256} to what is `wanted` {path: bytes}."""
    copy = [path for path, raw in wanted.items() if present.get(path) != sum_of(raw)]
    remove = sorted(path for path in present if path not in wanted)
    return Plan(sorted(copy), remove, len(wanted) - len(copy))
