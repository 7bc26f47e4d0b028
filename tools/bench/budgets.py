"""The heap budgets: on a microcontroller's words and, where those do not run, on 64-bit ones."""

from __future__ import annotations

from typing import NamedTuple

from tools import micropython


class HeapBudget(NamedTuple):
    """KiB of MicroPython's garbage-collected heap."""

    checkout: int  # the app and all, from .mpy
    in_place: int  # the same, run in place from ROM
    but_code: int  # the same, less what importing takes
    client: int  # token, inquiry and redemption by the client alone, less imports


SMALL = HeapBudget(192, 96, 32, 14)
# A checkout takes 1.5 times as much from .mpy here, 1.8 from ROM, 1.9 but for code; a client 1.65.
LARGE = HeapBudget(288, 170, 60, 23)


def heap_budget(arch: str) -> HeapBudget:
    """The budget for a Debian architecture's words."""
    return SMALL if arch == micropython.SMALL_WORDS else LARGE
