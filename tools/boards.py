"""What the boards' `board.toml` say of their memory, and what the app asks of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from tools.budgets import SMALL, Budget, flash_budget
from tools.folders import ROOT

FOLDER = ROOT / "boards"
# A ledger of 2,000 entries on littlefs, as a test of its cost on flash holds it to.
LEDGER_KIB = 256


MEMORY_KEYS = ("heap_kib", "tls_kib", "files_kib")


class BoardError(Exception):
    """What a `board.toml` says cannot be used; the text is one line."""


class Memory(NamedTuple):
    """A board's memory in KiB: `heap` is what Python's heap can grow to, `tls` what the TLS
    of its firmware takes out of the same memory, `files` its file system."""

    heap: int
    tls: int
    files: int


def names() -> list[str]:
    """Every board that there is."""
    return sorted(path.parent.name for path in FOLDER.glob("*/board.toml"))


def exists(board: str) -> bool:
    """Whether there is a board of that name."""
    return board.isidentifier() and (FOLDER / board / "board.py").exists()


def unknown(board: str) -> str:
    """What to say of a name that no board has; "" is one that was not given."""
    known = f"BOARD is one of {', '.join(names())}"
    return (
        f"there is no board {board!r}; {known}" if board else f"BOARD is missing: {known}"
    )


def settings(folder: Path) -> dict[str, Any]:
    """A board's `board.toml`. Raises BoardError."""
    try:
        return tomllib.loads((folder / "board.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BoardError(f"boards/{folder.name}/board.toml: {fault}") from None


def port(board: str) -> str:
    """The firmware's family that a board belongs to: esp32, rp2, circuitpython, unix."""
    return str(settings(FOLDER / board)["port"])


def flash(board: str) -> Budget:
    """The budget of flash for a board's compiled files, in bytes. Raises BoardError."""
    return flash_budget(bool(settings(FOLDER / board).get("till")))


def memory(found: dict[str, Any]) -> Memory:
    """A board's memory, from its settings. Raises BoardError."""
    sizes: list[int] = []
    for key in MEMORY_KEYS:
        size = found.get(key)
        if not isinstance(size, int) or size < 0:
            raise BoardError(f"board.toml: {key}: expected a number of KiB")
        sizes.append(size)
    return Memory(*sizes)


def lacks(board: Memory, code_bytes: int, checkout_kib: float = SMALL.checkout.most) -> str:
    """What a board has too little of for the app with TLS; nothing when it holds it.

    `code_bytes` go onto its file system; a checkout needs `checkout_kib` of heap.
    """
    heap_kib = checkout_kib + board.tls
    if heap_kib > board.heap:
        return f"a heap of {board.heap} KiB: a checkout with TLS takes {heap_kib:g}"
    files_kib = code_bytes / 1024 + LEDGER_KIB
    if files_kib > board.files:
        return f"{board.files} KiB of files: code and ledger take {files_kib:.0f}"
    return ""
