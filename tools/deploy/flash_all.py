"""Firmware and settings in one: `python -m tools.deploy.flash_all --board B --profile F --csv C`.

What `deploy` and `provision` do, for each device of the CSV, or for the one on `--port`. Rows
with one port, or none and `--port`, are devices that are plugged in there one after another.
"""

from __future__ import annotations

import sys

from tools import program, shell
from tools.deploy import board_file
from tools.deploy.__main__ import release_of
from tools.deploy.command import BoardName, PortName, ended, required
from tools.deploy.provision import CsvName, InventoryName, ProfileName, settle

_PROGRAM = "flash-all"


def main(words: list[str] | None = None) -> int:
    """0 when every device's ECHO was approved, 1 when one was not, 2 after bad use."""
    return shell.run(_PROGRAM, _flash_all, words, about=__doc__)


def _flash_all(
    *,
    board: BoardName = "",
    port: PortName = "",
    profile: ProfileName = "",
    csv: CsvName = "",
    inventory: InventoryName = "",
) -> int:
    def work() -> int:
        wanted = board_file.load(required("BOARD", board, "esp32s3_handheld"))
        return settle(wanted, release_of(wanted), (port, profile, csv, inventory))

    return ended(_PROGRAM, work)


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
