"""What a board's `board.toml` says, and whether the board on the cable is that board."""

from __future__ import annotations

from typing import Any, NamedTuple

from tools import boards
from tools.deploy.errors import UsageError
from tools.device.errors import DeviceError
from tools.device.port import Port

CIRCUITPYTHON = "circuitpython"
_PLATFORMS = {"unix": ("linux", "darwin")}  # sys.platform, where it is not the port's name
_MPY_AT = 1  # the version's place in the head of a .mpy file


class BoardFile(NamedTuple):
    """`port` is MicroPython's name for the family; `libraries` are circup's names."""

    name: str
    port: str
    firmware: str
    libraries: list[str]

    @property
    def has_drive(self) -> bool:
        """Whether files are copied to a drive of this computer, as source."""
        return self.port == CIRCUITPYTHON


def load(board: str) -> BoardFile:
    """Reads `boards/BOARD/board.toml`. Raises UsageError."""
    if not boards.exists(board):
        known = ", ".join(boards.names())
        raise UsageError(f"there is no board {board!r}; BOARD is one of {known}")
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
    firmware = f"{texts['firmware']} {texts['firmware_version']}"
    return BoardFile(board, str(texts["port"]), firmware, libraries)


def check(board: BoardFile, port: Port, release: dict[str, bytes]) -> None:
    """Raises DeviceError unless what runs there is this board's firmware and loads our files.

    Then its watchdog, which nothing else stops until the restart, is given time.
    """
    who = port.identity()
    if who.python != "micropython" or who.platform not in _PLATFORMS.get(
        board.port, (board.port,)
    ):
        raise DeviceError(
            f"this is {_plain(who.python)} on {_plain(who.platform)}, but BOARD={board.name} "
            f"needs {board.firmware} on {board.port}: nothing was changed"
        )
    versions = {raw[_MPY_AT] for path, raw in release.items() if path.endswith(".mpy")}
    if versions and versions != {who.mpy}:
        ours = ", ".join(str(version) for version in sorted(versions))
        raise DeviceError(
            f"its MicroPython {_plain(who.version)} loads .mpy version {who.mpy or 'none'}, the "
            f"release is version {ours}: flash {board.firmware} "
            f"(boards/{board.name}/README.md); nothing was changed"
        )
    port.call("quiet_watchdog")


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c in ".-_")[:24]
