"""A 20x4 character display: an HD44780 (ROM A00) in 4-bit mode behind a PCF8574 on I2C.

Keeps what the chip shows and sends only what differs, so a digit that changes costs about
ten bytes on the bus and not four hundred. Accents use the chip's eight user glyphs, given
out per screen. The bus is passed in: anything with `writeto(address, raw)` that raises
OSError when nothing acknowledges, at 100 kHz as the PCF8574 wants; at that speed every
instruction but "clear" and "home" is over before the next one arrives, so no wait is needed.
Nothing is read from the chip: one that lost a nibble shows rubbish and does not know it, so
`renew()` brings it back in step from whatever state it is in.
Wiring: P0=RS P1=RW P2=E P3=backlight P4..P7=D4..D7.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import DriverError
from milepad.drivers.lcd_glyphs import LETTERS, PATTERNS, rom_code

if TYPE_CHECKING:
    from typing import Sequence

    from milepad.base.protocols import Sleep
    from milepad.drivers.protocols import I2c

_RS = const(0x01)
_E = const(0x04)
_BACKLIGHT = const(0x08)
_CELLS = const(80)
_SET_CGRAM = const(0x40)
_SET_DDRAM = const(0x80)
_BUFFER_BYTES = const(128)
_CLEAR = const(0x01)
_HOME = const(0x02)
_PAUSE_BYTES = const(20)  # 1.8 ms at 100 kHz: "clear" and "home" take 1.52 ms
_NOTHING = const(8)  # no cell is meant to hold this code


class CharacterLcd:
    """The display; `columns` by `rows` cells. Call `start()` once, then `show()`.

    `i2c`: the bus; `address`: the PCF8574's, 0x27 or 0x3F on most modules; `sleep`: a
    coroutine that waits that many milliseconds.
    """

    columns = 20
    rows = 4

    def __init__(self, i2c: "I2c", address: int = 0x27, sleep: "Sleep" = sleep_ms):
        self._i2c = i2c
        self._address = address
        self._sleep = sleep
        self._out = bytearray(_BUFFER_BYTES)
        self._filled = 0
        self._lines = _BACKLIGHT  # RS and backlight as last sent
        self._started = False
        # Cells lie in the order in which the chip's address counter walks: rows 0, 2, 1, 3.
        self._shown = bytearray(_CELLS)
        self._wanted = bytearray(_CELLS)
        self._cursor = -1  # the cell that the next data byte goes to; -1: not in the cells
        self._glyphs = [-1] * 8  # which of LETTERS each user glyph holds
        self._stale = list(range(8))  # user glyphs, the one unused for longest first
        self._renewing = False
        self._rows: "Sequence[str]" = ()

    async def start(self) -> None:
        """Initialises the chip (HD44780U datasheet, figure 24) and clears it; about 70 ms.

        May be called again, after the display was unplugged for instance. Raises
        DriverError when nothing acknowledges at the address.
        """
        self._started = False
        try:
            await self._initialise()
        except OSError:
            raise DriverError("display: nothing at I2C 0x%02x" % self._address)
        self._forget(32)
        self._rows = ()
        self._started = True

    def _forget(self, code: int) -> None:
        """All cells hold that code, the cursor is in the first one, no glyph is loaded."""
        self._cursor = 0
        for cell in range(_CELLS):
            self._shown[cell] = code
        for slot in range(8):
            self._glyphs[slot] = -1

    async def _initialise(self) -> None:
        self._filled = 0
        self._lines &= _BACKLIGHT
        await self._sleep(50)  # the chip wakes up: 40 ms after its supply reaches 2.7 V
        # The PCF8574 wakes with all lines high: E falls while RW still says "read".
        self._put(0xFF & ~_E)
        self._put(self._lines)
        # A sleep may end up to a tick early: each has a millisecond more than the chip needs.
        for nibble, wait_ms in ((0x30, 6), (0x30, 2), (0x30, 2), (0x20, 2)):
            self._nibble(nibble | self._lines)
            self._flush()
            await self._sleep(wait_ms)
        for command, wait_ms in ((0x28, 0), (0x08, 0), (0x01, 3), (0x06, 0), (0x0C, 0)):
            self._send(command, 0)
            self._flush()
            await self._sleep(wait_ms)

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
                self._resynchronise(rows)
                self._draw(rows)
            elif rows != self._rows:
                self._draw(rows)
            self._rows = rows
            if not self._filled:
                self._put(self._lines)
            self._flush()
        except OSError:
            self._started = False
        return self._started

    def _draw(self, rows: "Sequence[str]") -> None:
        self._load_glyphs(rows)
        self._compose(rows)
        self._send_changes()

    def renew(self, row: int) -> None:
        """The next `show()` initialises the chip again and sends every cell, for row 0; the
        other rows come with it.
        """
        self._renewing = self._renewing or not row

    def _resynchronise(self, rows: "Sequence[str]") -> None:
        """The way into the 4-bit mode from any state, half a byte taken included.

        Another screen begins on a cleared chip, which costs fewer bytes than its blanks; one
        that stands is overwritten with itself, glyphs too, and does not flicker.
        """
        self._renewing = False
        is_same = rows == self._rows
        self._lines &= _BACKLIGHT
        self._put(0xFF & ~_E)
        self._put(self._lines)
        # After half a byte that was left over, whatever it was, 8 makes no long instruction of
        # it, and neither does the 3 that follows: with 3 alone it could be "home".
        for nibble in (0x80, 0x30, 0x30, 0x30, 0x20):
            self._nibble(nibble | self._lines)
        for command in (0x28, 0x06, 0x0C, _HOME if is_same else _CLEAR):
            self._send(command, 0)
        self._pause()
        if is_same:
            self._forget(_NOTHING)
            return
        self._cursor = 0
        for cell in range(_CELLS):
            self._shown[cell] = 32

    def _pause(self) -> None:
        """Bytes that change nothing, until a long instruction is over."""
        for _ in range(_PAUSE_BYTES):
            self._put(self._lines)

    def backlight(self, on: bool) -> None:
        """Switches the light behind the glass; kept through `start()`."""
        self._lines = self._lines & _RS | (_BACKLIGHT if on else 0)
        if self._started:
            try:
                self._put(self._lines)
                self._flush()
            except OSError:
                self._started = False

    def _load_glyphs(self, rows: "Sequence[str]") -> None:
        """Makes room for the first eight drawn letters of the screen."""
        needed: list[int] = []
        for text in rows[:4]:
            for letter in text[:20]:
                glyph = LETTERS.find(letter)
                if glyph >= 0 and glyph not in needed and len(needed) < 8:
                    needed.append(glyph)
        for glyph in needed:
            slot = self._slot_for(glyph, needed)
            self._stale.remove(slot)
            self._stale.append(slot)

    def _slot_for(self, glyph: int, needed: list[int]) -> int:
        if glyph in self._glyphs:
            return self._glyphs.index(glyph)
        for slot in self._stale:
            if self._glyphs[slot] not in needed:
                break
        self._glyphs[slot] = glyph
        self._send(_SET_CGRAM | slot << 3, 0)
        for at in range(glyph * 8, glyph * 8 + 8):
            self._send(PATTERNS[at], _RS)
        self._cursor = -1
        return slot

    def _compose(self, rows: "Sequence[str]") -> None:
        """Fills `_wanted` with the codes of the screen."""
        wanted = self._wanted
        for cell in range(_CELLS):
            wanted[cell] = 32
        for row, text in enumerate(rows[:4]):
            cell = (0, 40, 20, 60)[row]
            for letter in text[:20]:
                glyph = LETTERS.find(letter)
                if glyph >= 0 and glyph in self._glyphs:
                    wanted[cell] = self._glyphs.index(glyph)
                else:
                    wanted[cell] = rom_code(letter)
                cell += 1

    def _send_changes(self) -> None:
        shown = self._shown
        wanted = self._wanted
        for cell in range(_CELLS):
            if shown[cell] != wanted[cell]:
                # A cursor move costs 6 bytes, an unchanged letter that is sent again 4.
                if self._cursor >= 0 and self._cursor == cell - 1:
                    self._send(wanted[cell - 1], _RS)
                elif self._cursor != cell:
                    self._send(_SET_DDRAM | (cell if cell < 40 else cell + 24), 0)
                self._send(wanted[cell], _RS)
                shown[cell] = wanted[cell]
                self._cursor = (cell + 1) % _CELLS

    def _send(self, code: int, rs: int) -> None:
        """One instruction (`rs` 0) or data byte (`_RS`), high nibble first."""
        lines = self._lines & _BACKLIGHT | rs
        if lines != self._lines:
            self._lines = lines
            self._put(code & 0xF0 | lines)  # RS must stand before E rises (tAS, 40 ns)
        self._nibble(code & 0xF0 | lines)
        self._nibble(code << 4 & 0xF0 | lines)

    def _nibble(self, lines: int) -> None:
        self._put(lines | _E)
        self._put(lines)  # the chip takes the nibble as E falls

    def _put(self, raw_byte: int) -> None:
        if self._filled == _BUFFER_BYTES:
            self._flush()
        self._out[self._filled] = raw_byte
        self._filled += 1

    def _flush(self) -> None:
        filled, self._filled = self._filled, 0
        if filled:
            self._i2c.writeto(self._address, memoryview(self._out)[:filled])
