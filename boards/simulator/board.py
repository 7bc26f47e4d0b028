"""The simulated board: the hardware's drivers on virtual buses; pins and chips only."""

import asyncio
import json

from boards.simulator import certificates, flash
from boards.simulator.matrix import VirtualMatrix
from boards.simulator.network import VirtualRadio, VirtualSockets, VirtualWifi
from boards.simulator.rtc import VirtualNtp, VirtualRtc
from boards.simulator.wire import Receiver, VirtualI2c, VirtualUart, Wire
from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING, const
from milepad.base.supervision import keep_running
from milepad.base.timekeeper import Timekeeper
from milepad.drivers.buzzer import Buzzer
from milepad.drivers.character_lcd import CharacterLcd
from milepad.drivers.matrix_keypad import MatrixKeypad
from milepad.drivers.serial_magstripe import SerialMagstripe
from milepad.drivers.serial_scanner import SerialScanner
from milepad.drivers.thermal_printer import ThermalPrinter
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.memory import or_memory
from milepad.link.client import Client
from milepad.link.time_server import TimeServer
from milepad.link.transport import Connection

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import Display, InputDevice, MeasuredFiles
    from milepad.ledger.protocols import Bodies, LedgerStore

_ANSWER_MS = const(
    20000
)  # the desktop answers for the paper: always, and on a busy one late
# Four a row; the last row has one.
KEYS = "1,2,3,UP,4,5,6,DOWN,7,8,9,CLEAR,0,00,.,CANCEL,ENTER"


class Board:
    """What every board has: `name`, `display`, `keypad`, `readers`, `printer`, `buzzer`,
    `files`, `time`, `wlan`, `client`, `log` and `start`.

    `config`: `flash` (path of the image), `access_point_port`, `i2c` (addresses that
    answer; default the display's), `i2c_fault` (see Wire), `wifi` (whether the link is up
    at the start; default yes), `till_port` (see `till_address`), `files` (the image's
    files, where they are mounted already), `reset_cause` (default "power"). `desk`: what
    the flashed board does without, see desk.py. Raises StorageError when the image cannot
    be used.
    """

    name = "simulator"
    unique_id = b"simulated"  # what a chip's own serial number is elsewhere

    def __init__(self, config: "dict[str, Any]", desk: "Any" = None):
        self.files: "MeasuredFiles" = config.get("files") or flash.mount(config["flash"])
        self._wire = wire = Wire()
        self._told = ""
        wire.i2c_fault = config.get("i2c_fault", [0, 0])
        rtc, ntp = VirtualRtc(), VirtualNtp()
        rtc.install()
        self.time = Timekeeper(rtc.set, self.log)
        radio = VirtualRadio(config.get("wifi", True))
        clock = TimeServer(ntp.ask, self.time, self.log)
        self.wlan = VirtualWifi(radio, clock, self.log)
        self.sockets = VirtualSockets(self.wlan, config["access_point_port"])
        uarts = [VirtualUart(wire, port) for port in range(4)]
        self._till_uart, self._till_port = uarts[3], config.get("till_port", 0)
        matrix = VirtualMatrix(5, 4)
        head = desk.head() if desk else None
        self._reset_cause: str = config.get("reset_cause", "power")
        more = desk.Supply(wire, radio).take if desk else None
        self._receiver = Receiver(uarts, matrix, radio, ntp, head, wire, more)
        display = desk.display(wire, config) if desk else None
        self.display: "Display" = display or CharacterLcd(
            VirtualI2c(wire, config.get("i2c", (0x27,)))
        )
        self.printer = ThermalPrinter(uarts[0])
        self.printer.answer_ms = _ANSWER_MS
        if desk:
            desk.pace(self.printer, config)
        self.keypad: "InputDevice" = MatrixKeypad(
            matrix.rows, matrix.columns, KEYS.split(",")
        )
        buttons = desk.buttons(config, matrix, self.display) if desk else None
        if buttons:
            self.keypad, self.display = buttons
        self.readers: "list[InputDevice]" = [
            SerialScanner(uarts[1]),
            SerialMagstripe(uarts[2]),
        ]
        if head:
            self.readers.append(head)
        self.buzzer = Buzzer(wire.tone)

    async def start(self) -> None:
        """Connects the wires and tells the desktop that the firmware is up."""
        self._tasks = [
            asyncio.create_task(self._receiver.run()),
            asyncio.create_task(self._wire.tell_drawn()),
            asyncio.create_task(keep_running("wifi", self.wlan.run, self.log)),
        ]
        self._wire.send(b"R")

    def client(self, ca_der: bytes, connect_ms: int, reply_ms: int, idle_ms: int) -> Client:
        """The way to the platform, which trusts the root certificates `ca_der` alone."""
        sockets = self.sockets
        is_up = self.wlan.is_up
        connection = Connection(sockets.open, ca_der, connect_ms, is_up, sockets)
        if connection.context is not None and IS_MICROPYTHON:
            connection.context.check = certificates.check
        return Client(connection, reply_ms, idle_ms)

    def ledger_store(self) -> "LedgerStore":
        """Where the ledger lives on this board."""
        return or_memory(lambda: LittlefsStore(self.files))

    def till_store(self) -> "LedgerStore":
        """Where it is kept what tills asked and were answered."""
        return or_memory(lambda: LittlefsStore(self.files, "/till"))

    def queue_store(self) -> "Bodies":
        """Where the bytes of earnings live that wait for the network."""
        # Only a device that earns has this code.
        from milepad.ledger.stores.bodies import LittlefsBodies
        from milepad.ledger.stores.no_bodies import or_none

        return or_none(lambda: LittlefsBodies(self.files))

    def tell(self, what: str, value: "dict[str, int]") -> None:
        """The desktop's program prints it as an event, where it changed."""
        told = json.dumps({what: value})
        if told != self._told:
            self._told = told
            self._wire.send(b"E", told.encode())

    def till_uart(self) -> VirtualUart:
        """The serial line to a till; the desktop is told that somebody listens."""
        self._wire.send(b"P", b"serial")
        return self._till_uart

    def till_address(self, mode: str, port: int) -> "tuple[str, int]":
        """Where to listen for tills, whatever `port` the profile names.

        The desktop is told that somebody listens, and how: "tcp" or "https".
        """
        self._wire.send(b"P", mode.encode())
        return "127.0.0.1", self._till_port

    def reset_cause(self) -> str:
        """Why it started last, see `Hardware`."""
        return self._reset_cause

    def log(self, text: str) -> None:
        """One line of the firmware's log; never a secret."""
        self._wire.send(b"L", text.encode()[:1024])
