"""Runs on MicroPython: starts a build as a flashed board does; its code lies on the heap.

`flash.py FOLDER SETTINGS`. The folder is where the flash's root is on a device; what a
board's chip says elsewhere, the settings say here.
"""

import json
import os
import sys


class _Hardware:
    """Stands in `sys.modules` as `simulated_hardware`."""

    config = json.loads(sys.argv[2])


os.chdir(sys.argv[1])
sys.path[:] = ["", ".frozen"]
sys.modules["simulated_hardware"] = _Hardware  # type: ignore[assignment]

import main  # noqa: E402, F401
