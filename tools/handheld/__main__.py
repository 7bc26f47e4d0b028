"""The simulated handheld: `python -m tools.handheld [--headless] --profile FILE --flash FILE`.

With `--headless` a program drives it through JSON lines, as CONTRACT section 2 has it;
without, a person does, in the terminal. Bad input is answered with one line and exit 2.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import profile, program, shell
from tools.handheld import firmware, headless, image
from tools.handheld.chips.thermal_printer import EPSON_PAGES
from tools.handheld.events import EventError
from tools.handheld.options import Options
from tools.handheld.wiring import Setup

_NAME = "tools.handheld"
_AS_USUAL = Options()
_BAD_INPUT = (
    profile.ProfileFileError,
    image.ImageError,
    firmware.FirmwareError,
    EventError,
)


def printer_pages(settings: dict[str, object]) -> dict[int, str]:
    """The code pages of the printer that the profile describes: its own number, else Epson's."""
    number = settings.get("code_page_number", -1)
    if isinstance(number, int) and number >= 0:
        page = str(settings["code_page"])
        return {0: "cp437", number: page.lower().replace("wpc", "cp")}  # Python's names
    return dict(EPSON_PAGES)


def prepare(options: Options, flash: Path) -> Setup:
    """Writes the profile into the flash image; what `_BAD_INPUT` lists may be raised.

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
    if options.interpreter is None and python.command[0] == sys.executable:
        print("MicroPython is missing: the firmware runs on CPython", file=sys.stderr)
    return Setup(python, flash, options.display, columns, pages)


def _run(options: Options, folder: Path) -> None:
    flash = options.flash or folder / "flash.img"
    with image.Hold(flash) as hold:
        if options.headless:
            setup = prepare(options, flash)
            hold.renew()
            asyncio.run(headless.run(setup))
            return
        # An emulated platform for a person takes HTTP and a screen, which programs do without.
        from tools.handheld import interactive

        with program.stopping_signals(), interactive.platform_for(options, folder) as all_:
            setup = prepare(all_, flash)
            hold.renew()
            asyncio.run(interactive.run(setup))


def _simulate(options: Annotated[Options, Parameter(name="*")] = _AS_USUAL) -> int:
    """A simulated Milepad handheld."""
    try:
        with tempfile.TemporaryDirectory(prefix="milepad-") as folder:
            _run(options, Path(folder))
    except _BAD_INPUT as fault:
        program.complain(_NAME, fault)
        return 2
    return 0


def main(words: list[str] | None = None) -> int:
    """Runs the handheld; 0 when it was quit, 2 after bad input."""
    return shell.run(_NAME, _simulate, words)


if __name__ == "__main__":
    # The thread that reads standard input never ends by itself.
    os._exit(program.run(_NAME, main))
