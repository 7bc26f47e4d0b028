"""Buses with a virtual chip at the other end; they count and can be unplugged."""

from __future__ import annotations

import errno

from host_tests.drivers.chips import Clock
from milepad.drivers.display_bus import I2cBus, SpiBus
from milepad.drivers.protocols import Raw
from milepad.drivers.ssd1306 import Ssd1306
from milepad.drivers.tft import ST7789_MADCTL, Tft
from tools.handheld.chips.ssd1306 import Ssd1306 as OledChip
from tools.handheld.chips.st7789 import St7789 as TftChip


class I2cWire:
    """An OLED on I2C."""

    def __init__(self, present: bool = True) -> None:
        self.chip = OledChip()
        self.present = present
        self.writes: list[bytes] = []

    def writeto(self, address: int, raw: Raw) -> int:
        if not self.present or address != 0x3C:
            raise OSError(errno.ENODEV)
        self.writes.append(bytes(raw))
        self.chip.write(bytes(raw))
        return len(raw)


class Line:
    """An output pin."""

    def __init__(self) -> None:
        self.level = 0

    def value(self, level: int) -> None:
        self.level = level


class SpiWire:
    """A TFT on SPI; takes nothing while it is not selected."""

    def __init__(self) -> None:
        self.chip = TftChip()
        self.clock = Clock()
        self.dc, self.cs, self.light = Line(), Line(), Line()
        self.writes: list[tuple[int, bytes]] = []

    def write(self, raw: Raw) -> None:
        assert self.cs.level == 0
        self.writes.append((self.dc.level, bytes(raw)))
        self.chip.write(self.dc.level, bytes(raw), self.clock.now_ms * 1000)

    @property
    def byte_count(self) -> int:
        return sum(len(raw) for _, raw in self.writes)


def oled(present: bool = True) -> tuple[I2cWire, Ssd1306]:
    wire = I2cWire(present)
    return wire, Ssd1306(I2cBus(wire, 0x3C), Clock().sleep)


def tft() -> tuple[SpiWire, Tft]:
    wire = SpiWire()
    bus = SpiBus(wire, wire.dc, wire.cs)
    return wire, Tft(bus, ST7789_MADCTL, True, wire.light, wire.clock.sleep)
