"""Brings a release, or settings, or both onto one board, and asks it for an ECHO."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import NamedTuple

from tools import progress
from tools.deploy import copying, echo
from tools.deploy.board_file import BoardFile
from tools.deploy.drive import Drive
from tools.deploy.recognise import Device, recognise
from tools.deploy.target import Target
from tools.device.port import Port

_ECHO_ON_SCREEN = "the board tells the ECHO's answer on its own screen"


class Work(NamedTuple):
    """What is to be on a board: files by their path there. Without settings none is touched."""

    board: BoardFile
    release: Mapping[str, bytes]
    settings: Mapping[str, bytes]


class Done(NamedTuple):
    """What came of it. `version` is the firmware's, as it was read from the board.

    `echo` is the platform's answer in words, "" where nobody asked; `good` is whether it was
    approved, or nobody can know. `lines` are for a person.
    """

    device: Device
    version: str
    good: bool
    echo: str
    lines: list[str]


def bring(target: Port | Drive, work: Work) -> Done:
    """Does the work, starts the board anew and gives it back. Raises DeviceError."""
    with closing(target):
        device = recognise(work.board, target, work.release)
        lines = [_copy(target, work.release)] if work.release else []
        if work.settings:
            _write(target, work.settings)
        version = target.version()
        good, answer = True, ""
        if work.settings and isinstance(target, Port):
            good, answer = echo.ask(target)
        target.restart()
    if work.settings:
        told = f"ECHO {answer}" if answer else _ECHO_ON_SCREEN
        lines.append(f"{target.name}: written; {told}")
    lines.append(f"{target.name}: {_identity(work.board, device, version)}")
    if work.release and isinstance(target, Drive):
        lines += _missing(target, work.board)
    return Done(device, version, good, answer, lines)


def _identity(board: BoardFile, device: Device, version: str) -> str:
    """What a person tells this board from another by."""
    firmware = f"Milepad {version}" if version else "no Milepad"
    number = device.serial_number or "not told"
    return f"{firmware} for {board.name}; {device.python}; serial number {number}"


def _copy(target: Port | Drive, release: Mapping[str, bytes]) -> str:
    with progress.bar() as bar:
        done = copying.release(target, release, bar.at)
    return (
        f"{target.name}: {len(done.copied)} copied, {done.same} were there already, "
        f"{len(done.removed)} removed; verified"
    )


def _write(target: Target, files: Mapping[str, bytes]) -> None:
    for name, raw in files.items():
        target.write(name, raw)
    copying.verify(target, files)


def _missing(drive: Drive, board: BoardFile) -> list[str]:
    missing = drive.missing_libraries(board.libraries)
    if not missing:
        return []
    return [
        f"still missing there: {', '.join(missing)}; circup --path {drive.name} "
        f"install -r {drive.name}/requirements.txt"
    ]
