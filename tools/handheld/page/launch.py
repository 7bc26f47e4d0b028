"""Starts the page: a platform to practise with, the handheld, the server, the address."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from functools import partial
from pathlib import Path
from typing import Any

import milepad
from tools import program
from tools.handheld.image import Hold
from tools.handheld.language import language_of
from tools.handheld.options import Options
from tools.handheld.page import PortError, boards, server, tray
from tools.handheld.page.desk import Desk
from tools.handheld.practice import (
    SUPERVISOR_PIN,
    TILL_AUTHORITY,
    TILL_KEY,
    TILL_PASSPHRASE,
    practising,
)
from tools.handheld.preparing import prepare

_DESKTOPS = ("DISPLAY", "WAYLAND_DISPLAY")
_PRACTICE = {
    "supervisor_pin": SUPERVISOR_PIN,
    "till_key": TILL_KEY,
    "till_passphrase": TILL_PASSPHRASE,
}
MESSAGES = 2  # of README.md; a change that an older page does not understand counts it up
_OF_DISPLAY: dict[str, boards.BoardName] = {
    "lcd20x4": "simulator",
    "ssd1306": "feather_circuitpython",
    "st7789": "esp32s3_handheld",
}


def run(options: Options, folder: Path, flash: Path, hold: Hold) -> None:
    """Serves the page until a signal: Stopped. What `prepare` raises, and PortError."""
    board = options.board or _OF_DISPLAY[options.display]
    try:
        listener = server.listen(options.port)
    except OSError as fault:
        raise PortError(f"--port {options.port}: {fault.strerror}") from fault
    with listener, program.stopping_signals(), practising(options, folder) as found:
        all_, emulator = found
        setup = prepare(all_, flash, hold)
        language = language_of(flash) or options.language
        fixed = _fixed(board, language)
        authority = folder / TILL_AUTHORITY if options.till != "off" else None
        fixed["practice"] = {**_PRACTICE, "till_ca": str(authority)} if emulator else None
        desk = Desk(setup, fixed, emulator, authority)
        asyncio.run(server.run(desk, listener, partial(_tell, options.opened)))


def _fixed(board: boards.BoardName, language: str) -> dict[str, Any]:
    """What `ready` says that never changes."""
    return {
        "version": {"firmware": milepad.VERSION, "messages": MESSAGES},
        "board": boards.described(board),
        "language": language,
        "collectors": tray.tray(),
    }


def _tell(open_it: bool, address: str) -> None:
    """The address, for whoever started it, and for the desktop's browser if there is one."""
    program.say(address)
    print("open it in a browser on this machine; Ctrl-C ends it", file=sys.stderr)
    has_desktop = sys.platform == "darwin" or any(map(os.environ.get, _DESKTOPS))
    if open_it and has_desktop:
        webbrowser.open(address)
