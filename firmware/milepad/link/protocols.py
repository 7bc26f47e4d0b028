"""What the link asks of the parts that it is given. For type checkers only: no device has it."""

from collections.abc import Callable
from typing import Any, Protocol, overload

Origin = tuple[str, int]
"""Host and port."""

Url = tuple[str, int, str]
"""Host, port and path of an https address."""

Headers = list[tuple[str, str]]
"""Names and values, in the order in which they are sent."""


class ValueStore(Protocol):
    """Small named values that survive a power cut; see `ledger.stores`."""

    def get(self, name: str) -> bytes | None:
        """The value, None when there is none. Raises StorageError."""

    def put(self, name: str, raw: bytes) -> None:
        """Replaces the value. Raises StorageError."""


class DeviceTime(Protocol):
    """Which time the device believes; see `base.timekeeper`."""

    refusals: int

    def is_set(self) -> bool:
        """Whether somebody has told the time since power-up, within bounds."""

    def is_proven(self) -> bool:
        """Whether the verified platform has dated a reply since power-up."""

    def note_ntp(self, unix_s: int) -> bool:
        """What a time server says; whether it was good."""

    def note_platform(self, unix_s: int) -> None:
        """The date of a reply over verified TLS, 0 when it has none."""

    def note_refused(self) -> None:
        """A certificate was refused."""


class Addresses(Protocol):
    """Whom a connection tells what came of a socket; see `link.sockets`."""

    def note_verified(self) -> None:
        """TLS has proved who is at the address."""

    def next_address(self) -> bool:
        """The address was no good; whether there is another one to try."""

    def note_failed(self) -> None:
        """Nothing could be sent."""


class Socket(Protocol):
    """A connected, non-blocking TCP socket; a port's own."""

    def close(self) -> Any:
        """Frees it."""


class Progress(Protocol):
    """Whom a stream tells that something has left."""

    sent: bool

    def check(self) -> None:
        """Asked before anything leaves. Raises NotSentError where it may not."""


class Sight(Protocol):
    """Whether a person can see what the device does; see `terminal.screen`."""

    async def is_legible(self) -> bool:
        """Asks the display, and starts one that has just fallen silent."""

    def look(self) -> bool:
        """Asks the display, this moment."""


class Transport(Protocol):
    """One verified connection; see `link.transport`."""

    sent: bool

    async def send(
        self,
        origin: Origin,
        raw: bytes | memoryview,
        may_leave: Callable[[], bool] | None = None,
    ) -> None:
        """Sends `raw`, connecting where need be. Raises NotSentError, NoAnswerError."""

    async def receive(self, count: int) -> bytes:
        """At most `count` bytes, b"" at the end. Raises NoAnswerError."""

    def close(self, failed: bool = False) -> None:
        """Drops the connection, if there is one; after a failure its address too."""


class HttpReply(Protocol):
    """A whole reply."""

    status: int
    body: bytearray
    date: bytes
    retry_after: bytes
    keep_alive: bool


class HttpClient(Protocol):
    """POSTs to https origins, one copy a call; see `link.client`."""

    @property
    def stage(self) -> str:
        """What the network is doing: idle, connecting or waiting."""

    @property
    def sent(self) -> bool:
        """Whether the last request may be with the peer."""

    async def post(
        self,
        url: Url,
        headers: Headers,
        body: bytes,
        may_leave: Callable[[], bool] | None = None,
    ) -> HttpReply:
        """Sends one copy to url = (host, port, path). Raises NotSentError, NoAnswerError.

        `may_leave` is asked when the way is open, just before the first byte; where it says
        no, nothing leaves.
        """

    def close(self) -> None:
        """Drops the kept connection."""


class TokenSource(Protocol):
    """Where a session's bearer token comes from; see `link.token`."""

    async def bearer(self) -> str:
        """An Authorization header's value. Raises NotSentError."""

    def drop(self) -> None:
        """The platform has refused the token."""


class Copies(Protocol):
    """The copies of one request: it is told what each attempt came to, and says what follows.

    See `link.retry` for AM Cash and `issuance.attempts` for an earning.
    """

    copies: int
    """How many left the device."""

    pause_s: int
    """How long the next one waits."""

    cause: str
    """Why nothing left: a word of a NotSentError."""

    in_background: bool
    """Whether nobody looks on: it keeps no workflow from being cancelled."""

    @property
    def needs_sight(self) -> bool:
        """Whether a copy would move something that no earlier one can have moved."""

    @property
    def again(self) -> bool:
        """Whether a copy may leave now."""

    def may_leave(self) -> bool:
        """Whether the copy may leave for which there is a token now."""

    @property
    def token_refused(self) -> bool:
        """Whether the token has to be dropped before the next copy."""

    def note_no_token(self, reason: str) -> None:
        """No token could be had: nothing left."""

    def note_not_sent(self, reason: str) -> None:
        """Nothing left."""

    def note_no_answer(self, reason: str) -> None:
        """A copy left; no usable reply came."""

    def note_answer(self, http_status: int, body: bytes | bytearray, trace_id: str) -> bool:
        """A copy left and this came back; whether it may be about that request."""

    def note_status(self, http_status: int, retry_after_s: int, limit_s: int) -> None:
        """What the reply asks of the next copy, after `note_answer`."""


class SavedToken(Protocol):
    """A token that outlives a restart; see `link.token_store`."""

    def load(self, now_s: int) -> tuple[str, int] | None:
        """(token, when it expires), None when there is none that is valid."""

    def save(self, token_text: str, expires_unix_s: int) -> bool:
        """Keeps it in place of the last one; whether it did."""

    def drop(self) -> None:
        """Erases it."""


class Radio(Protocol):
    """A Wi-Fi radio, as `network.WLAN(network.WLAN.IF_STA)`."""

    def active(self, on: bool) -> Any:
        """Switches it on or off."""

    def disconnect(self) -> Any:
        """Leaves the network."""

    def connect(self, ssid: str, password: str) -> Any:
        """Begins to join a network."""

    def isconnected(self) -> bool:
        """Whether it thinks that it is in one."""

    @overload
    def status(self) -> int:
        """The port's number for how it is."""

    @overload
    def status(self, __what: str) -> int:
        """Of "rssi", the signal in dBm. Raises OSError."""

    def ifconfig(self) -> tuple[str, ...]:
        """Its address first."""


class SocketPool(Protocol):
    """CircuitPython's `socketpool.SocketPool`, or CPython's `socket` module."""

    SOCK_STREAM: int

    def getaddrinfo(self, *question: Any) -> Any:
        """Addresses of a host; blocks. Raises OSError."""

    def socket(self, *kind: Any) -> Any:
        """A new socket."""


class TlsContext(Protocol):
    """CircuitPython's `ssl.SSLContext`, or CPython's."""

    def wrap_socket(self, sock: Any, *, server_hostname: str) -> Any:
        """The client's end of a TLS connection."""

    def load_verify_locations(self, *, cadata: str) -> Any:
        """Takes a root certificate in PEM."""


class Resolver(Protocol):
    """What looks up names, as the port's `socket` module."""

    def getaddrinfo(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Addresses of a host; blocks. Raises OSError."""
