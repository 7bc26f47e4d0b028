"""Runs on MicroPython: starts a build as a flashed board does; its code lies on the heap.

`flash_start.py SETTINGS`. What a board's chip says elsewhere, the settings say here.
"""

import json
import sys


class _Hardware:
    """Stands in `sys.modules` as `simulated_hardware`."""

    config = json.loads(sys.argv[1])


sys.modules["simulated_hardware"] = _Hardware  # type: ignore[assignment]

import main  # noqa: E402, F401
