"""The ledger of a connected device: which files it has, their bytes, its mark of the export.

Names from a device are checked before anything is done with them; its token is never copied.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.device.errors import DeviceError
from tools.device.port import Port
from tools.ledger.sources import PROFILE_FILE, SEGMENT, SLOT, identifying

_FOLDER = "ledger"
_MAX_FILES = 4096


@dataclass(frozen=True, slots=True)
class Listing:
    """What a device has: {file below /ledger: SHA-256}, and who it says it is, as JSON."""

    sums: dict[str, str]
    who: str | None


def listing(port: Port) -> Listing:
    """Which files of a ledger the device has; its watchdog is given time for what follows.

    Raises DeviceError.
    """
    if not port.has_folder(_FOLDER):
        raise DeviceError(
            f"{port.name}: the device keeps no ledger; expected /{_FOLDER} on it"
        )
    port.call("quiet_watchdog")
    found = port.sums([_FOLDER, PROFILE_FILE])
    if len(found) > _MAX_FILES:
        raise DeviceError(f"{port.name}: the device's list of files makes no sense")
    who = identifying(port.read(PROFILE_FILE)) if PROFILE_FILE in found else None
    names = {path: path.removeprefix(f"{_FOLDER}/") for path in found}
    sums = {names[path]: found[path] for path in found if _is_ours(names[path])}
    return Listing(sums, None if who is None else json.dumps(who))


def copy(port: Port, names: Sequence[str], into: Path) -> None:
    """Copies files of `/ledger` into a folder that exists. Raises DeviceError, OSError."""
    for name in names:
        target = into / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(port.read(f"{_FOLDER}/{name}"))


def mark_exported(port: Port, up_to: int, count: int) -> None:
    """Marks the entries up to that number, if the device counts as many as we hold.

    Raises DeviceError, also when it counts otherwise: then it marked nothing.
    """
    here = port.call("mark_exported", up_to, count)
    if here != count:
        raise DeviceError(
            f"{port.name}: not marked: {count} entries were pulled, the device counts {here}"
        )


def _is_ours(name: str) -> bool:
    """Whether a name is one of a ledger's files (and no path to anywhere else)."""
    folder, _, last = name.rpartition("/")
    if folder == "new":
        return SLOT.fullmatch(last) is not None
    return folder == "" and (last == "exported" or SEGMENT.fullmatch(last) is not None)
