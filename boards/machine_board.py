"""What boards with MicroPython's `machine` and `network` have in common.

A board's own class inherits from it and adds its pins and chips.
"""

import asyncio
import socket

import machine
import network

from milepad.base.clock import civil, days_from_civil
from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.supervision import keep_running
from milepad.base.timekeeper import Timekeeper
from milepad.drivers.buzzer import Buzzer
from milepad.drivers.watchdog import Watchdog
from milepad.ledger.stores.files import MountedFiles
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.link.client import Client
from milepad.link.names import Names
from milepad.link.ntp_client import NtpClient
from milepad.link.sockets import Sockets
from milepad.link.time_server import TimeServer
from milepad.link.transport import Connection
from milepad.link.wifi import Wifi

if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Sequence

    from milepad.ledger.protocols import Bodies

# What ports have of these; a RP2 tells power from its watchdog alone.
_CAUSES = (
    ("PWRON_RESET", "power"),
    ("HARD_RESET", "button"),
    ("WDT_RESET", "watchdog"),
    ("SOFT_RESET", "program"),
)
_RECEIVE_BYTES = const(512)  # a port's own 16 to 256 are lost while a handshake computes


def _set_rtc(unix_s: int) -> None:
    """Sets the chip's clock, which TLS checks certificates by."""
    year, month, day, hour, minute, second = civil(unix_s)
    weekday = (days_from_civil(year, month, day) + 3) % 7  # 0 is Monday
    machine.RTC().datetime((year, month, day, weekday, hour, minute, second, 0))


class MachineBoard:
    """Every part of a `Board` that needs no pin of its own, and what makes the others.

    `watchdog_ms`: 0 for none. `grace_s`: see `Watchdog`; not 0 takes a timer.
    """

    watchdog_ms = 30000
    grace_s = 0

    def __init__(self) -> None:
        self._tasks: "list[asyncio.Task[Any]]" = []
        self.unique_id = machine.unique_id()
        self.files = MountedFiles()
        self.time = Timekeeper(_set_rtc, self.log)
        radio = network.WLAN(network.WLAN.IF_STA)
        # The Wi-Fi that knows the name server is made with what asks for the time.
        names = Names(socket, lambda: self.wlan.name_server())  # noqa: PLW0108
        ntp = NtpClient(socket, names)
        self.wlan = Wifi(radio, TimeServer(ntp.ask, self.time, self.log), self.log)
        self.sockets = Sockets(self.wlan, socket)

    async def start(self) -> None:
        """Starts what runs beside the app: the Wi-Fi, and the watchdog's liveness task."""
        self._start("wifi", self.wlan.run)
        if self.watchdog_ms and not self.is_held():
            watchdog = Watchdog(machine.WDT(timeout=self.watchdog_ms), self.grace_s)
            self._start("watchdog", watchdog.run)
            if self.grace_s:
                self._timer = machine.Timer(-1, period=1000, callback=watchdog.tick)

    def _start(self, name: str, run: "Callable[[], Awaitable[None]]") -> None:
        # A loop alone does not keep its tasks alive.
        self._tasks.append(asyncio.create_task(keep_running(name, run, self.log)))

    def is_held(self) -> bool:
        """Whether a person holds the board's own button: then no watchdog is armed."""
        return False

    def client(self, ca_der: bytes, connect_ms: int, reply_ms: int, idle_ms: int) -> Client:
        """The way to the platform, which trusts the root certificates `ca_der` alone."""
        sockets = self.sockets
        is_up = self.wlan.is_up
        connection = Connection(sockets.open, ca_der, connect_ms, is_up, sockets)
        return Client(connection, reply_ms, idle_ms)

    def ledger_store(self) -> LittlefsStore:
        """Where the ledger lives: littlefs, which both ports format their flash with.

        Raises StorageError when its folder can be neither read nor made.
        """
        return LittlefsStore(self.files)

    def till_store(self) -> LittlefsStore:
        """Where it is kept what tills asked and were answered. Raises StorageError."""
        return LittlefsStore(self.files, "/till")

    def till_address(self, _mode: str, port: int) -> tuple[str, int]:
        """Where to listen for tills: on every address that the board gets."""
        return "0.0.0.0", port

    def queue_store(self) -> "Bodies":
        """Where the bytes of earnings live that wait for the network."""
        # Only a device that earns has this code.
        from milepad.ledger.stores.bodies import LittlefsBodies
        from milepad.ledger.stores.no_bodies import or_none

        return or_none(lambda: LittlefsBodies(self.files))

    def tell(self, what: str, value: dict[str, int]) -> None:
        """Nobody on a desk listens."""

    def reset_cause(self) -> str:
        """Why it started last, see `Hardware`; a RP2's `machine.reset()` is its watchdog's."""
        number = machine.reset_cause()
        for name, cause in _CAUSES:
            if getattr(machine, name, None) == number:
                return cause
        return ""

    def log(self, text: str) -> None:
        """One line on the console; never a secret."""
        print(text)

    # --- makers for a board's chips ---

    def input(self, pin: int) -> machine.Pin:
        """An input with a pull-up."""
        return machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP)

    def output(self, pin: int, level: int) -> machine.Pin:
        """An output that starts with that level."""
        return machine.Pin(pin, machine.Pin.OUT, value=level)

    def matrix(
        self, rows: "Sequence[int]", columns: "Sequence[int]"
    ) -> tuple[list[machine.Pin], list[machine.Pin]]:
        """(row pins, column pins) for `MatrixKeypad`."""
        return (
            [machine.Pin(number, machine.Pin.OPEN_DRAIN, value=1) for number in rows],
            [self.input(number) for number in columns],
        )

    def uart(self, number: int, tx: int, rx: int, baud: int = 9600) -> machine.UART:
        """A UART, 8N1, with a buffer for what comes between two polls."""
        pin = machine.Pin
        return machine.UART(
            number, baud, tx=pin(tx), rx=pin(rx), rxbuf=_RECEIVE_BYTES, timeout=0
        )

    def make_buzzer(self, pin: int) -> Buzzer:
        """A passive buzzer on a PWM pin."""
        pwm = machine.PWM(machine.Pin(pin), freq=1000, duty_u16=0)

        def tone(frequency_hz: int) -> None:
            if frequency_hz:
                pwm.freq(frequency_hz)
            pwm.duty_u16(0x8000 if frequency_hz else 0)

        return Buzzer(tone)
