"""What stands between `adafruit_requests` and the network: it lets one copy out, once.

The library takes a Guard for its socket pool and its TLS context in one. What it writes is
collected and leaves in one piece; what comes back it never sees, because it reads a ready
line instead. So its second try, its redirects and its reading of bodies have nothing to
work on, and no error that it would catch reaches it once it writes. It knows no HTTP.
"""

import errno
import time

from milepad.base.compat import TYPE_CHECKING, const, ticks_diff, ticks_ms
from milepad.base.errors import LinkError, NoAnswerError, NotSentError
from milepad.link.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.link.protocols import SocketPool, TlsContext

_PAUSE_S = 0.005
_READY = b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"
# How a call that must be tried again says so; 2 and 3: CPython's ssl wants to read or write.
_AGAIN = (errno.EAGAIN, 2, 3)
_MBEDTLS = const(-0x1000)  # its own faults are below
FAULTS = (OSError, RuntimeError, ValueError, MemoryError)


class Guard:
    """A socket pool and TLS context for the library; at most one connection at a time."""

    def __init__(self, pool: "SocketPool", context: "TlsContext"):
        self.SOCK_STREAM = pool.SOCK_STREAM  # the connection manager asks for it
        self.sent = False  # whether a part of the request may be with the peer
        self.kept: GuardedSocket | None = None  # the connection in use
        self._pool = pool
        self._context = context
        self._may_leave: "Callable[[], bool] | None" = None
        self._copy_sent = True  # whether this request's one copy has been let out
        self._start_ms = 0
        self._limit_ms = 0

    def begin(self, limit_ms: int, may_leave: "Callable[[], bool] | None" = None) -> None:
        """A new request, to be connected and sent within `limit_ms`.

        `may_leave` is asked just before its copy is let out.
        """
        self._may_leave = may_leave
        self.sent = self._copy_sent = False
        self._start_ms = ticks_ms()
        self._limit_ms = limit_ms

    def mark_sent(self) -> None:
        """Lets the one copy out. Raises LinkError when it may not, or has been before."""
        self._check_unsent()
        if self._may_leave is not None and not self._may_leave():
            raise self.failure("nobody could see it leave")
        self._copy_sent = True

    def _check_unsent(self) -> None:
        if self._copy_sent:
            raise self.failure("a second copy was held back")

    def left_s(self) -> float:
        """Seconds until the limit. Raises LinkError when there are none."""
        left_ms = self._limit_ms - ticks_diff(ticks_ms(), self._start_ms)
        if left_ms <= 0:
            raise self.failure("not sent within %d s" % (self._limit_ms // 1000))
        return left_ms / 1000

    def failure(self, text: str) -> LinkError:
        """The error that says what is certain: NoAnswerError once something has left."""
        return NoAnswerError(text) if self.sent else NotSentError(text)

    def broken(self, fault: Exception) -> LinkError:
        """The same for what the network raised, without a byte of what was sent."""
        number = getattr(fault, "errno", None) or 0
        # CPython's refusal is a ValueError too.
        if not self.sent and (isinstance(fault, ValueError) or number < _MBEDTLS):
            return refusal(fault)
        return self.failure("the connection failed: %s %s" % (type(fault).__name__, number))

    # --- what the connection manager calls ---

    def getaddrinfo(self, *question: "Any") -> "Any":
        """As the pool's."""
        self._check_unsent()
        return self._pool.getaddrinfo(*question)

    def socket(self, *kind: "Any") -> "Any":
        """As the pool's; only `wrap_socket` makes it usable."""
        self._check_unsent()
        return self._pool.socket(*kind)

    def wrap_socket(self, raw: "Any", server_hostname: str) -> "GuardedSocket":
        """A guarded connection over `raw`, which is closed when there can be none."""
        tls = None
        try:
            tls = self._context.wrap_socket(raw, server_hostname=server_hostname)
        finally:
            if tls is None:
                raw.close()
        self.kept = GuardedSocket(self, raw, tls)
        return self.kept


class GuardedSocket:
    """One TLS connection: what the library calls first, then what reads the reply."""

    def __init__(self, guard: Guard, raw: "Any", tls: "Any"):
        self._guard = guard
        self._raw = raw
        self._tls = tls
        self._out = bytearray()
        self._in = b""

    def settimeout(self, _timeout_s: float) -> None:
        """Nothing: the guard's limit rules, and the library would set one only at first."""

    def connect(self, address: "tuple[Any, ...]") -> None:
        """Connects and shakes hands, and blocks meanwhile; raises what the network raises."""
        self._tls.settimeout(self._guard.left_s())
        self._tls.connect(address)
        self._tls.settimeout(0)  # from here on nothing blocks

    def send(self, raw: bytes) -> int:
        """Collects; `recv_into` lets it out."""
        self._out.extend(raw)
        return len(raw)

    def recv_into(self, buffer: bytearray, size: int = 0) -> int:
        """The library wants the reply: the request leaves, and the ready line is read."""
        if self._out:
            raw, self._out = self._out, bytearray()
            self._guard.mark_sent()
            self._send_all(memoryview(raw))
            self._in = _READY
        count = min(size or len(buffer), len(self._in))
        buffer[:count] = self._in[:count]
        self._in = self._in[count:]
        return count

    def _send_all(self, view: memoryview) -> None:
        while len(view) > 0:
            count = self._try(self._tls.send, view)
            if count:  # a whole TLS record; less cannot be read by the peer
                self._guard.sent = True
                view = view[count:]
            else:
                self._guard.left_s()
                time.sleep(_PAUSE_S)

    def receive(self, buffer: bytearray) -> int | None:
        """Bytes read into `buffer`, 0 at the end, None when none are there. LinkError."""
        return self._try(self._tls.recv_into, buffer)

    def _try(self, call: "Callable[[Any], int]", buffer: "Any") -> int | None:
        try:
            return call(buffer)
        except FAULTS as fault:
            if getattr(fault, "errno", None) in _AGAIN:
                return None
            raise self._guard.broken(fault)

    def is_alive(self) -> bool:
        """Whether it is idle and open: readable while idle means closed, or worse."""
        try:
            return self.receive(bytearray(1)) is None
        except LinkError:
            return False

    def close(self) -> None:
        """Frees both sockets: after a failed handshake the TLS one does not free the other."""
        for each in (self._tls, self._raw):
            try:
                each.close()
            except OSError:
                pass
