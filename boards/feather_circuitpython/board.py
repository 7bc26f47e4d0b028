"""Adafruit Feather ESP32-S3 with CircuitPython: an OLED, a 4x4 keypad and three serial devices.

Pins and chips only; README.md has the wiring.
"""

import asyncio
import ssl
import time

import board
import busio
import microcontroller
import rtc
import socketpool
import wifi

from boards.feather_circuitpython import ports
from boards.feather_circuitpython.radio import Radio
from milepad.base.clock import civil, days_from_civil
from milepad.base.compat import TYPE_CHECKING
from milepad.base.supervision import keep_running
from milepad.base.timekeeper import Timekeeper
from milepad.drivers.buzzer import Buzzer
from milepad.drivers.circuit_io import I2c
from milepad.drivers.display_bus import I2cBus
from milepad.drivers.matrix_keypad import MatrixKeypad
from milepad.drivers.serial_magstripe import SerialMagstripe
from milepad.drivers.serial_scanner import SerialScanner
from milepad.drivers.ssd1306 import Ssd1306
from milepad.drivers.thermal_printer import ThermalPrinter
from milepad.drivers.watchdog import Watchdog
from milepad.ledger.stores.files import MountedFiles
from milepad.ledger.stores.memory import or_memory
from milepad.ledger.stores.ring import fat_bytes, fat_store
from milepad.link.circuitpython.client import Client
from milepad.link.circuitpython.urequests import Requests
from milepad.link.names import Names
from milepad.link.ntp_client import NtpClient
from milepad.link.time_server import TimeServer
from milepad.link.wifi import Wifi

if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable

    from milepad.base.protocols import InputDevice
    from milepad.ledger.protocols import Bodies, LedgerStore

KEYS = "1,2,3,UP,4,5,6,DOWN,7,8,9,CLEAR,00,0,ENTER,CANCEL"
_QUEUE_CELLS = 80  # 40 KiB more, where the shop earns: about as many earnings
_LEDGER_CELLS = 360  # 90 KiB: the drive of 960 KiB holds the firmware as source, too
_EARLIER_CELLS = 1000  # of a ledger that firmware 0.1 began
_WATCHDOG_S = 75  # connecting and shaking hands block, for as long as the profile allows


def _set_rtc(unix_s: int) -> None:
    date = civil(unix_s)
    weekday = (days_from_civil(*date[:3]) + 3) % 7  # 0 is Monday
    rtc.RTC().datetime = time.struct_time(date + (weekday, -1, -1))


class Board:
    """What every board has; see boards/README.md."""

    name = "feather_circuitpython"

    def __init__(self) -> None:
        self.unique_id = bytes(microcontroller.cpu.uid)
        self.files = MountedFiles()
        self.pool = socketpool.SocketPool(wifi.radio)
        self.time = Timekeeper(_set_rtc, self.log)
        net: Any = self.pool  # as `socket`, for what is asked of it
        ntp = NtpClient(net, Names(net, lambda: ""))
        clock = TimeServer(ntp.ask, self.time, self.log)
        self.wlan = Wifi(Radio(wifi.radio), clock, self.log)
        self.display = Ssd1306(
            I2cBus(I2c(lambda: busio.I2C(board.SCL, board.SDA, frequency=400000)), 0x3C)
        )
        rows = [ports.open_drain(pin) for pin in (board.D5, board.D6, board.D9, board.D10)]
        columns = [ports.pulled_up(p) for p in (board.D11, board.D12, board.D13, board.A5)]
        self.keypad = MatrixKeypad(rows, columns, KEYS.split(","))
        self.readers: "list[InputDevice]" = [
            SerialScanner(ports.uart(None, board.RX)),
            SerialMagstripe(ports.uart(None, board.A2)),
        ]
        self.printer = ThermalPrinter(ports.uart(board.A0, board.A1))
        self.buzzer = Buzzer(ports.tone(board.A3))
        self._tasks: "list[asyncio.Task[Any]]" = []

    async def start(self) -> None:
        """Starts what runs beside the app: the Wi-Fi, and the watchdog's liveness task."""
        self._start("wifi", self.wlan.run)
        hardware = ports.watchdog(_WATCHDOG_S)
        if hardware:
            self._start("watchdog", Watchdog(hardware).run)

    def _start(self, name: str, run: "Callable[[], Awaitable[None]]") -> None:
        # A loop alone does not keep its tasks alive.
        self._tasks.append(asyncio.create_task(keep_running(name, run, self.log)))

    def client(self, ca_der: bytes, connect_ms: int, reply_ms: int, idle_ms: int) -> Client:
        """The way to the platform: TLS needs this port's own library."""
        requests = Requests(self.pool, ssl.create_default_context(), ca_der, idle_ms)
        return Client(requests, self.wlan, connect_ms, reply_ms)

    def ledger_store(self) -> "LedgerStore":
        """Where the ledger lives: a file of the FAT drive, or memory while that is read-only."""
        return or_memory(lambda: fat_store(self.files, "/ledger.bin", self._ledger_cells()))

    def _ledger_cells(self) -> int:
        """Where a record lies follows from how many there may be: that stays as it was begun."""
        try:
            size = self.files.stat("/ledger.bin")[6]
        except OSError:
            return _LEDGER_CELLS
        return _EARLIER_CELLS if size > fat_bytes(_LEDGER_CELLS) else _LEDGER_CELLS

    def queue_store(self) -> "Bodies":
        """Where the bytes of earnings live that wait for the network."""
        # Only a device that earns has this code.
        from milepad.ledger.stores.body_cells import fat_bodies
        from milepad.ledger.stores.no_bodies import or_none

        return or_none(lambda: fat_bodies(self.files, "/queue.bin", _QUEUE_CELLS))

    def tell(self, what: str, value: dict[str, int]) -> None:
        """Nobody on a desk listens."""

    def reset_cause(self) -> str:
        """Why it started last, see `Hardware`."""
        return ports.reset_cause()

    def log(self, text: str) -> None:
        """One line on the console; never a secret."""
        print(text)
