"""Makes the pictures, or says whether they are stale: `python -m tools.pictures [--check]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import program, shell
from tools.browser import BrowserError
from tools.handheld.client import HandheldError
from tools.pictures import gallery, page_picture, stage

_NAME = "tools.pictures"


def _make(folder: Path) -> None:
    missing = gallery.make(stage.watch(folder))
    program.say(f"messages that no screen of the gallery shows: {', '.join(missing)}")
    try:
        page_picture.take(gallery.FOLDER)
    except BrowserError as fault:
        program.complain(_NAME, f"the page's picture is as it was: {fault}")


def _pictures(
    *,
    check: Annotated[
        bool, Parameter(help="only say what is stale; 1 if anything is")
    ] = False,
) -> int:
    """The pictures of README and of the gallery."""
    if not check:
        program.say("playing every screen in both languages (a few minutes) ...")
        try:
            with tempfile.TemporaryDirectory(prefix="milepad-pictures-") as folder:
                _make(Path(folder))
        except (HandheldError, RuntimeError) as fault:
            program.complain(_NAME, fault)
            return 1
    stale = gallery.stale()
    for line in stale:
        program.complain(_NAME, line)
    if stale:
        program.complain(_NAME, "run: make pictures")
    return 1 if stale else 0


def main(words: list[str] | None = None) -> int:
    """Makes the pictures; 0 when they are as they should be."""
    return shell.run(_NAME, _pictures, words)


if __name__ == "__main__":
    sys.exit(program.run(_NAME, main))
