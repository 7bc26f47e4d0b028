"""Makes a handheld ready to be switched on: its settings on the flash, its program."""

from __future__ import annotations

import sys
from pathlib import Path

from tools import profile, program
from tools.handheld import firmware, image
from tools.handheld.chips.thermal_printer import EPSON_PAGES
from tools.handheld.options import Options
from tools.handheld.page.boards import BOARDS
from tools.handheld.wiring import Setup

_NAME = "tools.handheld"


def printer_pages(settings: dict[str, object]) -> dict[int, str]:
    """The code pages of the printer that the profile describes: its own number, else Epson's."""
    number = settings.get("code_page_number", -1)
    if isinstance(number, int) and number >= 0:
        page = str(settings["code_page"])
        return {0: "cp437", number: page.lower().replace("wpc", "cp")}  # Python's names
    return dict(EPSON_PAGES)


def prepare(options: Options, flash: Path, hold: image.Hold) -> Setup:
    """Writes the profile into the flash image; ProfileFileError, ImageError, FirmwareError.

    An image that is no filesystem is left as it is: it is the device's to say so.
    """
    if options.from_flash:
        python = firmware.program_on_flash(options.heap, options.arch)
    else:
        python = firmware.program(options.interpreter, options.heap, options.arch)
    columns, pages = 32, dict(EPSON_PAGES)
    files: dict[str, bytes] = {}
    if options.profile is not None:
        files, document = profile.load(options.profile)
        columns, pages = document["printer"]["columns"], printer_pages(document["printer"])
    try:
        image.write_files(flash, files)
    except image.DamagedImageError as fault:  # the device says so on its screen, too
        program.complain(_NAME, fault)
    hold.renew()
    if options.interpreter is None and python.command[0] == sys.executable:
        print("MicroPython is missing: the firmware runs on CPython", file=sys.stderr)
    chips = (options.display, columns, pages, options.till_port)
    board = BOARDS.get(options.board) if options.board else None
    keys = board.keys if board else "matrix"
    return Setup(python, flash, *chips, keys, options.line_ms, hold.renew)
