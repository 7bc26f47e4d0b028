"""Waiting for what will happen: on a busy machine it takes long, but it is no fault."""

from __future__ import annotations

import time
from collections.abc import Callable

LONG_S = 60  # no machine is so busy; what takes longer hangs


def until(happened: Callable[[], object], complaint: str = "it never happened") -> None:
    """Returns as soon as `happened()` is true; AssertionError with `complaint` after a minute."""
    end_s = time.monotonic() + LONG_S
    while not happened():
        assert time.monotonic() < end_s, complaint
        time.sleep(0.005)
