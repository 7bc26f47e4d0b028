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
# Words, and so objects, are twice as large; buffers and texts are not.
LARGE = HeapBudget(350, 176, 58, 24)


def heap_budget(arch: str) -> HeapBudget:
    """The budget for a Debian architecture's words."""
    return SMALL if arch == micropython.SMALL_WORDS else LARGE
