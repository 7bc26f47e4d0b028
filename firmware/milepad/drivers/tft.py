"""A 320x240 TFT on SPI, an ST7789 or an ILI9341, as 4 rows of 20 large letters.

A cell is 16 x 32 pixels in a band of 60. No frame is kept: a letter goes out in eight
strips through one buffer of 129 bytes, and only letters that changed go out at all. Nothing
comes back from the chip, so one that is missing cannot be told from one that is there;
`renew()` draws again on one that lost its settings.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.drivers.cell_display import CellDisplay

if TYPE_CHECKING:
    from milepad.base.protocols import Sleep
    from milepad.drivers.protocols import DisplayBus, OutputPin

WIDTH = 320
HEIGHT = 240
_CELL_WIDTH = const(16)
_DOT_HEIGHT = const(4)
_TOP = const(14)
_PITCH = const(60)
_LINE_BYTES = const(32)
_STRIP_BYTES = const(128)
# Where each of a letter's five columns begins in the buffer, and how many bytes it has:
# 3, 2, 3, 2 and 3 pixels, one free before them and two behind.
_DOT_AT = b"\x03\x09\x0d\x13\x17"
_DOT_BYTES = b"\x06\x04\x06\x04\x06"
_LIT = b"\xff\xff\xff\xff\xff\xff"
_DARK = b"\0\0\0\0\0\0"

ST7789_MADCTL = 0x60  # landscape: rows and columns exchanged, mirrored in x
ILI9341_MADCTL = 0x28  # landscape, and its colours are the other way round


class Tft(CellDisplay):
    """The display on `bus` (`SpiBus`).

    `madctl`: how the panel is mounted, one of the two above or the module's own; `inverted`:
    whether the panel shows colours the other way round, as IPS panels (ST7789) do;
    `light`: the backlight's pin, high is on, or None.
    """

    def __init__(
        self,
        bus: "DisplayBus",
        madctl: int,
        inverted: bool,
        light: "OutputPin | None" = None,
        sleep: "Sleep" = sleep_ms,
    ):
        super().__init__(bus, sleep)
        self._madctl = madctl
        self._inverted = inverted
        self._light = light
        self._on = True
        self._raw = bytearray(_STRIP_BYTES + 1)
        self._place = bytearray(5)

    async def _initialise(self) -> None:
        # Both chips: 5 ms after SWRESET before a command, 120 ms before SLPOUT; 120 ms
        # after SLPOUT, 5 ms of them before a command (ST7789 datasheet, 9.1.2 and 9.1.12).
        self._send(b"\x01")
        await self._sleep(150)
        self._send(b"\x11")
        await self._sleep(120)
        self._send_settings()
        await self._clear()
        self._send(b"\x29")
        self.backlight(self._on)

    def _send_settings(self) -> None:
        self._send(b"\x3a", 0x55)  # 16 bits a pixel
        self._send(b"\x36", self._madctl)
        self._send(b"\x21" if self._inverted else b"\x20")
        self._send(b"\x13")

    def _set_up(self) -> None:
        # A chip that is awake ignores SLPOUT. One that was reset is awake after it, and is
        # drawn in full by the next renewal.
        self._send_settings()
        self._send(b"\x29")
        self._send(b"\x11")

    def backlight(self, on: bool) -> None:
        """Switches the light behind the panel; kept through `start()`."""
        self._on = on
        if self._light:
            self._light.value(1 if on else 0)

    async def _clear(self) -> None:
        for at in range(_STRIP_BYTES + 1):
            self._raw[at] = 0
        self._window(0, WIDTH, 0, HEIGHT)
        for at in range(WIDTH * HEIGHT * 2 // _STRIP_BYTES):
            self._bus.data(self._raw, _STRIP_BYTES)
            if not at & 63:
                await self._sleep(0)

    def _send(self, command: bytes, parameter: int = -1) -> None:
        self._bus.command(command)
        if parameter >= 0:
            self._place[1] = parameter
            self._bus.data(self._place, 1)

    def _window(self, left: int, width: int, top: int, height: int) -> None:
        """Where the pixels go that follow."""
        place = self._place
        for command, start, size in ((b"\x2a", left, width), (b"\x2b", top, height)):
            end = start + size - 1
            place[1] = start >> 8
            place[2] = start & 0xFF
            place[3] = end >> 8
            place[4] = end & 0xFF
            self._bus.command(command)
            self._bus.data(place, 4)
        self._bus.command(b"\x2c")

    def _draw(self, row: int, first: int, end: int) -> None:
        for column in range(first, end):
            self._load(row, column)
            self._window(
                column * _CELL_WIDTH, _CELL_WIDTH, _TOP + row * _PITCH, 8 * _DOT_HEIGHT
            )
            for dot_row in range(8):
                self._strip(dot_row)
                self._bus.data(self._raw, _STRIP_BYTES)

    def _strip(self, dot_row: int) -> None:
        """Four equal lines of pixels from one row of the letter's dots."""
        raw = self._raw
        for column, dots in enumerate(self._glyph):
            size = _DOT_BYTES[column]
            at = _DOT_AT[column]
            raw[at : at + size] = (_LIT if dots >> dot_row & 1 else _DARK)[:size]
        line = raw[1 : 1 + _LINE_BYTES]
        for at in range(1 + _LINE_BYTES, 1 + _STRIP_BYTES, _LINE_BYTES):
            raw[at : at + _LINE_BYTES] = line
