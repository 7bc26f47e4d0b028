"""The other end of a driver's wires: an HD44780, a UART, a clock that obeys."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Coroutine
from typing import Any

from milepad.drivers.protocols import Raw

ROW_ADDRESSES = (0x00, 0x40, 0x14, 0x54)


def run(coroutine: Coroutine[Any, Any, object]) -> object:
    """Runs a driver's coroutine to its end."""
    return asyncio.run(coroutine)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.after: list[tuple[int, Callable[[], None]]] = []

    async def sleep(self, delay_ms: int) -> None:
        self.now_ms += delay_ms
        for item in list(self.after):
            if item[0] <= self.now_ms:
                self.after.remove(item)
                item[1]()
        await asyncio.sleep(0)


class Lcd:
    """An HD44780 behind a PCF8574; objects to what the datasheet forbids."""

    def __init__(self, present: bool = True) -> None:
        self.present = present
        self.writes: list[bytes] = []
        self.instructions: list[int] = []  # what was executed, data bytes as 0x100 + byte
        self.ddram = dict.fromkeys((*range(40), *range(64, 104)), 32)
        self.cgram = bytearray(64)
        self.backlight = False
        self._lines = 0xFF  # a PCF8574 wakes with all its lines high
        self._high: int | None = None
        self._four_bits = False
        self._address: tuple[str, int] = ("ddram", 0)

    @property
    def byte_count(self) -> int:
        return sum(len(raw) for raw in self.writes)

    def writeto(self, address: int, raw: Raw) -> int:
        if not self.present or address != 0x27:
            raise OSError(errno.ENODEV)
        self.writes.append(bytes(raw))
        for lines in bytes(raw):
            self._step(lines)
        return len(raw)

    def _step(self, lines: int) -> None:
        before, self._lines = self._lines, lines
        self.backlight = bool(lines & 0x08)
        if lines & ~before & 0x04:  # E rises: RS and RW stand already
            assert lines & 0x03 == before & 0x03
        if before & ~lines & 0x04 and not before & 0x02:  # E falls on a write
            assert lines & 0xF3 == before & 0xF3  # data and RS outlast the edge
            self._latch(before >> 4, before & 0x01)

    def _latch(self, nibble: int, rs: int) -> None:
        if not self._four_bits:
            self.instructions.append(nibble << 4)
            self._four_bits = nibble == 2
        elif self._high is None:
            self._high = nibble
        else:
            code, self._high = self._high << 4 | nibble, None
            self.instructions.append(code | (0x100 if rs else 0))
            (self._data if rs else self._execute)(code)

    def _execute(self, code: int) -> None:
        if code & 0x80:
            assert code & 0x7F in self.ddram
            self._address = ("ddram", code & 0x7F)
        elif code & 0x40:
            self._address = ("cgram", code & 0x3F)
        elif code & 0x30 == 0x30:
            self._four_bits = False
        elif code == 1:
            self._address = ("ddram", 0)
            self.ddram = dict.fromkeys(self.ddram, 0x20)

    def _data(self, code: int) -> None:
        memory, at = self._address
        if memory == "cgram":
            self.cgram[at] = code
            self._address = ("cgram", at + 1 & 0x3F)
        else:
            self.ddram[at] = code
            self._address = ("ddram", {0x27: 0x40, 0x67: 0x00}.get(at, at + 1))

    def row(self, number: int) -> bytes:
        """The 20 character codes of a row."""
        return bytes(self.ddram[ROW_ADDRESSES[number] + at] for at in range(20))

    def pattern(self, code: int) -> bytes:
        """The dots of a user glyph."""
        return bytes(self.cgram[code * 8 : code * 8 + 8])


class Uart:
    """A UART whose other end is a function from written bytes to answered ones."""

    def __init__(self, answer: Callable[[bytes], bytes] = lambda raw: b"") -> None:
        self.sent = bytearray()
        self.waiting = bytearray()
        self.slices: list[bytes] = []
        self.takes: int | None = None
        self._answer = answer
        self.baudrate = 9600

    def init(self, *, baudrate: int) -> None:
        self.baudrate = baudrate

    def any(self) -> int:
        return len(self.waiting)

    def read(self, count: int = 1024) -> bytes | None:
        raw = bytes(self.waiting[:count])
        del self.waiting[:count]
        return raw or None

    def write(self, raw: Raw) -> int | None:
        taken = bytes(raw)[: self.takes]
        self.sent += taken
        if taken:
            self.slices.append(taken)
        self.waiting += self._answer(taken)
        return len(taken) or None


class Emitted(list[tuple[str, str]]):
    """Collects what a reader emits; call it as `emit`."""

    def __call__(self, kind: str, text: str) -> None:
        self.append((kind, text))
