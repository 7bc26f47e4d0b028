"""Starts the firmware on the simulated board: `start.py '{"flash": "FILE", ...}'`.

The search path holds `firmware` and the project's root. The board becomes the module
`milepad_board`, as a flashed board has one, and then `main` runs as it does there.
"""

import json
import sys

from boards.simulator import desk
from boards.simulator.board import Board
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import StorageError
from milepad.ledger.stores import failed

if TYPE_CHECKING:
    from typing import Any, NoReturn


class BoardModule:
    """Stands in `sys.modules` as `milepad_board`."""

    def __init__(self, board: Board):
        self.board = board


def _refuse(text: str) -> "NoReturn":
    sys.stderr.write("simulator: " + text + "\n")
    sys.exit(2)


def _config(arguments: list[str]) -> "dict[str, Any]":
    try:
        config = json.loads(arguments[0])
        config["flash"] + ""
        config["access_point_port"] + 0
        if config.get("display", "lcd20x4") not in desk.DISPLAYS:
            _refuse("display: expected one of " + ", ".join(desk.DISPLAYS))
    except (IndexError, ValueError, KeyError, TypeError):
        _refuse('expected one argument: {"flash": "FILE", "access_point_port": PORT, ...}')
    return config


class NoFiles:
    """A flash that cannot be mounted: whatever is asked of it says why; its bytes stay."""

    def __init__(self, fault: StorageError):
        self._fault = fault

    def __getattr__(self, name: str) -> "NoReturn":
        raise self._fault


_settings = _config(sys.argv[1:])
try:
    _board = Board(_settings, desk)
except (OSError, StorageError) as _fault:  # the device itself says so, on its screen
    _settings["files"] = NoFiles(failed(_fault) if isinstance(_fault, OSError) else _fault)
    _board = Board(_settings, desk)
sys.modules["milepad_board"] = BoardModule(_board)  # type: ignore[assignment]

import main  # noqa: E402, F401
