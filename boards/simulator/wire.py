"""The simulated board's wires: frames on stdin and stdout, and the buses behind them.

A frame is a kind (one ASCII byte), a length (two bytes, high byte first) and that many
bytes. The virtual chips stand at the other end, in the desktop's program. What is here
has the interfaces of `machine.I2C`, `machine.UART` and a PWM's tone, so the drivers are the
hardware's own. No frame is ever built in memory: its parts are written one by one.
"""

import asyncio
import errno
import os
import struct
import sys
import time

from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING, const, sleep_ms

if TYPE_CHECKING:
    from typing import Callable, Collection

    from boards.simulator.head import VirtualHead
    from boards.simulator.matrix import VirtualMatrix
    from boards.simulator.network import VirtualRadio
    from boards.simulator.rtc import VirtualNtp
    from milepad.drivers.protocols import Raw

# Kinds of frames; README.md has their payloads.
_I2C = const(0x49)
SPI = const(0x53)
_UART = const(0x55)
_KEY = const(0x4B)
_SWIPE = const(0x4D)
_WIFI = const(0x57)
_TIME_SERVER = const(0x54)
_I2C_FAULT = const(0x46)

_RX_BYTES = const(1024)
_SLICE_BYTES = const(64)
_DRAIN_MS = const(20)  # a driver polls every 10 ms
_SCAN_MS = const(10)
_HELD = const(255)
_HELD_SCANS = const(90)  # three buttons take 0.7 s for a held one
_LOOKS_UNWATCHED = const(500)  # five seconds: a board without a driver for its keys goes on

if IS_MICROPYTHON:
    _ticks_us = time.ticks_us
else:

    def _ticks_us() -> int:
        return time.monotonic_ns() // 1000 & 0xFFFFFFFF  # type: ignore[attr-defined]


class Wire:
    """Sends frames to the desktop."""

    def __init__(self) -> None:
        self._out = sys.stdout.buffer
        self._head = bytearray(8)
        self._drawing = asyncio.Event()
        self.i2c_fault = [0, 0]  # writes that are taken, writes that are refused then

    def send(self, kind: bytes, raw: "Raw" = b"") -> None:
        """One frame without fields of its own (R, L, B)."""
        head = memoryview(self._head)[:3]
        struct.pack_into(">BH", head, 0, kind[0], len(raw))
        self._write(head, raw)

    def send_i2c(self, address: int, raw: "Raw") -> None:
        """Bytes written to a chip at `address`, with the board's time in us."""
        head = memoryview(self._head)
        struct.pack_into(">BHBI", head, 0, _I2C, len(raw) + 5, address, _ticks_us())
        self._write(head, raw)
        self._drawing.set()

    def send_with(self, kind: int, field: int, raw: "Raw") -> None:
        """Bytes that UART `field` transmitted, or that went out on SPI with that D/C level."""
        head = memoryview(self._head)[:4]
        struct.pack_into(">BHB", head, 0, kind, len(raw) + 1, field)
        self._write(head, raw)
        if kind == SPI:
            self._drawing.set()

    async def tell_drawn(self) -> None:
        """Says when a drawing is complete: a driver draws in one go, so whenever another task
        has its turn. Seen from the desktop, this process may stand still in between.
        """
        while True:
            await self._drawing.wait()
            self._drawing.clear()
            self.send(b"D")

    def tone(self, frequency_hz: int) -> None:
        """The buzzer's frequency; 0 is silence."""
        self.send(b"B", struct.pack(">H", frequency_hz))

    def _write(self, head: "Raw", raw: "Raw") -> None:
        self._out.write(head)
        if raw:
            self._out.write(raw)
        if not IS_MICROPYTHON:
            self._out.flush()


class Receiver:
    """Deals the frames from the desktop out to the parts that they are for."""

    def __init__(
        self,
        uarts: "list[VirtualUart]",
        matrix: "VirtualMatrix",
        radio: "VirtualRadio",
        ntp: "VirtualNtp",
        head: "VirtualHead | None",
        wire: Wire,
        more: "Callable[[int, bytes], None] | None" = None,
    ):
        self._uarts = uarts
        self._matrix = matrix
        self._radio = radio
        self._ntp = ntp
        self._head = head
        self._wire = wire
        self._more = more  # takes the kinds that only a desk has

    async def run(self) -> None:
        """Takes frames until standard input ends: that ends the process."""
        reader = await _stdin_reader()
        try:
            while True:
                head = await reader.readexactly(3)
                await self._take(head[0], head[1] << 8 | head[2], reader)
        except EOFError:
            _end(0)

    async def _take(self, kind: int, length: int, reader: asyncio.StreamReader) -> None:
        """One frame's payload, in slices; one that makes no sense is skipped."""
        uart = None
        if kind == _UART and length:
            port = (await reader.readexactly(1))[0]
            length -= 1
            uart = self._uarts[port] if port < len(self._uarts) else None
        elif kind == _SWIPE and length >= 3 and self._head:
            self._head.begin(await reader.readexactly(3))
            length -= 3
        while length:
            raw = await reader.readexactly(min(length, _SLICE_BYTES))
            length -= len(raw)
            if uart:
                if uart.any() + len(raw) > _RX_BYTES:
                    await sleep_ms(_DRAIN_MS)  # a real wire is slower than the desktop
                uart.receive(raw)
            elif kind == _SWIPE and self._head:
                self._head.clock(raw)
            elif kind == _KEY and len(raw) == 3:
                await self._press(raw[0], raw[1], raw[2])
            elif kind == _WIFI and len(raw) == 1:
                self._radio.is_in_range = raw[0] != 0
            elif kind == _I2C_FAULT and len(raw) == 8:
                self._wire.i2c_fault = list(struct.unpack(">II", raw))
            elif kind == _TIME_SERVER:
                self._ntp.take(raw)
            elif self._more:
                self._more(kind, raw)

    async def _press(self, row: int, column: int, state: int) -> None:
        """A contact opens (0), closes (1), or closes and stays so for a while (255); of a bad
        one, how many ms it opens meanwhile.

        The keypad looks twice at a key that goes down and four times at one that goes up,
        however busy the desktop is; and a key that came while the board starts waits for it.
        """
        looks = 0
        while not self._matrix.is_watched and looks < _LOOKS_UNWATCHED:
            looks += 1
            await sleep_ms(_SCAN_MS)
        self._matrix.switch(row, column, state != 0)
        for _ in range(_HELD_SCANS if state == _HELD else 3 if state else 5):
            await sleep_ms(_SCAN_MS)
        if 1 < state < _HELD:
            self._matrix.switch(row, column, False)
            await sleep_ms(state)
            await self._press(row, column, 1)


# Where there is a way out that unwinds nothing (CPython), it is the one most like a cut.
_end = getattr(os, "_exit", sys.exit)


async def _stdin_reader() -> asyncio.StreamReader:
    if IS_MICROPYTHON:
        return asyncio.StreamReader(sys.stdin.buffer)  # type: ignore[call-arg]
    reader = asyncio.StreamReader()  # type: ignore[call-arg]
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    return reader


class VirtualI2c:
    """An I2C bus with chips at `present` addresses."""

    def __init__(self, wire: Wire, present: "Collection[int]"):
        self._wire = wire
        self._present = present

    def writeto(self, address: int, raw: "Raw") -> int:
        """Writes to a chip; OSError when none acknowledges. Returns len(raw)."""
        if address not in self._present:
            raise OSError(errno.ENODEV)
        fault = self._wire.i2c_fault
        if fault[0]:
            fault[0] -= 1
        elif fault[1]:
            fault[1] -= 1
            # What came before the missing acknowledge has been taken.
            self._wire.send_i2c(address, raw[: len(raw) // 2])
            raise OSError(errno.EIO)
        self._wire.send_i2c(address, raw)
        return len(raw)


class VirtualUart:
    """A UART; what arrives while 1024 bytes wait unread is lost, as on a chip."""

    def __init__(self, wire: Wire, port: int):
        self._wire = wire
        self._port = port
        self._received = b""

    def receive(self, raw: bytes) -> None:
        """Bytes came in on the wire."""
        self._received += raw[: _RX_BYTES - len(self._received)]

    def any(self) -> int:
        """How many bytes wait."""
        return len(self._received)

    def read(self, count: int = _RX_BYTES) -> bytes | None:
        """Up to `count` of the waiting bytes; None when there is none."""
        raw = self._received[:count]
        self._received = self._received[count:]
        return raw or None

    def write(self, raw: "Raw") -> int:
        """Transmits all of `raw`; returns its length."""
        self._wire.send_with(_UART, self._port, raw)
        return len(raw)

    def init(self, baudrate: int) -> None:
        """The wire has no speed."""
