"""What the commands of this folder have in common: options, targets, one line on failure."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import interrupt
from tools.build import BuildError
from tools.deploy.board_file import BoardFile
from tools.deploy.drive import Drive
from tools.deploy.errors import UsageError
from tools.device.connect import connect
from tools.device.errors import DeviceError, LineError, PortNameError
from tools.device.port import Port
from tools.profile import ProfileFileError

BoardName = Annotated[str, Parameter(help="a folder of boards/")]
PortName = Annotated[str, Parameter(help="a serial port, or a CircuitPython drive")]


@dataclass(frozen=True, kw_only=True)
class Devices:
    """Which devices get which settings; make passes what was not given as an empty text."""

    board: BoardName = ""
    port: PortName = ""
    profile: Annotated[str, Parameter(help="the shop's profile (TOML)")] = ""
    csv: Annotated[str, Parameter(help="many devices: port, device_id, ...")] = ""
    inventory: Annotated[
        str, Parameter(help="the list of devices that is written (CSV-inventory.csv)")
    ] = ""


NOTHING_SAID = Devices()


def required(name: str, value: str, example: str) -> str:
    """`value`, or UsageError: make passes what was not given as an empty text."""
    if not value:
        raise UsageError(f"{name} is missing: {name}={example}")
    return value


def open_target(board: BoardFile, port: str) -> Port | Drive:
    """What files are copied to. Raises DeviceError."""
    if board.has_drive:
        return Drive(Path(required("PORT", port, "/media/you/CIRCUITPY")))
    return connect(required("PORT", port, "/dev/ttyACM0"))


def ended(name: str, work: Callable[[], int]) -> int:
    """The exit status of `work`: with one line, 2 after bad use, 1 after a failure or 130."""
    try:
        return work()
    except (UsageError, ProfileFileError, PortNameError) as fault:
        print(f"{name}: {fault}", file=sys.stderr)
        return 2
    except LineError as fault:
        print(f"{name}: {fault}; it goes on where it stopped", file=sys.stderr)
        return 1
    except (DeviceError, BuildError) as fault:
        print(f"{name}: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # another line than other programs' says that it may go on
        print(
            f"{name}: stopped; the same command goes on where it stopped", file=sys.stderr
        )
        return interrupt.STATUS
