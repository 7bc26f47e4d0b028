"""Whether the board on the cable, or whose drive it is, is the one that was named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tools.deploy.board_file import BoardFile
from tools.deploy.drive import Drive
from tools.device.errors import DeviceError
from tools.device.port import Port

_PLATFORMS = {"unix": ("linux", "darwin")}  # sys.platform, where it is not the port's name
_MPY_AT = 1  # the version's place in the head of a .mpy file
_MAX_CHARS = 48  # of a text from outside
_UNCHANGED = "nothing was changed"


class Device(NamedTuple):
    """Which one it is: its Python with its version, and the chip's serial number, or ""."""

    python: str
    serial_number: str


def recognise(
    board: BoardFile, target: Port | Drive, release: Mapping[str, bytes]
) -> Device:
    """Raises DeviceError unless what runs there is this board's Python and loads our files."""
    if isinstance(target, Drive):
        return _on_drive(board, target)
    return _on_port(board, target, release)


def serial_number(target: Port | Drive) -> str:
    """The chip's own, "" when it tells none. Raises DeviceError."""
    if isinstance(target, Drive):
        return target.about().serial_number.lower()
    return _plain(target.identity().serial_number)


def _on_drive(board: BoardFile, drive: Drive) -> Device:
    about = drive.about()
    if about.board != board.firmware:
        raise DeviceError(
            f"{drive.name}: this is the drive of the board {_plain(about.board)}, but "
            f"BOARD={board.name} is {board.firmware}: {_UNCHANGED}"
        )
    if not _is_fit(about.version, board.version):
        raise DeviceError(
            f"{drive.name}: its CircuitPython is {_plain(about.version)}, the release is for "
            f"{board.version}, or a later one of that series: put {board.firmware} "
            f"{board.version} on it (boards/{board.name}/README.md); {_UNCHANGED}"
        )
    return Device(f"CircuitPython {_plain(about.version)}", about.serial_number.lower())


def _is_fit(version: str, wanted: str) -> bool:
    """The same major version, which circup's libraries are made for, and no older minor one."""
    found, least = ([int(n) for n in re.findall(r"\d+", v)[:2]] for v in (version, wanted))
    return found[0] == least[0] and found >= least


def _on_port(board: BoardFile, port: Port, release: Mapping[str, bytes]) -> Device:
    """Then its watchdog, which nothing else stops until the restart, is given time."""
    who = port.identity()
    needed = f"{board.firmware} {board.version}"
    if who.python != "micropython" or who.platform not in _PLATFORMS.get(
        board.port, (board.port,)
    ):
        raise DeviceError(
            f"this is {_plain(who.python)} on {_plain(who.platform)}, but BOARD={board.name} "
            f"needs {needed} on {board.port}: {_UNCHANGED}"
        )
    versions = {raw[_MPY_AT] for path, raw in release.items() if path.endswith(".mpy")}
    if versions and versions != {who.mpy}:
        ours = ", ".join(str(version) for version in sorted(versions))
        raise DeviceError(
            f"its MicroPython {_plain(who.version)} loads .mpy version {who.mpy or 'none'}, the "
            f"release is version {ours}: flash {needed} "
            f"(boards/{board.name}/README.md); {_UNCHANGED}"
        )
    port.call("quiet_watchdog")
    return Device(f"MicroPython {_plain(who.version)}", _plain(who.serial_number))


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c in ".-_")[:_MAX_CHARS]
