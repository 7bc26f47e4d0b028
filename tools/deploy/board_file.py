"""What a board's `board.toml` says."""

from __future__ import annotations

from typing import Any, NamedTuple

from tools import boards
from tools.deploy.errors import UsageError

CIRCUITPYTHON = "circuitpython"


class BoardFile(NamedTuple):
    """`port` is MicroPython's name for the family; `libraries` are circup's names.

    `firmware` is the name of the Python that belongs on it, `version` that Python's.
    """

    name: str
    port: str
    firmware: str
    version: str
    libraries: list[str]

    @property
    def has_drive(self) -> bool:
        """Whether files are copied to a drive of this computer, as source."""
        return self.port == CIRCUITPYTHON


def load(board: str) -> BoardFile:
    """Reads `boards/BOARD/board.toml`. Raises UsageError."""
    if not boards.exists(board):
        raise UsageError(boards.unknown(board))
    try:
        document = boards.settings(boards.FOLDER / board)
    except boards.BoardError as fault:
        raise UsageError(str(fault)) from None
    return parse(board, document, f"boards/{board}/board.toml")


def parse(board: str, document: dict[str, Any], where: str) -> BoardFile:
    """The keys that a deployment needs. Raises UsageError naming the one that is wrong."""
    texts = {}
    for key in ("port", "firmware", "firmware_version"):
        texts[key] = document.get(key)
        if not isinstance(texts[key], str):
            raise UsageError(f"{where}: {key}: expected a text")
    libraries = document.get("libraries")
    if not (isinstance(libraries, list) and all(isinstance(n, str) for n in libraries)):
        raise UsageError(f"{where}: libraries: expected a list of names")
    port, firmware, version = map(str, texts.values())
    return BoardFile(board, port, firmware, version, libraries)
