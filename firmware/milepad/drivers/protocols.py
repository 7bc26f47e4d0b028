"""What drivers ask of a port, and what the app asks of the board that is made of them.

For type checkers only: no device has this module. The ports' objects are those of MicroPython's
`machine`; `circuit_io` gives CircuitPython's the same interfaces. Names that begin with two
underscores are given by position.
"""

from typing import Any, Callable, Protocol

from milepad.base.protocols import Buzzer, Display, Files, InputDevice, Printer, Wlan
from milepad.base.timekeeper import Timekeeper
from milepad.ledger.protocols import Bodies, LedgerStore
from milepad.link.protocols import HttpClient

Raw = bytes | bytearray | memoryview

Tone = Callable[[int], None]
"""Starts a tone of so many hertz; 0 is silence."""

TakeBit = Callable[[int], Any]
"""Takes a bit, 0 or 1, of a magstripe's track. It allocates nothing."""


class InputPin(Protocol):
    """A pin that is read."""

    def value(self) -> int:
        """Its level."""


class InterruptPin(InputPin, Protocol):
    """A pin that is read and whose edges call a handler."""

    def irq(self, __handler: Callable[[Any], None], __trigger: int) -> Any:
        """Calls the handler at each such edge."""


class OutputPin(Protocol):
    """A pin that is set."""

    def value(self, __level: int) -> Any:
        """Sets its level."""


class I2c(Protocol):
    """An I2C bus."""

    def writeto(self, __address: int, __raw: Raw) -> Any:
        """Writes to a chip. Raises OSError when none acknowledges."""


class Spi(Protocol):
    """An SPI bus."""

    def write(self, __raw: Raw) -> Any:
        """Sends bytes to the selected chip."""


class UartInput(Protocol):
    """A UART that is read."""

    def any(self) -> int:
        """How many bytes wait."""

    def read(self, __count: int) -> bytes | None:
        """Up to so many of them; None when there is none."""


class Uart(UartInput, Protocol):
    """A UART that is read and written, and whose speed can be set."""

    def write(self, __raw: Raw) -> int | None:
        """Transmits; returns how many bytes were taken."""

    def init(self, *, baudrate: int) -> Any:
        """Sets the speed."""


class HardwareWatchdog(Protocol):
    """A watchdog that is armed."""

    def feed(self) -> Any:
        """Puts the reset off."""


class DisplayBus(Protocol):
    """How commands and data reach a display's chip; see `display_bus`."""

    @property
    def name(self) -> str:
        """What a person knows the bus and the chip's place on it by."""

    def command(self, raw: bytes | bytearray) -> None:
        """Sends a command and its parameters. Raises OSError when nothing acknowledges."""

    def data(self, raw: bytearray, count: int) -> None:
        """Sends `raw[1 : count + 1]`. Raises OSError when nothing acknowledges."""


class TrackHead(Protocol):
    """What samples one track of a magstripe; see `ttl_magstripe`."""

    def drain(self, feed: TakeBit) -> None:
        """Hands over the bits that it has gathered by itself."""

    def finish(self, feed: TakeBit) -> None:
        """Hands over those that it still holds when the card is out."""


class CircuitPin(Protocol):
    """CircuitPython's `digitalio.DigitalInOut`."""

    value: bool


class CircuitUart(Protocol):
    """CircuitPython's `busio.UART`."""

    baudrate: int

    @property
    def in_waiting(self) -> int:
        """How many bytes wait."""

    def read(self, __count: int) -> bytes | None:
        """Up to so many of them; None when there is none."""

    def write(self, __raw: Raw) -> int | None:
        """Transmits; returns how many bytes were taken."""


class CircuitI2c(Protocol):
    """CircuitPython's `busio.I2C`."""

    def try_lock(self) -> bool:
        """Takes the bus; whether it was free."""

    def writeto(self, __address: int, __raw: Raw) -> None:
        """Writes to a chip. Raises OSError when none acknowledges."""


class CircuitPwm(Protocol):
    """CircuitPython's `pwmio.PWMOut`."""

    frequency: int
    duty_cycle: int


class TillPorts(Protocol):
    """How tills reach a board that can be a PIN pad; a board without them is a handheld."""

    @property
    def files(self) -> Files:
        """The flash's files."""

    def till_store(self) -> LedgerStore:
        """Where it is kept what tills asked and were answered. Raises StorageError."""

    def till_uart(self) -> Uart:
        """The serial line to a till: a UART, or USB's."""

    def till_address(self, mode: str, port: int) -> tuple[str, int]:
        """Host and port to listen at, for the profile's `mode` ("tcp", "https") and `port`."""


class Board(Protocol):
    """What every folder of boards/ has as its class `Board`; boards/README.md says why."""

    name: str
    unique_id: bytes

    @property
    def display(self) -> Display:
        """The screen."""

    @property
    def keypad(self) -> InputDevice:
        """The keys."""

    @property
    def readers(self) -> list[InputDevice]:
        """The scanner and the card readers."""

    @property
    def printer(self) -> Printer:
        """The receipt printer."""

    @property
    def buzzer(self) -> Buzzer:
        """The sounds."""

    @property
    def files(self) -> Files:
        """The flash's files."""

    @property
    def time(self) -> Timekeeper:
        """Which time the device believes."""

    @property
    def wlan(self) -> Wlan:
        """The Wi-Fi."""

    async def start(self) -> None:
        """Starts what runs beside the app."""

    def client(
        self, ca_der: bytes, connect_ms: int, reply_ms: int, idle_ms: int
    ) -> HttpClient:
        """The way to the platform, which trusts the root certificates `ca_der` alone."""

    def ledger_store(self) -> LedgerStore:
        """Where the ledger lives. Raises StorageError."""

    def queue_store(self) -> Bodies:
        """Where the bytes of earnings live that wait for the network. Raises nothing."""

    def tell(self, what: str, value: dict[str, int]) -> None:
        """What a program on the desk may want to know; a board that was flashed does nothing."""

    def reset_cause(self) -> str:
        """Why it started last: "power", "button", "watchdog", "program"; "" when unknown."""

    def log(self, text: str) -> None:
        """Takes one line for a technician; never a card number, a token or a secret."""
