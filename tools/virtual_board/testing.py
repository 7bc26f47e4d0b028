"""The virtual board as a test wants it: the real program, plugged in and pulled out by `with`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.running import running


@contextmanager
def plugged_in(flash: Path, **options: object) -> Iterator[str]:
    """Yields the port of a board with this flash; the program's options are keywords."""
    with running("tools.virtual_board", flash=flash, **options) as (_, hello):
        yield hello["port"]
