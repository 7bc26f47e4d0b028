"""The chips around the board, and which of them a frame from the board is for.

What a chip makes of it goes out as an event; what only the page shows (dots of the display,
rows of the paper) goes to a `Watch`.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from tools.handheld import frames
from tools.handheld.chips.buzzer import Buzzer
from tools.handheld.chips.complaints import Complaints
from tools.handheld.chips.hd44780 import CharacterLcd
from tools.handheld.chips.slip import Barcode, Element
from tools.handheld.chips.ssd1306 import Ssd1306
from tools.handheld.chips.st7789 import St7789
from tools.handheld.chips.thermal_printer import EPSON_PAGES, IDLE_MS, ThermalPrinter
from tools.handheld.firmware import Program
from tools.handheld.outbox import Outbox

Display = CharacterLcd | Ssd1306 | St7789
DisplayName = Literal["lcd20x4", "ssd1306", "st7789"]
# name: (chip, its I2C address; 0: on SPI)
DISPLAYS: dict[DisplayName, tuple[Callable[[], Display], int]] = {
    "lcd20x4": (CharacterLcd, 0x27),
    "ssd1306": (Ssd1306, 0x3C),
    "st7789": (St7789, 0),
}
PRINTER = 0  # UART port


@dataclass(frozen=True)
class Setup:
    """What stands on the desk: the program to run, its flash, the chips' make."""

    program: Program
    flash: Path
    display: DisplayName = "lcd20x4"
    columns: int = 32
    pages: Mapping[int, str] = field(default_factory=EPSON_PAGES.copy)
    till_port: int = 0  # where tills connect over TCP; 0: any free port
    keys: Literal["matrix", "three_buttons"] = "matrix"
    line_ms: int | None = (
        None  # how long the printer takes for a line; None: its usual time
    )
    replaced: Callable[[], None] = lambda: None  # called when the flash is another file


class Watch(Protocol):
    """Somebody who looks closer than a program does."""

    def drawn(self, display: Display) -> None:
        """A drawing is complete; what it shows may be new. The screen's event follows."""

    def printed(self, element: Element) -> None:
        """The printer has put this on the paper."""

    def heap(self, used: int, free: int) -> None:
        """What the firmware's heap holds, in bytes; see `Device.ask_heap`."""


class Nobody:
    """Looks at nothing."""

    def drawn(self, display: Display) -> None:
        """See Watch."""

    def printed(self, element: Element) -> None:
        """See Watch."""

    def heap(self, used: int, free: int) -> None:
        """See Watch."""


class Chips(NamedTuple):
    """The chips, from one power-up to the next."""

    display: Display
    printer: ThermalPrinter
    buzzer: Buzzer

    @property
    def lcd(self) -> Display:
        """The display, by the name of the one that stands there unless told otherwise."""
        return self.display


class Wiring:
    """The chips of one handheld; `send` takes a frame for the board."""

    def __init__(
        self, setup: Setup, outbox: Outbox, send: Callable[[bytes], None], watch: Watch
    ):
        self._setup = setup
        self._outbox = outbox
        self._send = send
        self._watch = watch
        self._paper, self._cover = True, True
        self._left = 0  # pieces on a roll that ends with the last of them; 0: a full one
        self.last_barcode = ""  # on paper
        self.chips = self._new()

    @property
    def i2c_address(self) -> int:
        """At which the display acknowledges; 0 where it is on SPI."""
        return DISPLAYS[self._setup.display][1]

    def renew(self) -> None:
        """The power went away or came back: every chip forgets what it knew."""
        self.chips = self._new()

    def _new(self) -> Chips:
        printer = ThermalPrinter(
            self._setup.columns, self._setup.pages, on_printed=self._printed
        )
        printer.set_paper(self._paper)
        printer.set_cover(self._cover)
        return Chips(DISPLAYS[self._setup.display][0](), printer, Buzzer())

    def _printed(self, element: Element) -> None:
        if isinstance(element, Barcode):
            self.last_barcode = element.text
        self._watch.printed(element)
        if self._left:
            self._left -= 1
            if not self._left:
                self.set_paper(False)

    def end_paper_after(self, lines: int) -> None:
        """The roll ends with so many lines more."""
        self._left = lines

    def set_paper(self, present: bool) -> None:
        """The printer runs out of paper, or is refilled."""
        self._paper = present
        self.chips.printer.set_paper(present)

    def set_cover(self, closed: bool) -> None:
        """The printer's cover is opened, or closed."""
        self._cover = closed
        self.chips.printer.set_cover(closed)

    def take(self, frame: frames.Frame) -> bool:
        """Gives a frame to its chip; False when it is for none."""
        kind, payload = frame
        if kind == frames.I2C and len(payload) >= 5:
            self._i2c(payload[0], int.from_bytes(payload[1:5], "big"), payload[5:])
        elif kind == frames.SPI and payload:
            self._spi(payload[0], payload[1:])
        elif kind == frames.DRAWN:
            self._outbox.display_drawn()
        elif kind == frames.UART and payload:
            self._uart(payload[0], payload[1:])
        elif kind == frames.BUZZER and len(payload) == 2:
            self._buzzer(int.from_bytes(payload, "big"))
        else:
            return False
        return True

    def _complain(self, text: str) -> None:
        self._outbox.add({"log": f"complaint: {text}"})

    def _i2c(self, address: int, ticks_us: int, raw: bytes) -> None:
        display = self.chips.display
        if isinstance(display, St7789) or address != self.i2c_address:
            self._complain(f"bus: nothing acknowledges I2C address 0x{address:02X}")
            return
        display.write(raw, ticks_us)
        self._written()

    def _spi(self, dc: int, raw: bytes) -> None:
        display = self.chips.display
        if not isinstance(display, St7789):
            self._complain("bus: there is no chip on SPI")
            return
        display.write(dc, raw)
        self._written()

    def _written(self) -> None:
        self._outbox.display_written()
        self._report(self.chips.display.complaints)

    def _uart(self, port: int, raw: bytes) -> None:
        if port != PRINTER:
            self._complain(f"bus: nobody listens on UART {port}")
            return
        loop = asyncio.get_running_loop()
        reply = self.chips.printer.receive(raw, loop.time() * 1000)
        if reply:
            self._send(frames.pack(frames.UART, bytes((PRINTER,)) + reply))
        self._report(self.chips.printer.complaints)
        self._collect(self.chips.printer)
        loop.call_later((IDLE_MS + 5) / 1000, self._collect, self.chips.printer)

    def tell_finished(self) -> None:
        """Nothing more is printed: a slip is told whose end is otherwise known by silence."""
        self._collect(self.chips.printer, IDLE_MS)

    def _collect(self, printer: ThermalPrinter, later_ms: int = 0) -> None:
        if printer is not self.chips.printer:
            return  # its power was cut
        now_ms = asyncio.get_running_loop().time() * 1000
        for slip in printer.take_slips(now_ms + later_ms):
            escpos = base64.b64encode(slip.escpos).decode("ascii")
            self._outbox.add({"slip": {"lines": slip.lines, "escpos": escpos}})

    def _buzzer(self, frequency_hz: int) -> None:
        now_ms = asyncio.get_running_loop().time() * 1000
        sound = self.chips.buzzer.tone(frequency_hz, now_ms)
        if sound is not None:
            self._outbox.add({"sound": sound})
        self._report(self.chips.buzzer.complaints)

    def _report(self, complaints: Complaints) -> None:
        for text in complaints.take():
            self._complain(text)
