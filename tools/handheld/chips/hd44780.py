"""A character LCD: an HD44780U behind a PCF8574, from I2C bytes to four rows of text.

From the two datasheets: P0 RS, P1 RW, P2 E, P3 backlight, P4-P7 DB4-DB7. A falling edge of
E latches DB4-DB7; the controller wakes up in 8-bit mode and takes nibbles in pairs after
function set DL=0. Instructions take 37 us, clear and home 1.52 ms, the first two function
sets of the 8-bit mode 4.1 ms and 100 us. What the chip would not forgive becomes a
complaint, and the byte is obeyed all the same.
"""

from __future__ import annotations

from PIL import Image

from tools.handheld.chips import glyphs, hd44780_glass
from tools.handheld.chips.complaints import Complaints
from tools.handheld.chips.hd44780_rom import HEIGHT, rom_rows

ROWS, COLUMNS = 4, 20
BUS_BYTE_US = 90  # nine bits at 100 kHz
_RS, _RW, _E, _BACKLIGHT = 0x01, 0x02, 0x04, 0x08
_LINE = 40  # DDRAM cells of each of the two lines
_ROW_STARTS = (0x00, 0x40, 0x14, 0x54)
_SHORT_US, _WRITE_US, _LONG_US = 37, 41, 1520
_WAKE_US = (4100, 100)
_TICKS_MASK = 0xFFFFFFFF


class CharacterLcd:
    """One LCD module from its power-up on. `write` takes what was sent to its address."""

    def __init__(self) -> None:
        self.complaints = Complaints("lcd")
        self.bus_bytes = 0
        self.backlight = True  # the expander's outputs are high at power-up
        self.display_on = False
        self._port = 0xFF
        self._ddram = bytearray(b" " * (2 * _LINE))
        self._cgram = bytearray(64)
        self._address = 0  # of DDRAM, 0-79, or of CGRAM when _in_cgram
        self._in_cgram = False
        self._step = 1
        self._shifts_display = False
        self._shift = 0
        self._two_lines = False
        self._four_bit = False
        self._high_nibble: int | None = None
        self._wakes = 0
        self._now_us = 0
        self._ticks_us: int | None = None
        self._busy_until_us = 0
        self._loses = False

    def glitch(self) -> None:
        """The chip misses the next strobe of E, and with it half a byte."""
        self._loses = True

    def write(self, raw: bytes, ticks_us: int) -> None:
        """Bytes of one I2C transfer; the board's clock read `ticks_us` (32 bit) before it.

        The virtual bus takes no time, a real one does: 90 us a byte, the address included,
        are added to everything that comes later.
        """
        if self._ticks_us is not None:
            self._now_us += (ticks_us - self._ticks_us) & _TICKS_MASK
        self._ticks_us = ticks_us
        self.bus_bytes += len(raw) + 1
        self._now_us += BUS_BYTE_US
        for port in raw:
            self._now_us += BUS_BYTE_US
            self._edge(port)

    def _edge(self, port: int) -> None:
        before, self._port = self._port, port
        self.backlight = bool(port & _BACKLIGHT)
        if port & _E and not before & _E and port & _RW:
            self.complaints.add(
                "RW is set while E rises: the chip drives the bus against the expander"
            )
        if not before & _E or port & _E:
            return
        if before & _RW:
            return  # a read ends: so it is at power-up, else its start was complained about
        if (before ^ port) & (0xF0 | _RS):
            self.complaints.add("RS or data change with the falling edge of E")
        if self._loses:
            self._loses = False
        else:
            self._latch(before >> 4, bool(before & _RS))

    def _latch(self, nibble: int, data: bool) -> None:
        if not self._four_bit:
            self._eight_bit(nibble, data)
        elif self._high_nibble is None:
            self._check_busy(f"0x{nibble:X}_")
            self._high_nibble = nibble
        else:
            code, self._high_nibble = self._high_nibble << 4 | nibble, None
            if data:
                self._store(code)
            else:
                self._busy(_SHORT_US)
                self._obey(code)

    def _check_busy(self, what: str) -> None:
        early_us = self._busy_until_us - self._now_us
        if early_us > 0:
            self.complaints.add(
                f"{what} comes {early_us} us before the previous one is done"
            )

    def _busy(self, duration_us: int) -> None:
        self._busy_until_us = self._now_us + duration_us

    def _eight_bit(self, nibble: int, data: bool) -> None:
        """DB0-DB3 are not wired: only function sets make sense before the 4-bit mode."""
        self._check_busy(f"0x{nibble:X}0")
        if data or nibble not in (2, 3):
            kind = "data" if data else "instruction"
            self.complaints.add(f"{kind} 0x{nibble:X}0 before the four-bit mode is set")
            self._busy(_SHORT_US)
            return
        if nibble == 2 and self._wakes < 3:
            self.complaints.add(f"four-bit mode after {self._wakes} of 3 wake-up nibbles")
        self._busy(_WAKE_US[self._wakes] if self._wakes < 2 and nibble == 3 else _SHORT_US)
        self._wakes += 1
        self._four_bit = nibble == 2

    def _store(self, code: int) -> None:
        self._busy(_WRITE_US)
        if self._in_cgram:
            self._cgram[self._address] = code & 0x1F
            self._address = (self._address + self._step) % 64
            return
        self._ddram[self._address] = code
        self._address = (self._address + self._step) % (2 * _LINE)
        if self._shifts_display:
            self._shift = (self._shift + self._step) % _LINE

    def _obey(self, code: int) -> None:
        if code & 0x80:
            self._set_address(code & 0x7F)
        elif code & 0x40:
            self._address, self._in_cgram = code & 0x3F, True
        elif code & 0x20:
            self._function_set(code)
        elif code & 0x10:
            self._move(right=bool(code & 0x04), display=bool(code & 0x08))
        elif code & 0x08:
            self.display_on = bool(code & 0x04)
        elif code & 0x04:
            self._step = 1 if code & 0x02 else -1
            self._shifts_display = bool(code & 0x01)
        elif code:
            self._home(clear=code == 0x01)
        else:
            self.complaints.add("0x00 is no instruction")

    def _set_address(self, address: int) -> None:
        line, column = divmod(address, 0x40)
        if column >= _LINE:
            self.complaints.add(f"there is no DDRAM address 0x{address:02X}")
        self._address, self._in_cgram = line * _LINE + column % _LINE, False

    def _function_set(self, code: int) -> None:
        self._two_lines = bool(code & 0x08)
        if (
            code & 0x10
        ):  # back to eight bits: how a warm start begins, and the chip is awake already
            self._four_bit, self._wakes = False, len(_WAKE_US) + 1
        elif not self._two_lines:
            self.complaints.add("function set for one line: rows 2 and 4 stay dark")

    def _move(self, right: bool, display: bool) -> None:
        step = 1 if right else -1
        if display:
            self._shift = (self._shift - step) % _LINE
        else:
            self._address = (self._address + step) % (64 if self._in_cgram else 2 * _LINE)

    def _home(self, clear: bool) -> None:
        self._busy(_LONG_US)
        self._address, self._in_cgram, self._shift = 0, False, 0
        if clear:
            self._ddram[:] = b" " * (2 * _LINE)
            self._step = 1

    def cells(self) -> list[bytes]:
        """The character codes of the four rows, as the display is shifted now."""
        rows = []
        for start in _ROW_STARTS:
            line, first = divmod(start, 0x40)
            at = [line * _LINE + (first + self._shift + n) % _LINE for n in range(COLUMNS)]
            rows.append(bytes(self._ddram[cell] for cell in at))
        return rows

    def glyph(self, number: int) -> bytes:
        """The eight pixel rows of user glyph 0-7, bit 4 on the left."""
        return bytes(self._cgram[8 * number : 8 * number + 8])

    def _letter(self, code: int) -> str:
        return (
            glyphs.recognise(self.glyph(code & 7)) if code < 16 else glyphs.rom_letter(code)
        )

    def lines(self) -> list[str]:
        """Four rows of twenty characters; blank while the display is off."""
        dark = " " * COLUMNS
        if not self.display_on:
            return [dark] * ROWS
        return [
            dark if n % 2 and not self._two_lines else "".join(map(self._letter, row))
            for n, row in enumerate(self.cells())
        ]

    def _rows_of(self, code: int) -> bytes:
        return self.glyph(code & 7) if code < 16 else rom_rows(code)

    def dots(self) -> bytes:
        """The dots of all eighty cells, row by row: eight rows each, bit 4 on the left."""
        if not self.display_on:
            return bytes(ROWS * COLUMNS * HEIGHT)
        return b"".join(
            bytes(COLUMNS * HEIGHT)
            if n % 2 and not self._two_lines
            else b"".join(map(self._rows_of, row))
            for n, row in enumerate(self.cells())
        )

    def picture(self) -> Image.Image:
        """What a person sees: white dots on blue glass."""
        return hd44780_glass.draw(self.dots())
