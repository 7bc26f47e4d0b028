"""What stands on the display, and whether a person can see it.

A chip that stops answering is started again and gets its rows; one that cannot answer, or
does and shows rubbish after a glitch, gets its settings again with every other screen, and
all its rows now and then.
"""

import asyncio

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import DriverError

if TYPE_CHECKING:
    from typing import Sequence

    from milepad.base.protocols import Display, Log

_LOOK_MS = const(250)
_RENEW_LOOKS = const(32)  # eight seconds: longer than a slip takes, so few in a checkout
_ROWS = const(4)
_BRIEF_TRIES = const(10)  # about a second: a start waits 50 ms for the chip to wake up


class Screen:
    """The board's display with the rows that it should show."""

    def __init__(self, display: "Display"):
        self.is_seen = True  # whether the display has taken what it should show
        self._display = display
        self._rows: "Sequence[str]" = [""] * _ROWS
        self._looks = 0  # since all was drawn
        self._tries = 0  # to start it since it fell silent
        self._is_back = False
        self._starting = asyncio.Lock()

    def show(self, rows: "Sequence[str]") -> None:
        """Shows four rows; a screen with another top row begins with the chip's settings."""
        if rows[0] != self._rows[0]:
            self._looks = 0
            self._display.renew(0)
        self._rows = rows
        self._show()

    def _show(self) -> None:
        self.is_seen = self._display.show(self._rows)
        if self.is_seen:
            self._tries = 0

    def look(self) -> bool:
        """Whether the display shows what it should: it is asked."""
        self._show()
        return self.is_seen

    async def is_legible(self) -> bool:
        """Asks whether the display shows what it should; one that has just fallen silent is
        started, for as long as nobody can have taken it for dead.
        """
        self.look()
        while not self.is_seen and self._tries < _BRIEF_TRIES:
            await self.restart()
        return self.is_seen

    async def restart(self) -> None:
        """Starts a display that does not answer, once."""
        async with self._starting:
            if self.is_seen:
                return
            self._tries += 1
            try:
                await self._display.start()
            except DriverError:
                return
            self._show()
            self._is_back = self.is_seen

    async def run(self, log: "Log") -> None:
        """Looks after the display for ever; `log` hears when it is back."""
        while True:
            await sleep_ms(_LOOK_MS)
            self._looks += 1
            if self._is_back:
                self._is_back = False
                log("display: started again")
            if not self.is_seen:
                await self.restart()
            elif self._looks >= _RENEW_LOOKS:
                self._looks = 0
                for row in range(_ROWS):
                    self._display.renew(row)
                    self._show()
                    await sleep_ms(0)
