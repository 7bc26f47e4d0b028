"""A 128x64 OLED module: an SSD1306, from I2C bytes to pixels, text and a picture.

From the datasheet (Solomon Systech, rev 1.1): a transfer begins with a control byte, Co and
D/C in its two upper bits; commands have a fixed count of parameters; RAM is eight pages of
128 columns, the top pixel in bit 0; a module stands upright with the segments and the rows
turned (A1, C8), and its panel lights only with the charge pump on. RAM holds noise after
power-up. What the chip would not forgive becomes a complaint.
"""

from __future__ import annotations

from PIL import Image

from tools.handheld.chips import dots
from tools.handheld.chips.complaints import Complaints

WIDTH, HEIGHT, PAGES = 128, 64, 8
GRID = dots.Grid(4, 0, 6, 16, 16, tuple(range(n, n + 1) for n in range(5)))
_HORIZONTAL, _VERTICAL, _PAGE = range(3)
# Command: how many parameters follow. Ranges of commands without any stand in _is_plain.
_PARAMETERS = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0x81: 1, 0x8D: 1,
    0xA3: 2, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
}  # fmt: skip
_PLAIN = {0x2E, 0x2F, 0xA0, 0xA1, 0xA4, 0xA5, 0xA6, 0xA7, 0xAE, 0xAF, 0xC0, 0xC8, 0xE3}
_PICTURE_SCALE = 4


class Ssd1306:
    """One module from its power-up on. `write` takes what was sent to its address."""

    def __init__(self) -> None:
        self.complaints = Complaints("oled")
        self.bus_bytes = 0
        self._ram = bytearray(b"\xa5\x3c" * (WIDTH * PAGES // 2))  # in places of the glass
        self._command: list[int] = []
        self._on = self._inverse = self._all_on = self._pump = False
        self._turned_x = self._turned_y = False
        self._mode = _PAGE
        self._window = [0, WIDTH - 1, 0, PAGES - 1]
        self._column = self._page = 0
        self._start_line = self._offset = 0
        self._lines = HEIGHT
        self._loses = False

    def glitch(self) -> None:
        """The last byte of the next transfer is lost on the wire."""
        self._loses = True

    def write(self, raw: bytes, ticks_us: int = 0) -> None:
        """Bytes of one I2C transfer."""
        self.bus_bytes += len(raw) + 1
        if self._loses:
            raw, self._loses = raw[:-1], False
        at = 0
        while at < len(raw):
            control = raw[at]
            if control & 0x3F:
                self.complaints.add(f"0x{control:02X} is no control byte")
                return
            end = at + 2 if control & 0x80 else len(raw)
            if at + 1 == len(raw):
                self.complaints.add("a control byte with nothing behind it")
            for code in raw[at + 1 : end]:
                (self._store if control & 0x40 else self._take)(code)
            at = end

    def _take(self, code: int) -> None:
        """A byte of a command."""
        self._command.append(code)
        if len(self._command) <= _PARAMETERS.get(self._command[0], 0):
            return
        (first, *parameters), self._command = self._command, []
        if first in (0x21, 0x22):
            self._set_window(first, *parameters)
        elif parameters:
            self._set(first, parameters[0])
        else:
            self._obey(first)

    def _set_window(self, which: int, first: int, last: int) -> None:
        limit, place = (WIDTH, 0) if which == 0x21 else (PAGES, 2)
        if not first <= last < limit:
            self.complaints.add(f"0x{which:02X}: no window from {first} to {last}")
            first, last = 0, limit - 1
        self._window[place : place + 2] = [first, last]
        if which == 0x21:
            self._column = first
        else:
            self._page = first

    def _set(self, command: int, value: int) -> None:
        if command == 0x20:
            self._mode = value & 3
            self._expect(value < 3, command, value)
        elif command == 0x8D:
            self._expect(value in (0x10, 0x14), command, value)
            self._expect(not self._on or self._pump == (value == 0x14), command, value)
            self._pump = value == 0x14
        elif command == 0xA8:
            self._expect(15 <= value < HEIGHT, command, value)
            self._lines = (value & 0x3F) + 1
        elif command == 0xD3:
            self._offset = value & 0x3F
        elif command == 0xD9:
            self._expect(bool(value & 0x0F and value & 0xF0), command, value)
        elif command == 0xDA:  # the module's rows are wired to alternating outputs
            self._expect(value == 0x12, command, value)
        elif command == 0xDB:
            self._expect(value in (0x00, 0x20, 0x30), command, value)

    def _expect(self, good: bool, command: int, value: int) -> None:
        if not good:
            self.complaints.add(f"0x{command:02X}: not with 0x{value:02X} here")

    def _obey(self, code: int) -> None:
        if code in (0xAE, 0xAF):
            self._on = code == 0xAF
            self._expect(self._pump or not self._on, code, 0)  # dark without the pump
        elif code in (0xA0, 0xA1):
            self._turned_x = code == 0xA1
        elif code in (0xC0, 0xC8):
            self._turned_y = code == 0xC8
        elif code in (0xA4, 0xA5):
            self._all_on = code == 0xA5
        elif code in (0xA6, 0xA7):
            self._inverse = code == 0xA7
        elif 0x40 <= code < 0x80:
            self._start_line = code & 0x3F
        elif code < 0x20 or 0xB0 <= code < 0xB8:
            self._place(code)
        elif code not in _PLAIN:
            self.complaints.add(f"0x{code:02X} is no command")

    def _place(self, code: int) -> None:
        """Column and page of the page addressing mode."""
        if self._mode != _PAGE:
            self.complaints.add(f"0x{code:02X}: only in page addressing mode")
        elif code >= 0xB0:
            self._page = code & 7
        elif code >= 0x10:
            self._column = self._column & 0x0F | (code & 7) << 4
        else:
            self._column = self._column & 0x70 | code

    def _store(self, code: int) -> None:
        """A byte of eight pixels; the pointer goes on as the mode says."""
        if self._command:
            self.complaints.add(f"0x{self._command[0]:02X}: data in place of a parameter")
            self._command = []
        seen = self._column if self._turned_x else WIDTH - 1 - self._column
        self._ram[self._page * WIDTH + seen] = code
        left, right, top, bottom = self._window
        if self._mode == _PAGE:
            self._column = (self._column + 1) % WIDTH
        elif self._mode == _HORIZONTAL:
            self._column = left if self._column == right else (self._column + 1) % WIDTH
            if self._column == left:
                self._page = top if self._page == bottom else (self._page + 1) % PAGES
        else:
            self._page = top if self._page == bottom else (self._page + 1) % PAGES
            if self._page == top:
                self._column = left if self._column == right else (self._column + 1) % WIDTH

    @property
    def is_lit(self) -> bool:
        """Whether the panel shows anything at all."""
        return self._on and self._pump

    def pixel(self, x: int, y: int) -> bool:
        """Whether a dot of the glass is lit, counted from its upper left corner."""
        if not self.is_lit:
            return False
        if self._all_on:
            return True
        line = y if self._turned_y else HEIGHT - 1 - y
        if line >= self._lines:
            return False
        line = (line + self._start_line + self._offset) % HEIGHT
        lit = bool(self._ram[line // 8 * WIDTH + x] >> line % 8 & 1)
        return lit != self._inverse

    def lines(self) -> list[str]:
        """Four rows of twenty letters; blank while the panel is dark."""
        return dots.read(self.pixel, GRID)

    def picture(self) -> Image.Image:
        """What a person sees."""
        image = Image.new("RGB", (WIDTH, HEIGHT), (8, 8, 12))
        for y in range(HEIGHT):
            for x in range(WIDTH):
                if self.pixel(x, y):
                    image.putpixel((x, y), (190, 225, 255))
        size = (WIDTH * _PICTURE_SCALE, HEIGHT * _PICTURE_SCALE)
        return image.resize(size, Image.Resampling.NEAREST)
