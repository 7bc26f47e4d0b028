"""Firmware and settings in one: `python -m tools.deploy.flash_all --board B --profile F --csv C`.

What `deploy` and `provision` do, for each device of the CSV, or for the one on `--port`. Rows
with one port, or none and `--port`, are devices that are plugged in there one after another.
"""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from tools import program, shell
from tools.deploy import board_file
from tools.deploy.__main__ import release_of
from tools.deploy.command import NOTHING_SAID, Devices, ended, required
from tools.deploy.provision import settle

_PROGRAM = "flash-all"


def main(words: list[str] | None = None) -> int:
    """0 when every device's ECHO was approved, 1 when one was not, 2 after bad use."""
    return shell.run(_PROGRAM, _flash_all, words, about=__doc__)


def _flash_all(devices: Annotated[Devices, Parameter(name="*")] = NOTHING_SAID) -> int:
    def work() -> int:
        wanted = board_file.load(required("BOARD", devices.board, "esp32s3_handheld"))
        return settle(wanted, release_of(wanted), devices)

    return ended(_PROGRAM, work)


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
