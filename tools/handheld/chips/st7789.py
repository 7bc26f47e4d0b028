"""A 320x240 TFT module: an ST7789V with an IPS panel, from SPI bytes to pixels and text.

From the datasheet (Sitronix ST7789V, chapters 7 and 9): a byte with D/C low is a command,
those with D/C high are its parameters or pixels; MADCTL turns the picture, the module is
mounted in landscape; an IPS panel shows colours the right way round after INVON. The
memory holds noise after power-up. What the chip would not forgive becomes a complaint.
"""

from __future__ import annotations

from array import array

from PIL import Image

from tools.handheld.chips import dots
from tools.handheld.chips.complaints import Complaints

WIDTH, HEIGHT = 320, 240
GRID = dots.Grid(
    0, 14, 16, 60, 32, (range(1, 4), range(4, 6), range(6, 9), range(9, 11), range(11, 14))
)
_SWRESET, _SLPIN, _SLPOUT, _RAMWR = 0x01, 0x10, 0x11, 0x2C
# Command: how many parameters it takes.
_PARAMETERS = {
    0x00: 0, _SWRESET: 0, _SLPIN: 0, _SLPOUT: 0, 0x13: 0, 0x20: 0, 0x21: 0, 0x28: 0, 0x29: 0,
    0x2A: 4, 0x2B: 4, 0x36: 1, 0x3A: 1,
}  # fmt: skip
_NOISE = 0x7BEF
# Pillow stretches five and six bits over 0-255; these are the bits alone.
_FIVE_BITS = [value & 0xF8 for value in range(256)]
_SIX_BITS = [value & 0xFC for value in range(256)]
_COMPLEMENT = bytes(255 - value for value in range(256))
_MV, _MIRRORS, _BGR = 0x20, 0xC0, 0x08


class St7789:
    """One module from its power-up on. `write` takes bytes with the level of D/C."""

    def __init__(self) -> None:
        self.complaints = Complaints("tft")
        self.bus_bytes = 0
        self._memory = array("H", [_NOISE]) * (WIDTH * HEIGHT)  # in places of the glass
        self._command = 0x00
        self._parameters = bytearray()
        self._since: dict[int, int] = {}  # ticks_us at which a command was last given
        self._loses = False
        self._reset()

    def glitch(self) -> None:
        """The last byte of the next transfer is lost on the wire."""
        self._loses = True

    def _reset(self) -> None:
        self._asleep, self._on, self._inverted = True, False, False
        self._madctl, self._colours = 0, 0x66
        self._x, self._y = (0, WIDTH - 1), (0, HEIGHT - 1)
        self._at = (0, 0)
        self._half = -1
        self._count = 0

    def write(self, dc: int, raw: bytes, ticks_us: int | None = None) -> None:
        """Bytes of one transfer; waiting times are checked where `ticks_us` is given."""
        self.bus_bytes += len(raw)
        if self._loses:
            raw, self._loses = raw[:-1], False
        if dc and self._command == _RAMWR:
            self._pixels(raw)
        elif dc:
            self._parameters += raw
            wanted = _PARAMETERS.get(self._command, len(self._parameters))
            if len(self._parameters) == wanted:
                self._set(self._command, bytes(self._parameters))
            elif len(self._parameters) > wanted:
                self.complaints.add(f"0x{self._command:02X}: takes {wanted} parameters")
        else:
            for code in raw:
                self._obey(code, ticks_us)

    def _obey(self, code: int, ticks_us: int | None) -> None:
        self._end_command()
        if ticks_us is not None:
            self._check_waits(code, ticks_us)
            if code != _SLPOUT or self._asleep:  # awake already, it takes no time
                self._since[code] = ticks_us
        self._command = code
        self._parameters.clear()
        if code == _SWRESET:
            self._reset()
        elif code in (_SLPIN, _SLPOUT):
            self._asleep = code == _SLPIN
        elif code in (0x20, 0x21):
            self._inverted = code == 0x21
        elif code in (0x28, 0x29):
            self._on = code == 0x29
        elif code == _RAMWR:
            self._begin_pixels()
        elif code not in _PARAMETERS:
            self.complaints.add(f"0x{code:02X} is no command of this driver's")

    def _end_command(self) -> None:
        wanted = _PARAMETERS.get(self._command, len(self._parameters))
        if len(self._parameters) < wanted:
            self.complaints.add(f"0x{self._command:02X}: takes {wanted} parameters")
        if self._command == _RAMWR and self._half >= 0:
            self.complaints.add("half a pixel")

    def _check_waits(self, code: int, ticks_us: int) -> None:
        for before, wait_ms, what in (
            (_SWRESET, 120 if code == _SLPOUT else 5, "a reset"),
            (_SLPOUT, 120 if code == _SLPIN else 5, "waking up"),
            (_SLPIN, 120 if code == _SLPOUT else 5, "falling asleep"),
        ):
            if before in self._since and ticks_us - self._since[before] < wait_ms * 1000:
                self.complaints.add(f"0x{code:02X}: less than {wait_ms} ms after {what}")

    def _set(self, command: int, raw: bytes) -> None:
        if command == 0x36:
            self._madctl = raw[0]
            if not raw[0] & _MV or (raw[0] & _MIRRORS) not in (0x40, 0x80):
                self.complaints.add(f"MADCTL 0x{raw[0]:02X}: not upright in landscape")
        elif command == 0x3A:
            self._colours = raw[0]
        elif command in (0x2A, 0x2B):
            first, last = int.from_bytes(raw[:2], "big"), int.from_bytes(raw[2:], "big")
            wide = (command == 0x2A) == bool(self._madctl & _MV)
            limit = WIDTH if wide else HEIGHT
            if not first <= last < limit:
                self.complaints.add(f"0x{command:02X}: no window from {first} to {last}")
            elif command == 0x2A:
                self._x = (first, last)
            else:
                self._y = (first, last)

    def _begin_pixels(self) -> None:
        if self._colours & 7 != 5:
            self.complaints.add("pixels before 16 bits a pixel are set")
        if self._asleep:
            self.complaints.add("pixels while it sleeps")
        self._at = (self._x[0], self._y[0])
        self._half = -1
        self._count = (self._x[1] - self._x[0] + 1) * (self._y[1] - self._y[0] + 1)

    def _pixels(self, raw: bytes) -> None:
        for code in raw:
            if self._half < 0:
                self._half = code
                continue
            colour, self._half = self._half << 8 | code, -1
            self._count -= 1
            if self._count == -1:
                self.complaints.add("more pixels than the window has")
            x, y = self._at
            if self._madctl & _MIRRORS == 0x80:  # the other landscape is upside down
                self._memory[(HEIGHT - 1 - y) * WIDTH + WIDTH - 1 - x] = colour
            else:
                self._memory[y * WIDTH + x] = colour
            self._at = (x + 1, y)
            if x == self._x[1]:
                self._at = (self._x[0], self._y[0] if y == self._y[1] else y + 1)

    def colour(self, x: int, y: int) -> tuple[int, int, int]:
        """What a person sees at a place, as red, green and blue of 0-255."""
        if self._asleep or not self._on:
            return (0, 0, 0)
        value = self._memory[y * WIDTH + x]
        if not self._inverted:
            value ^= 0xFFFF
        red, green, blue = value >> 11 << 3, (value >> 5 & 63) << 2, (value & 31) << 3
        return (blue, green, red) if self._madctl & _BGR else (red, green, blue)

    def pixel(self, x: int, y: int) -> bool:
        """Whether a pixel is bright."""
        return sum(self.colour(x, y)) > 3 * 127

    def lines(self) -> list[str]:
        """Four rows of twenty letters; blank while the panel is off."""
        return dots.read(self.pixel, GRID)

    def picture(self) -> Image.Image:
        """What a person sees: each place as `colour` tells it."""
        if self._asleep or not self._on:
            return Image.new("RGB", (WIDTH, HEIGHT))
        raw = self._memory.tobytes()
        if not self._inverted:
            raw = raw.translate(_COMPLEMENT)
        mode = "RGB;16" if self._madctl & _BGR else "BGR;16"  # as Pillow counts the bits
        image = Image.frombytes("RGB", (WIDTH, HEIGHT), raw, "raw", mode)
        return image.point(_FIVE_BITS + _SIX_BITS + _FIVE_BITS)
