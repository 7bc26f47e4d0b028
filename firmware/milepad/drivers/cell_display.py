"""What dot displays have in common: 4 rows of 20 cells; only those that changed are drawn.

A display class inherits from it and adds the chip: `_initialise` and `_draw`. The interface
is the character display's: nothing above knows which one it is.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import DriverError
from milepad.drivers import dot_font

if TYPE_CHECKING:
    from typing import Sequence

    from milepad.base.protocols import Sleep
    from milepad.drivers.protocols import DisplayBus

_COLUMNS = const(20)
_ROWS = const(4)
_UNKNOWN = const(0xFF)  # no glyph has this number


class CellDisplay:
    """Call `start()` once, then `show()`. `bus`: see `display_bus`."""

    columns = 20
    rows = 4

    def __init__(self, bus: "DisplayBus", sleep: "Sleep"):
        self._bus = bus
        self._sleep = sleep
        self._shown = bytearray(_COLUMNS * _ROWS)  # glyph numbers, row by row
        self._glyph = bytearray(5)
        self._started = False
        self._renewing = False

    async def start(self) -> None:
        """Initialises the chip and clears it. May be called again.

        Raises DriverError when nothing acknowledges on the bus.
        """
        self._started = False
        try:
            await self._initialise()
        except OSError:
            raise DriverError("display: nothing at " + self._bus.name)
        for cell in range(_COLUMNS * _ROWS):
            self._shown[cell] = 0
        self._started = True

    def show(self, rows: "Sequence[str]") -> bool:
        """Shows up to 4 texts of up to 20 letters; what is left out is blank.

        Returns whether the chip has them, which is asked even if nothing has changed: False
        before `start()` and when it stopped acknowledging (then `start()` it again). Never
        raises for what the texts hold.
        """
        if not self._started:
            return False
        try:
            if self._renewing:
                self._renewing = False
                self._set_up()
            is_same = True
            for row in range(_ROWS):
                text = rows[row] if row < len(rows) else ""
                is_same = self._show_row(row, text) and is_same
            if is_same:
                self._ask()
        except OSError:
            self._started = False
        return self._started

    def renew(self, row: int) -> None:
        """The next `show()` draws every cell of that row; with row 0 it begins with the
        chip's settings, which it may have lost.
        """
        self._renewing = self._renewing or not row
        for cell in range(row * _COLUMNS, (row + 1) * _COLUMNS):
            self._shown[cell] = _UNKNOWN

    def _show_row(self, row: int, text: str) -> bool:
        """Draws each run of cells that differ; whether none did."""
        first = -1
        is_same = True
        for column in range(_COLUMNS):
            number = dot_font.code(text[column]) if column < len(text) else 0
            cell = row * _COLUMNS + column
            if self._shown[cell] != number:
                self._shown[cell] = number
                is_same = False
                if first < 0:
                    first = column
            elif first >= 0:
                self._draw(row, first, column)
                first = -1
        if first >= 0:
            self._draw(row, first, _COLUMNS)
        return is_same

    def _load(self, row: int, column: int) -> None:
        """Puts the columns of a cell's letter into `_glyph`."""
        dot_font.load(self._shown[row * _COLUMNS + column], self._glyph)

    def backlight(self, on: bool) -> None:
        """Switches the light; kept through `start()`."""

    async def _initialise(self) -> None:
        """Wakes the chip and blanks it."""

    def _set_up(self) -> None:
        """Gives the chip its settings while it shows something."""

    def _ask(self) -> None:
        """Sends something that changes nothing, if the chip can acknowledge it."""

    def _draw(self, row: int, first: int, end: int) -> None:
        """Draws the cells of a row from column `first` to before `end`."""
