"""ESP32-S3 handheld: a 320x240 TFT, a 4x4 keypad, scanner, printer and a magstripe head.

Pins and chips only; README.md has the wiring.
"""

import machine

from boards.machine_board import MachineBoard
from milepad.base.compat import TYPE_CHECKING
from milepad.drivers.display_bus import SpiBus
from milepad.drivers.matrix_keypad import MatrixKeypad
from milepad.drivers.serial_scanner import SerialScanner
from milepad.drivers.tft import ST7789_MADCTL, Tft
from milepad.drivers.thermal_printer import ThermalPrinter
from milepad.drivers.ttl_magstripe import ClockedHead, TtlMagstripe

if TYPE_CHECKING:
    from milepad.base.protocols import InputDevice

KEYS = "1,2,3,UP,4,5,6,DOWN,7,8,9,CLEAR,00,0,ENTER,CANCEL"
ROWS = (39, 40, 41, 42)
COLUMNS = (1, 2, 21, 47)
BOOT_BUTTON = 0


class Board(MachineBoard):
    """What every board has; see boards/README.md."""

    name = "esp32s3_handheld"

    def __init__(self) -> None:
        super().__init__()
        pin = machine.Pin
        spi = machine.SPI(1, baudrate=40000000, sck=pin(12), mosi=pin(11), miso=None)
        bus = SpiBus(spi, self.output(9, 1), self.output(10, 1))
        self.display = Tft(bus, ST7789_MADCTL, inverted=True, light=self.output(13, 0))
        self.keypad = MatrixKeypad(*self.matrix(ROWS, COLUMNS), KEYS.split(","))
        present = self.input(4)
        heads = [
            ClockedHead(self.input(clock), self.input(data), present, pin.IRQ_FALLING)
            for clock, data in ((5, 6), (7, 14))
        ]
        self.readers: "list[InputDevice]" = [
            SerialScanner(self.uart(1, tx=17, rx=18)),
            TtlMagstripe(present, heads[0], heads[1]),
        ]
        self.printer = ThermalPrinter(self.uart(2, tx=15, rx=16))
        self.buzzer = self.make_buzzer(8)
        self._button = self.input(BOOT_BUTTON)

    def is_held(self) -> bool:
        """BOOT, pressed after the reset: then no watchdog is armed."""
        return not self._button.value()
