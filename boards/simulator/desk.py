"""What only the simulated board on the desk has: other displays, three buttons for keys, a faster
printer, a bare magstripe head, and a power supply that fails half-way through a write.

A board that was flashed comes without it, so it costs no flash there.
"""

import gc
import struct
import time

from boards.simulator.head import VirtualHead
from boards.simulator.image import ImageBlocks
from boards.simulator.wire import SPI, VirtualI2c, Wire
from milepad.base.compat import TYPE_CHECKING, const
from milepad.drivers.display_bus import I2cBus, SpiBus
from milepad.drivers.ssd1306 import Ssd1306
from milepad.drivers.tft import ST7789_MADCTL, Tft
from milepad.drivers.thermal_printer import ThermalPrinter
from milepad.drivers.three_buttons import OverlaidDisplay, ThreeButtons

if TYPE_CHECKING:
    from typing import Any, NoReturn

    from boards.simulator.matrix import VirtualMatrix
    from boards.simulator.network import VirtualRadio
    from milepad.base.protocols import Display
    from milepad.drivers.protocols import Raw

# Kinds of frames; README.md has their payloads.
_CUT_AT_WRITE = const(0x43)
_HEAP = const(0x48)
_RSSI = const(0x51)
_BUTTONS = ((0, 3), (1, 3), (4, 0))  # UP, DOWN, ENTER: row and column of the matrix
DISPLAYS = ("lcd20x4", "ssd1306", "st7789")


def head() -> VirtualHead:
    """The head's lines, as a reader."""
    return VirtualHead()


def display(wire: Wire, config: "dict[str, Any]") -> "Display | None":
    """The driver of the display that `config` names; None for the board's own."""
    name = config.get("display")
    if name == "st7789":
        spi = VirtualSpi(wire)
        return Tft(SpiBus(spi, spi), ST7789_MADCTL, inverted=True)
    if name == "ssd1306":
        i2c = VirtualI2c(wire, config.get("i2c", (0x3C,)))
        return Ssd1306(I2cBus(i2c, 0x3C))
    return None


def buttons(
    config: "dict[str, Any]", matrix: "VirtualMatrix", display: "Display"
) -> "tuple[ThreeButtons, OverlaidDisplay] | None":
    """Three buttons in place of the keys, and the display that shows what they choose; None
    where `config` does not ask for them.
    """
    if config.get("keys") != "three_buttons":
        return None
    overlaid = OverlaidDisplay(display)
    return ThreeButtons([_Contact(matrix, *each) for each in _BUTTONS], overlaid), overlaid


def pace(printer: ThermalPrinter, config: "dict[str, Any]") -> None:
    """Sets a printer's times to the `line_ms` of `config`, where it has one."""
    line_ms = config.get("line_ms")
    if line_ms is not None:
        printer.line_ms, printer.feed_ms, printer.barcode_ms = (
            line_ms,
            line_ms // 2,
            7 * line_ms,
        )
        printer.poll_ms = min(printer.poll_ms, line_ms + 1)


class _Contact:
    """A button's pin: the contact of the key that has its name in the matrix."""

    def __init__(self, matrix: "VirtualMatrix", row: int, column: int):
        self._matrix = matrix
        self._place = row, column

    def value(self) -> int:
        """Low while it is pressed."""
        return 0 if self._matrix.is_closed(*self._place) else 1


class VirtualSpi:
    """A display's SPI bus; it is its own D/C pin, too."""

    def __init__(self, wire: Wire):
        self._wire = wire
        self._level = 0

    def value(self, level: int) -> None:
        """Sets the D/C line."""
        self._level = level

    def write(self, raw: "Raw") -> None:
        """Sends bytes to the chip."""
        self._wire.send_with(SPI, self._level, raw)


class Supply:
    """Takes the frames that only a desk sends: the signal, the heap, power that will fail."""

    def __init__(self, wire: Wire, radio: "VirtualRadio"):
        self._wire = wire
        self._radio = radio
        self._writes_left = 0

    def take(self, kind: int, raw: bytes) -> None:
        """A frame's kind and payload."""
        if kind == _RSSI and raw:
            self._radio.signal_dbm = -raw[0]
        elif kind == _HEAP and hasattr(gc, "mem_alloc"):
            self._wire.send(b"H", struct.pack(">II", gc.mem_alloc(), gc.mem_free()))
        elif kind == _CUT_AT_WRITE and len(raw) == 4:
            self._writes_left = struct.unpack(">I", raw)[0]
            ImageBlocks.before_write = self._before_write

    def _before_write(self, file: "Any", at: int, raw: "Raw", times: int) -> None:
        if self._writes_left:
            self._writes_left -= 1
            return
        self._cut(file, at, raw, times)

    def _cut(self, file: "Any", at: int, raw: "Raw", times: int) -> "NoReturn":
        """Half of it is on the flash, and the firmware does nothing more."""
        file.seek(at)
        for _ in range(times // 2):
            file.write(raw)
        if times == 1:
            file.write(memoryview(raw)[: len(raw) // 2])
        self._wire.send(b"C")
        while True:
            time.sleep(1)
