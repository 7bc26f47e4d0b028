"""A 128x64 OLED: an SSD1306 on I2C (0x3C or 0x3D) or SPI, as 4 rows of 20 letters.

A cell is 6 x 16 dots, its letter 5 x 8 with every row twice; 4 dots are left free at either
side. A letter that changes costs 22 bytes on I2C, letters beside it 12 each.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.drivers.cell_display import CellDisplay

if TYPE_CHECKING:
    from milepad.base.protocols import Sleep
    from milepad.drivers.protocols import DisplayBus

_WIDTH = const(128)
_LEFT = const(4)
_CELL_WIDTH = const(6)

_OFF = b"\xae"
_ON = b"\xaf"
_NOP = b"\xe3"  # six of them: a command that was broken off takes up to six parameters
# 64 rows; upright as modules are mounted (A1, C8, alternative COM pins); charge pump
# on; horizontal addressing. What is not here is right after a reset (datasheet, section 9).
_SETTINGS = (
    b"\xd5\x80\xa8\x3f\xd3\x00\x40\x8d\x14\x20\x00\xa1\xc8\xda\x12\x81\x9f\xd9\xf1\xa4\xa6"
)


class Ssd1306(CellDisplay):
    """The display on `bus` (`I2cBus` or `SpiBus`); `sleep`: a coroutine, in milliseconds."""

    def __init__(self, bus: "DisplayBus", sleep: "Sleep" = sleep_ms):
        super().__init__(bus, sleep)
        self._raw = bytearray(1 + 2 * 20 * _CELL_WIDTH)
        self._command = bytearray(6)
        self._on = True

    async def _initialise(self) -> None:
        await self._sleep(50)  # the module's own reset after power
        self._bus.command(_NOP * 6 + _OFF + _SETTINGS)
        raw = bytearray(_WIDTH + 1)
        self._window(0, _WIDTH, 0, 8)
        for _ in range(8):
            self._bus.data(raw, _WIDTH)
        self._bus.command(_ON if self._on else _OFF)

    def _set_up(self) -> None:
        self._bus.command(_NOP * 6 + _SETTINGS + (_ON if self._on else _OFF))

    def _ask(self) -> None:
        self._bus.command(_NOP)

    def backlight(self, on: bool) -> None:
        """Lights the dots or keeps them dark; kept through `start()`."""
        self._on = on
        if self._started:
            try:
                self._bus.command(_ON if on else _OFF)
            except OSError:
                self._started = False

    def _window(self, left: int, width: int, page: int, pages: int) -> None:
        """Where the data goes that follows, line by line of eight dots."""
        command = self._command
        command[0] = 0x21
        command[1] = left
        command[2] = left + width - 1
        command[3] = 0x22
        command[4] = page
        command[5] = page + pages - 1
        self._bus.command(command)

    def _draw(self, row: int, first: int, end: int) -> None:
        width = (end - first) * _CELL_WIDTH
        at = 1
        for column in range(first, end):
            self._load(row, column)
            for dots in self._glyph:
                self._raw[at] = _twice(dots)
                self._raw[at + width] = _twice(dots >> 4)
                at += 1
            self._raw[at] = self._raw[at + width] = 0
            at += 1
        self._window(_LEFT + first * _CELL_WIDTH, width, row * 2, 2)
        self._bus.data(self._raw, 2 * width)


def _twice(dots: int) -> int:
    """The lower four dots, each of them twice."""
    doubled = 0
    for at in range(4):
        doubled |= (dots >> at & 1) * 3 << at * 2
    return doubled
