"""The budgets of the design: what must hold, and what is aimed at so that more has room.

Heap is counted on a microcontroller's words and, where those do not run, on 64-bit ones.
"""

from __future__ import annotations

from typing import NamedTuple

from tools import micropython


class Budget(NamedTuple):
    """A check fails above `most`; `aim` leaves room for what is still to come."""

    most: float
    aim: float


FLASH_BYTES = Budget(160 * 1024, 128 * 1024)  # all .mpy of a board


class HeapBudget(NamedTuple):
    """KiB of MicroPython's garbage-collected heap."""

    checkout: Budget  # the app and all, from .mpy
    in_place: Budget  # the same, run in place from ROM
    but_code: Budget  # the same, less what importing takes
    client: Budget  # token, inquiry and redemption by the client alone, less imports


SMALL = HeapBudget(Budget(192, 144), Budget(96, 80), Budget(32, 20), Budget(14, 10))
# A checkout takes 1.5 times as much from .mpy here, 1.8 from ROM, 1.9 but for code; a client 1.65.
LARGE = HeapBudget(Budget(288, 216), Budget(170, 142), Budget(60, 38), Budget(23, 16))


def heap_budget(arch: str) -> HeapBudget:
    """The budget for a Debian architecture's words."""
    return SMALL if arch == micropython.SMALL_WORDS else LARGE
