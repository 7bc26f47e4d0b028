"""How commands and data reach a display chip: I2C with control bytes, or SPI with a D/C line.

Both have `name`, `command(raw)` and `data(raw, count)`. `data` sends `raw[1 : count + 1]`:
the first byte of the buffer belongs to the bus, so that nothing has to be copied.
"""

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from milepad.drivers.protocols import I2c, OutputPin, Raw, Spi


class I2cBus:
    """`i2c` has `writeto(address, raw)`, which raises OSError when nothing acknowledges."""

    def __init__(self, i2c: "I2c", address: int):
        self.name = "I2C 0x%02x" % address
        self._i2c = i2c
        self._address = address

    def command(self, raw: bytes | bytearray) -> None:
        """A command and its parameters: control byte 0x00, D/C low to the end."""
        self._i2c.writeto(self._address, b"\x00" + raw)

    def data(self, raw: bytearray, count: int) -> None:
        """Display data: control byte 0x40."""
        raw[0] = 0x40
        self._i2c.writeto(self._address, memoryview(raw)[: count + 1])


class SpiBus:
    """`spi` has `write(raw)`; `dc` and `cs` are output pins, `cs` None when it is tied low."""

    name = "SPI"

    def __init__(self, spi: "Spi", dc: "OutputPin", cs: "OutputPin | None" = None):
        self._spi = spi
        self._dc = dc
        self._cs = cs
        if cs:
            cs.value(1)

    def command(self, raw: bytes | bytearray) -> None:
        """Bytes with D/C low."""
        self._write(0, raw)

    def data(self, raw: bytearray, count: int) -> None:
        """Bytes with D/C high."""
        self._write(1, memoryview(raw)[1 : count + 1])

    def _write(self, level: int, raw: "Raw") -> None:
        self._dc.value(level)
        if self._cs:
            self._cs.value(0)
        self._spi.write(raw)
        if self._cs:
            self._cs.value(1)
