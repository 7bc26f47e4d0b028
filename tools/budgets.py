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


# What a cashier waits, in times of the bare call of `requests` to a platform that takes 200 ms.
WARM_WAIT = Budget(1.25, 1.1)  # the connection is kept
COLD_WAIT = Budget(3, 1.5)  # TCP and TLS are set up for it

# All .mpy of a board. The smallest file system that a board has for them is 940 KiB. Redeeming
# alone is 157 KB of it; earning with its queue is the rest. What a till can ask of a PIN pad, over
# TCP, a serial line and HTTPS, is another 52 KB, which a handheld does not carry.
FLASH_BYTES = Budget(256 * 1024, 208 * 1024)
TILL_FLASH_BYTES = 56 * 1024


def flash_budget(has_till: bool) -> Budget:
    """The budget for a board's .mpy; `has_till`: a till may drive it."""
    more = TILL_FLASH_BYTES if has_till else 0
    return Budget(FLASH_BYTES.most + more, FLASH_BYTES.aim + more)


class HeapBudget(NamedTuple):
    """KiB of MicroPython's garbage-collected heap."""

    checkout: Budget  # the app and all, from .mpy
    in_place: Budget  # the same, run in place from ROM
    but_code: Budget  # the same, less what importing takes
    earning: Budget  # a checkout that redeems and earns, and an earning alone, from .mpy
    till: Budget  # a till's redemption on a PIN pad, protected, over TCP, from .mpy
    client: Budget  # token, inquiry and redemption by the client alone, less imports


# Each is what is needed and about 5 %. A checkout of the simulator, with its virtual wires, takes
# 213 to 218 KiB from .mpy and 129 to 131 in place. Three moments are nearly equal: the end of the
# slip, the first request after a start (TLS, the token, its keeping, the inquiry), and the start
# while the profile is checked. The aims want 20 to 35 KiB less, which no one thing holds any more:
# the idle device is 191 KiB, of which the names as the sources have them are 45 (2,200 of them,
# with their tables), and a checkout's workflow adds 10. The board with the least memory has 396
# KiB beside its TLS, and no stock firmware of a board can run code in place. A shop whose sales
# earn takes 272: the code of its queue stays, and with it come more than 2,540 names, at which the
# interpreter's table of them doubles (18 KiB; all workflows together have 3,300, and the next
# doubling is at 5,100). A PIN pad takes 312: its till link stays, and a message of 1.1 KiB is
# there four times over while it is opened (its frame, base64, cipher, text) or sealed.
SMALL = HeapBudget(
    Budget(224, 192),
    Budget(138, 96),
    Budget(20, 20),
    Budget(286, 224),
    Budget(320, 256),
    Budget(14, 10),
)
# From .mpy everything takes 1.5 times as much here; a checkout 1.75 times from ROM and 1.9 but for
# code; a client 1.65.
LARGE = HeapBudget(
    Budget(336, 288),
    Budget(240, 173),
    Budget(40, 38),
    Budget(425, 336),
    Budget(480, 384),
    Budget(23, 16),
)


def heap_budget(arch: str) -> HeapBudget:
    """The budget for a Debian architecture's words."""
    return SMALL if arch == micropython.SMALL_WORDS else LARGE
