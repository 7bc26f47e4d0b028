"""How the firmware is started on the desktop: which Python, with which settings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Literal, NamedTuple

from tools import micropython
from tools.folders import ROOT

START = "boards/simulator/start.py"
CHIP = "tools/virtual_board/chip.py"
Interpreter = Literal["micropython", "cpython"]
DEFAULT_HEAP = "2M"


class FirmwareError(Exception):
    """The wanted Python is not here; one line says what to do."""


class Program(NamedTuple):
    """A command and its environment; the board's settings are the command's last argument."""

    command: list[str]
    environment: Mapping[str, str]

    def with_settings(self, settings: Mapping[str, object]) -> list[str]:
        """The whole command line for one boot."""
        return [*self.command, json.dumps(settings)]


def program(
    interpreter: str | None = None, heap: str = DEFAULT_HEAP, arch: str | None = None
) -> Program:
    """The firmware on `interpreter`; None: MicroPython, or CPython where there is none."""
    found = micropython.find(arch) if interpreter != "cpython" else None
    if found is not None:
        path = f"{ROOT / 'firmware'}:{ROOT}:.frozen"
        return Program(
            [*found, "-X", f"heapsize={heap}", START], {**os.environ, "MICROPYPATH": path}
        )
    if interpreter == "micropython":
        raise FirmwareError(
            "MicroPython is missing: run `make setup`, or --interpreter cpython"
        )
    path = f"{ROOT / 'firmware'}:{ROOT}"
    return Program([sys.executable, START], {**os.environ, "PYTHONPATH": path})


def program_on_flash(heap: str = DEFAULT_HEAP, arch: str | None = None) -> Program:
    """The firmware that was deployed to the flash image, and nothing of this folder's."""
    found = micropython.find(arch)
    if found is None:
        raise FirmwareError("--from-flash needs MicroPython: run `make setup`")
    return Program(
        [*found, "-X", f"heapsize={heap}", CHIP], {**os.environ, "MICROPYPATH": ""}
    )
