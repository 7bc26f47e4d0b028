"""The simulated handheld: `python -m tools.handheld [--headless] --profile FILE --flash FILE`.

With `--headless` a program drives it through JSON lines, as CONTRACT section 2 has it;
without, a person does, in the terminal. Bad input is answered with one line and exit 2.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tools import profile, program
from tools.handheld import firmware, headless, image
from tools.handheld.chips.thermal_printer import EPSON_PAGES
from tools.handheld.device import DISPLAYS, Setup
from tools.handheld.events import EventError

_NAME = "tools.handheld"
_CODECS = {
    "CP437": "cp437",
    "CP850": "cp850",
    "CP858": "cp858",
    "CP863": "cp863",
    "WPC1252": "cp1252",
}
_BAD_INPUT = (
    profile.ProfileFileError,
    image.ImageError,
    firmware.FirmwareError,
    EventError,
)


def _heap(text: str) -> str:
    """A heap's size as MicroPython takes it; less than 48K holds nothing of ours."""
    number, unit = text[:-1], text[-1:].upper()
    if not (number.isdecimal() and number.isascii() and unit in ("K", "M")):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 112K or 2M")
    if int(number) << (10 if unit == "K" else 20) not in range(48 << 10, 1 << 30):
        raise argparse.ArgumentTypeError("48K to 1023M are possible")
    return number + unit


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = program.Parser(prog=_NAME, description="A simulated Milepad handheld.")
    parser.add_argument(
        "--headless", action="store_true", help="driven by JSON lines on stdin"
    )
    parser.add_argument(
        "--profile", type=Path, metavar="FILE.toml", help="the device's profile; without one, "
        "what the flash image holds (headless) or an emulated platform's (terminal)",
    )  # fmt: skip
    parser.add_argument(
        "--flash", type=Path, metavar="FILE",
        help="the flash image, made when missing; without one, a temporary image",
    )  # fmt: skip
    parser.add_argument("--interpreter", choices=firmware.INTERPRETERS)
    parser.add_argument(
        "--from-flash",
        action="store_true",
        help="boot what was deployed to the flash image",
    )
    parser.add_argument("--display", choices=DISPLAYS, default=DISPLAYS[0])
    parser.add_argument(
        "--heap",
        type=_heap,
        default=firmware.DEFAULT_HEAP,
        help="MicroPython's heap: 112K, 2M",
    )
    parser.add_argument(
        "--arch", choices=("amd64", "i386", "arm64"), help="MicroPython's flavour"
    )
    parser.add_argument("--language", choices=("en-CA", "fr-CA"), default="en-CA",
        help="of the emulated platform's profile (terminal, without --profile)")  # fmt: skip
    return parser.parse_args(words)


def printer_pages(settings: dict[str, object]) -> dict[int, str]:
    """The code pages of the printer that the profile describes: its own number, else Epson's."""
    number = settings.get("code_page_number", -1)
    codec = _CODECS.get(str(settings.get("code_page")))
    if isinstance(number, int) and number >= 0 and codec is not None:
        return {0: "cp437", number: codec}
    return dict(EPSON_PAGES)


def prepare(options: argparse.Namespace, flash: Path) -> Setup:
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


def _run(options: argparse.Namespace, folder: Path) -> None:
    flash = options.flash or folder / "flash.img"
    with image.Hold(flash) as hold:
        if options.headless:
            setup = prepare(options, flash)
            hold.renew()
            asyncio.run(headless.run(setup))
            return
        from tools.handheld import interactive

        with program.stopping_signals(), interactive.platform_for(options, folder):
            setup = prepare(options, flash)
            hold.renew()
            asyncio.run(interactive.run(setup))


def main(words: list[str] | None = None) -> int:
    """Runs the handheld; 0 when it was quit, 2 after bad input."""
    options = _arguments(words)
    try:
        with tempfile.TemporaryDirectory(prefix="milepad-") as folder:
            _run(options, Path(folder))
    except _BAD_INPUT as fault:
        program.complain(_NAME, fault)
        return 2
    return 0


if __name__ == "__main__":
    # The thread that reads standard input never ends by itself.
    os._exit(program.run(_NAME, main))
