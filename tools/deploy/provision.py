"""Gives boards their settings: `python -m tools.deploy.provision --board B --port P --profile F`.

The profile is checked in full before anything is written. The board gets `profile.json`,
`secret.json` and `ca.der`, and then says what the platform answers to its ECHO.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import program, shell
from tools.deploy import board_file, jobs, many
from tools.deploy.bringing import Work, bring
from tools.deploy.command import NOTHING_SAID, Devices, ended, open_target, required
from tools.profile import warnings

_PROGRAM = "provision"


def settle(
    board: board_file.BoardFile, release: Mapping[str, bytes], devices: Devices
) -> int:
    """Brings settings, and `release` if there is one, onto one device or those of a CSV.

    The exit status: 0 when every device's ECHO was approved, else 1. Raises UsageError,
    ProfileFileError, DeviceError.
    """
    path = Path(required("PROFILE", devices.profile, "shop.toml"))
    if devices.csv:
        csv = Path(devices.csv)
        todo = jobs.make(path, csv, devices.port)
        _warn(todo[0].files)
        inventory = devices.inventory or csv.with_name(f"{csv.stem}-inventory.csv")
        return many.run(board, release, todo, Path(inventory))
    job = jobs.one(path, required("PORT", devices.port, "/dev/ttyACM0"))
    _warn(job.files)
    done = bring(open_target(board, devices.port), Work(board, release, job.files))
    print("\n".join(done.lines))
    return int(not done.good)


def _warn(files: Mapping[str, bytes]) -> None:
    """Tells what should be known of files that are good."""
    for text in warnings(files):
        print(f"{_PROGRAM}: {text}", file=sys.stderr)


def main(words: list[str] | None = None) -> int:
    """0 when every device's ECHO was approved, 1 when one was not, 2 after bad use."""
    return shell.run(_PROGRAM, _provision, words, about=__doc__)


def _provision(devices: Annotated[Devices, Parameter(name="*")] = NOTHING_SAID) -> int:
    def work() -> int:
        wanted = board_file.load(required("BOARD", devices.board, "esp32s3_handheld"))
        return settle(wanted, {}, devices)

    return ended(_PROGRAM, work)


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
