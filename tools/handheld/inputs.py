"""What a hand does to the handheld: keys, the scanner's trigger, a card through the reader.

Everything goes through one queue, so that things happen one after the other in the order in
which they were asked for, however quickly that was. Nothing happens before the board is
ready.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tools.handheld import frames

_ROWS = (
    ("1", "2", "3", "UP"),
    ("4", "5", "6", "DOWN"),
    ("7", "8", "9", "CLEAR"),
    ("0", "00", ".", "CANCEL"),
    ("ENTER",),
)
KEYS = {
    name: (row, column)
    for row, names in enumerate(_ROWS)
    for column, name in enumerate(names)
}
SCANNER, MAGSTRIPE = 1, 2  # UART ports
HELD = 255  # of a key frame: the board itself lets go, 0.9 s later by its own clock
HOLD_S = 0.9  # of one of three buttons; the driver takes 0.7 s for a held one
PRESS_S, GAP_S = 0.045, 0.05  # longer than a hand is quick, so that a busy board sees it
SWIPE_S = 0.1  # of a bare head
_CHUNK, _CHUNK_S = 16, 0.016  # 9600 baud is about a byte a millisecond

Send = Callable[[bytes], None]


async def hold(name: str, send: Send) -> None:
    """One key that is held down for a while."""
    await _close(name, HELD, HOLD_S, send)


async def press(name: str, send: Send, bounce_ms: int = 0) -> None:
    """One key: closed for 45 ms, open for 50 ms.

    A bad contact is held for twice as long, and opens for `bounce_ms` in the middle.
    """
    is_bad = bounce_ms > 1
    await _close(name, bounce_ms if is_bad else 1, PRESS_S * (1 + is_bad), send)


async def _close(name: str, state: int, closed_s: float, send: Send) -> None:
    """A key that goes down and comes up again: both go at once, and the board takes its time
    for each. A desktop that is busy in between would make a held key of a short one.
    """
    where = bytes(KEYS[name])
    down, up = (frames.pack(frames.KEY, where + bytes((each,))) for each in (state, 0))
    send(down + up)
    await asyncio.sleep(closed_s + GAP_S)


async def transmit(port: int, raw: bytes, send: Send) -> None:
    """Bytes into one of the board's UARTs, and the time that they take at 9600 baud.

    They go at once: a desktop that is busy in the middle of a line would break it in two.
    """
    chunks = range(0, len(raw), _CHUNK)
    pieces = [bytes((port,)) + raw[start : start + _CHUNK] for start in chunks]
    send(b"".join(frames.pack(frames.UART, piece) for piece in pieces))
    await asyncio.sleep(_CHUNK_S * len(pieces))


def scanned(text: str) -> bytes:
    """The scanner's line for a barcode: its text and CR."""
    return text.encode("latin-1") + b"\r"


def swiped(track1: str, track2: str) -> bytes:
    """The serial reader's line for a card: the tracks that it could read, and CR LF."""
    return (track1 + track2).encode("latin-1") + b"\r\n"


def clocked(track: int, bits: str) -> bytes:
    """The frame for the bits of a track; more than a frame can count are cut off."""
    bits = bits[:0xFFFF]
    value = int(bits[::-1] or "0", 2)  # the first bit in bit 0 of the first byte
    raw = value.to_bytes((len(bits) + 7) // 8, "little")
    return frames.pack(frames.BITS, bytes((track,)) + len(bits).to_bytes(2, "big") + raw)


async def swipe_bits(tracks: Mapping[str, str], send: Send) -> None:
    """A card past the bare head: each track's bits, then the time that a card takes."""
    send(b"".join(clocked(int(name[-1]), bits) for name, bits in sorted(tracks.items())))
    await asyncio.sleep(SWIPE_S)


class _Act(NamedTuple):
    do: Callable[[], object]  # a coroutine is awaited
    outside: bool  # the world around the handheld: happens even if the power is cut before


class Inputs:
    """The queue between what is asked for and what the board's pins see."""

    def __init__(self, send: Send):
        self._send = send
        self._queue: asyncio.Queue[_Act] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self.bounce_ms = 0  # for so long each contact opens while it is held

    def start(self) -> None:
        """The handheld has power; what is asked for now waits for `board_ready`."""
        self._queue = asyncio.Queue()
        self._ready.clear()
        self._worker = asyncio.create_task(self._work(self._queue))

    def board_ready(self) -> None:
        """The board looks at its pins from now on."""
        self._ready.set()

    def stop(self) -> None:
        """Power is gone: no key that still waits is ever pressed."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        while not self._queue.empty():
            act = self._queue.get_nowait()
            if act.outside:
                act.do()

    @property
    def waiting(self) -> int:
        """How many things a hand has asked for that have not happened yet."""
        return self._queue.qsize()

    def key(self, name: str) -> None:
        """Queues a key of `KEYS`."""
        self._queue.put_nowait(
            _Act(lambda: press(name, self._send, self.bounce_ms), outside=False)
        )

    def hold(self, name: str) -> None:
        """Queues a key of `KEYS` that is held down."""
        self._queue.put_nowait(_Act(lambda: hold(name, self._send), outside=False))

    def line(self, port: int, raw: bytes) -> None:
        """Queues a line of the scanner or of the magstripe reader."""
        self._queue.put_nowait(_Act(lambda: transmit(port, raw, self._send), outside=False))

    def bits(self, tracks: Mapping[str, str]) -> None:
        """Queues a card past the bare head: {"track1": "0101…"}, either or both."""
        self._queue.put_nowait(_Act(lambda: swipe_bits(tracks, self._send), outside=False))

    def around(self, action: Callable[[], object]) -> None:
        """Queues what happens around the handheld and must keep its place among the keys."""
        self._queue.put_nowait(_Act(action, outside=True))

    async def _work(self, queue: asyncio.Queue[_Act]) -> None:
        await self._ready.wait()
        while True:
            done = (await queue.get()).do()
            if asyncio.iscoroutine(done):
                await done
