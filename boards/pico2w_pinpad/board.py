"""Raspberry Pi Pico 2 W PIN pad: a 20x4 character LCD, a 4x4 keypad and a magstripe head.

Pins and chips only; README.md has the wiring.
"""

import machine
import rp2

from boards.machine_board import MachineBoard
from boards.pico2w_pinpad.pio_head import PioHead
from milepad.base.compat import TYPE_CHECKING
from milepad.drivers.character_lcd import CharacterLcd
from milepad.drivers.matrix_keypad import MatrixKeypad
from milepad.drivers.serial_scanner import SerialScanner
from milepad.drivers.thermal_printer import ThermalPrinter
from milepad.drivers.ttl_magstripe import TtlMagstripe

if TYPE_CHECKING:
    from milepad.base.protocols import InputDevice

KEYS = "1,2,3,UP,4,5,6,DOWN,7,8,9,CLEAR,00,0,ENTER,CANCEL"
ROWS = (6, 7, 10, 11)
COLUMNS = (12, 13, 14, 15)


class Board(MachineBoard):
    """What every board has; see boards/README.md."""

    name = "pico2w_pinpad"
    watchdog_ms = 8300  # the chip's own limit is 8388
    grace_s = 20  # looking up a name blocks for longer when no server answers

    def __init__(self) -> None:
        super().__init__()
        pin = machine.Pin
        i2c = machine.I2C(0, sda=pin(4), scl=pin(5), freq=100000)
        self.display = CharacterLcd(i2c)
        self.keypad = MatrixKeypad(*self.matrix(ROWS, COLUMNS), KEYS.split(","))
        # The clock stands right after the data: the PIO program counts on it.
        track1 = PioHead(0, self.input(16), self.input(17))
        track2 = PioHead(1, self.input(18), self.input(19))
        self.readers: "list[InputDevice]" = [
            SerialScanner(self.uart(1, tx=8, rx=9)),
            TtlMagstripe(self.input(20), track1, track2),
        ]
        self.printer = ThermalPrinter(self.uart(0, tx=0, rx=1))
        self.buzzer = self.make_buzzer(22)

    def is_held(self) -> bool:
        """BOOTSEL, pressed after the reset: then no watchdog is armed."""
        return bool(rp2.bootsel_button())
