"""M5Stack Fire: three buttons, an OLED on port A, scanner, printer and one magstripe track.

Pins and chips only; README.md has the wiring.
"""

import machine

from boards.machine_board import MachineBoard
from milepad.base.compat import TYPE_CHECKING
from milepad.drivers.display_bus import I2cBus
from milepad.drivers.serial_scanner import SerialScanner
from milepad.drivers.ssd1306 import Ssd1306
from milepad.drivers.thermal_printer import ThermalPrinter
from milepad.drivers.three_buttons import OverlaidDisplay, ThreeButtons
from milepad.drivers.ttl_magstripe import ClockedHead, TtlMagstripe

if TYPE_CHECKING:
    from milepad.base.protocols import InputDevice

BUTTONS = (39, 38, 37)  # A is UP, B is DOWN, C is ENTER


class Board(MachineBoard):
    """What every board has; see boards/README.md."""

    name = "m5stack_oled"

    def __init__(self) -> None:
        super().__init__()
        pin = machine.Pin
        i2c = machine.I2C(0, scl=pin(22), sda=pin(21), freq=400000)
        self.display = OverlaidDisplay(Ssd1306(I2cBus(i2c, 0x3C)))
        # GPIO 34 to 39 have no pull-ups; the Core has its own, and so must the head.
        buttons = [pin(number, pin.IN) for number in BUTTONS]
        self.keypad = ThreeButtons(buttons, self.display)
        present = pin(34, pin.IN)
        head = ClockedHead(pin(35, pin.IN), pin(36, pin.IN), present, pin.IRQ_FALLING)
        self.readers: "list[InputDevice]" = [
            SerialScanner(self.uart(2, tx=15, rx=5)),
            TtlMagstripe(present, None, head),
        ]
        self.printer = ThermalPrinter(self.uart(1, tx=26, rx=13))
        self.buzzer = self.make_buzzer(25)
        self._button = buttons[2]

    def is_held(self) -> bool:
        """Button C: then no watchdog is armed."""
        return not self._button.value()
