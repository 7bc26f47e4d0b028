"""What only the simulated board on the desk has: other displays, and a bare magstripe head.

A board that was flashed comes without it, so it costs no flash there.
"""

from boards.simulator.head import VirtualHead
from boards.simulator.wire import SPI, VirtualI2c, Wire
from milepad.base.compat import TYPE_CHECKING
from milepad.drivers.display_bus import I2cBus, SpiBus
from milepad.drivers.ssd1306 import Ssd1306
from milepad.drivers.tft import ST7789_MADCTL, Tft

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import Display
    from milepad.drivers.protocols import Raw

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
