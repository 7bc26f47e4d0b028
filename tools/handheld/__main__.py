"""The simulated handheld: `python -m tools.handheld [--headless] --profile FILE --flash FILE`.

With `--headless` a program drives it through JSON lines, which README.md here lists; with
`--page` a person does in a browser, without either in the terminal. Bad input is answered
with one line and exit 2.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import profile, program, shell
from tools.handheld import firmware, headless, image
from tools.handheld.events import EventError
from tools.handheld.options import Options
from tools.handheld.page import PortError
from tools.handheld.page.boards import BOARDS
from tools.handheld.preparing import prepare

_NAME = "tools.handheld"
_AS_USUAL = Options()


class UsageError(Exception):
    """What the options ask for cannot be done together."""


_BAD_INPUT = (
    UsageError,
    profile.ProfileFileError,
    image.ImageError,
    firmware.FirmwareError,
    EventError,
    PortError,
)


def _run(options: Options, folder: Path) -> None:
    if options.headless and options.page:
        raise UsageError("expected one of --headless and --page")
    flash = options.flash or folder / "flash.img"
    if options.board is not None:
        options = replace(options, display=BOARDS[options.board].display)
    with image.Hold(flash) as hold:
        if options.headless:
            setup = prepare(options, flash, hold)
            asyncio.run(headless.run(setup))
            return
        if options.page:
            from tools.handheld.page import launch

            launch.run(options, folder, flash, hold)
            return
        # An emulated platform for a person takes HTTP and a screen, which programs do without.
        from tools.handheld import interactive

        with program.stopping_signals(), interactive.platform_for(options, folder) as all_:
            setup = prepare(all_, flash, hold)
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
