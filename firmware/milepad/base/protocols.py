"""What the app asks of the parts of a board. For type checkers only: no device has this module."""

from typing import Any, Awaitable, Callable, Protocol, Sequence

Emit = Callable[[str, str], None]
"""Takes an event: ("key", name), ("scan", text), ("swipe", text) or ("noise", reason)."""

Log = Callable[[str], None]
"""Takes one line for a technician; never a card number, a token or a secret."""

Sleep = Callable[[int], Awaitable[object]]
"""Lets the other tasks run for so many milliseconds; `compat.sleep_ms`, or a test's own."""


Profile = dict[str, dict[str, Any]]
"""A checked profile: {section: {key: value}}; see `profile.schema`."""


class OffsetSource(Protocol):
    """A time zone."""

    def offset_s(self, unix_s: int) -> int:
        """What its clocks are ahead of UTC at that moment."""


class TimeFloor(Protocol):
    """Where the moment is kept before which the clock cannot be; the ledger."""

    def time_floor_s(self) -> int:
        """That moment, 0 when none is known."""

    def keep_time_floor(self, unix_s: int) -> None:
        """Keeps it. Raises StorageError."""


class Display(Protocol):
    """A screen of `rows` rows of `columns` letters; see `drivers.character_lcd`."""

    @property
    def columns(self) -> int:
        """How many letters a row has: 20."""

    @property
    def rows(self) -> int:
        """How many rows there are: 4."""

    async def start(self) -> None:
        """Initialises the chip and clears it. Raises DriverError when it does not answer."""

    def show(self, rows: Sequence[str]) -> bool:
        """Shows these rows; whether the chip has them. Never raises."""

    def renew(self, row: int) -> None:
        """The next `show` sends that row anew, and with row 0 the chip's settings."""

    def backlight(self, on: bool) -> None:
        """Switches the light."""


class InputDevice(Protocol):
    """A keypad, a scanner or a card reader."""

    async def run(self, emit: Emit) -> None:
        """Reads for ever; `emit` gets what was keyed or read."""


class Printer(Protocol):
    """A receipt printer; see `drivers.thermal_printer`."""

    baud: int
    has_status: bool | None
    is_begun: bool

    async def print(self, raw: bytes) -> None:
        """Prints one job. Raises PrinterError when it is not all on paper."""

    async def status(self) -> str:
        """What the printer says of itself."""


class Buzzer(Protocol):
    """Three sounds; see `drivers.buzzer`."""

    async def play(self, name: str) -> None:
        """Plays "key", "ok" or "error" to its end."""


class FileOpener(Protocol):
    """What has files."""

    def open(self, path: str, mode: str) -> Any:
        """A file object, as the built-in's. Raises OSError."""


class Files(FileOpener, Protocol):
    """A filesystem, with the methods of MicroPython's `vfs.VfsLfs2`. All raise OSError."""

    def stat(self, path: str) -> tuple[int, ...]:
        """Ten numbers; the first tells a folder (0x4000) from a file, the seventh is its size."""

    def ilistdir(self, path: str) -> Any:
        """Yields tuples that begin with a name."""

    def mkdir(self, path: str) -> None:
        """Makes one folder."""

    def remove(self, path: str) -> None:
        """Removes a file."""

    def rename(self, old: str, new: str) -> None:
        """Moves a file over another."""


class MeasuredFiles(Files, Protocol):
    """A filesystem that knows how much of it is free."""

    def statvfs(self, path: str) -> tuple[int, ...]:
        """Of the filesystem: block's bytes, the same, blocks, free blocks, and more."""


class Wlan(Protocol):
    """The Wi-Fi; see `link.wifi`."""

    failures: int

    def is_up(self) -> bool:
        """Whether a socket may be opened."""

    def join(self, ssid: str, password: str, time_host: str = "") -> None:
        """Which network to use from now on, and whom to ask for the time there."""

    def address(self) -> str:
        """The device's own, "" without a link."""

    def signal_dbm(self) -> int | None:
        """How strong the access point arrives, or None."""


class TillService(Protocol):
    """What the idle screen knows of a till; see `pinpad.service`."""

    is_free: bool
    """Whether the pad stands at its idle screen; who shows that says so."""

    @property
    def wants(self) -> bool:
        """Whether a request waits to be worked at."""

    def idle_rows(self, beside: str, state: str) -> list[str]:
        """What that shows, with what lies beside and the link's state."""

    async def key(self, name: str, menu_rows: list[str]) -> str:
        """Which key counts there; `menu_rows` are the pad's own. Raises Cancelled."""

    def look(self) -> None:
        """Looks at the radio, of whose news tills are told."""

    def settle(self) -> None:
        """Looks whether what a power cut left open has been settled."""

    def has_asked_for(self, sequence: int) -> bool:
        """Whether that entry of the ledger came of a till's request."""

    async def run(self) -> None:
        """Works at what waits."""


class Hardware(Protocol):
    """What a board can tell of itself."""

    name: str
    unique_id: bytes

    @property
    def files(self) -> Files:
        """What was copied and provisioned."""

    @property
    def wlan(self) -> Wlan:
        """The Wi-Fi."""

    def reset_cause(self) -> str:
        """Why it started last: "power", "button", "watchdog", "program"; "" when unknown."""
