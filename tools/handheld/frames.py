"""The frames between the firmware's process and the virtual chips.

A frame is one kind byte, a 2-byte big-endian length and the payload. This module only packs
and unpacks; what a payload means is the business of the chip that it is for.
"""

from __future__ import annotations

import asyncio
import json
from typing import NamedTuple

I2C = b"I"  # board -> desktop: address, ticks_us (4), bytes written
UART = b"U"  # both ways: port, bytes
BUZZER = b"B"  # board -> desktop: frequency in Hz (2), 0 = silent
SPI = b"S"  # board -> desktop: D/C line, bytes
DRAWN = b"D"  # board -> desktop: what was written to the display is a whole drawing
LOG = b"L"  # board -> desktop: one line of UTF-8
EVENT = b"E"  # board -> desktop: an event of the headless program's, as JSON
TILL = b"P"  # board -> desktop: it listens for tills: tcp, https or serial
READY = b"R"  # board -> desktop: the firmware's board is up
HEAP = b"H"  # desktop -> board: "?"; board -> desktop: bytes used (4), free (4)
CUT = b"C"  # board -> desktop: the flash write is half done at which power was to be cut
KEY = b"K"  # desktop -> board: row, column, closed
BITS = b"M"  # desktop -> board: track, bit count (2), bits as a magstripe head clocks them
WIFI = b"W"  # desktop -> board: 1 = the access point can be heard
I2C_FAULT = b"F"  # desktop -> board: writes to take (4), writes to refuse then (4)
RSSI = b"Q"  # desktop -> board: so many dBm below 0 the access point is heard
CUT_AT_WRITE = b"C"  # desktop -> board: flash writes (4) to let pass before the one to cut
NTP = b"T"  # desktop -> board: 0 absent, 1 the desktop's time, = and that time (8 bytes)

FROM_BOARD = (I2C, UART, BUZZER, SPI, DRAWN, LOG, TILL, EVENT, READY, HEAP, CUT)
LONGEST_PAYLOAD = 0xFFFF


class FrameError(Exception):
    """The firmware's process wrote something that is no frame; `raw` is its beginning."""

    def __init__(self, raw: bytes):
        super().__init__("the firmware wrote bytes that are no frame")
        self.raw = raw


class Frame(NamedTuple):
    """One frame as it came from the board."""

    kind: bytes
    payload: bytes


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """The frame's bytes. `payload` of more than 65,535 bytes is a ValueError."""
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"a frame carries at most {LONGEST_PAYLOAD} bytes")
    return kind + len(payload).to_bytes(2, "big") + payload


async def read(stream: asyncio.StreamReader) -> Frame | None:
    """The next frame from the board, or None when its process has closed the stream.

    A kind that no board sends is a FrameError; so is an end within a frame.
    """
    try:
        head = await stream.readexactly(3)
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise FrameError(end.partial) from None
        return None
    if head[:1] not in FROM_BOARD:
        raise FrameError(head)
    try:
        payload = await stream.readexactly(int.from_bytes(head[1:], "big"))
    except asyncio.IncompleteReadError as end:
        raise FrameError(head + end.partial) from None
    return Frame(head[:1], payload)


def event(payload: bytes) -> dict[str, object]:
    """What the firmware tells the desk, as an event of the headless program's."""
    try:
        found = json.loads(payload)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    return {"log": "complaint: bus: an event that is no JSON object"}
