"""A virtual board to try deployment on: `python -m tools.virtual_board --flash FILE`.

The first line on standard output is `{"port": "/dev/pts/N"}`; mpremote, `make deploy` and
`make provision` take it for a board. It is there until the program ends; the flash file stays.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

from cyclopts import Parameter

from tools import micropython, program, shell
from tools.handheld import image
from tools.handheld.access_point import AccessPoint
from tools.virtual_board.board import Board

_NAME = "tools.virtual_board"
_LCD_ADDRESS = 0x27


class _Unplugged(Exception):
    """The program was asked to end."""


def _unplug(_number: int, _frame: FrameType | None) -> None:
    raise _Unplugged


def _air() -> int:
    """An access point of its own, which is there as long as the program; its port."""
    loop, access_point = asyncio.new_event_loop(), AccessPoint()
    loop.run_until_complete(access_point.start())
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return access_point.port


def _serve(board: Board, limit_bytes: int) -> None:
    try:
        program.say(json.dumps({"port": board.port}))
        while not limit_bytes or board.received_bytes < limit_bytes:
            board.step()
    except (_Unplugged, KeyboardInterrupt):
        pass
    finally:
        board.close()


def main(words: list[str] | None = None) -> int:
    """Runs the board; 0 when it was unplugged, 2 after bad input."""
    return shell.run(_NAME, _plug_in, words)


def _plug_in(
    *,
    flash: Annotated[Path, Parameter(help="the flash image, made when missing")],
    heap: Annotated[str, Parameter(help="bytes of MicroPython's heap: 112K, 2M")] = "2M",
    unplug_after: Annotated[
        int,
        Parameter(help="the cable is pulled when so many bytes have come in (0: never)"),
    ] = 0,
) -> int:
    """A board on a pseudo-terminal."""
    command = micropython.find()
    try:
        if command is None:
            raise image.ImageError("MicroPython is missing: run `make setup`")
        image.write_files(flash, {})
    except image.ImageError as fault:
        program.complain(_NAME, fault)
        return 2
    config = {
        "flash": str(flash.resolve()),
        "access_point_port": _air(),
        "i2c": [_LCD_ADDRESS],
    }
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _unplug)
    _serve(Board([*command, "-X", f"heapsize={heap}"], config), unplug_after)
    return 0


if __name__ == "__main__":
    sys.exit(program.run(_NAME, main))
