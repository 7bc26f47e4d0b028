"""One verified TLS connection over asyncio: open, send, receive, check for life, close.

The chain and the host's name are always verified; nothing turns that off. This module knows
no HTTP and never tries twice. `sent` tells whether a request may be with the peer: a TLS
record that was not handed to the network whole cannot be read there, so it does not count.
"""

import asyncio

from milepad.base.compat import (
    BUILD_EPOCH_S,
    IS_MICROPYTHON,
    TYPE_CHECKING,
    unix_time,
    wait_for_ms,
)
from milepad.base.errors import LinkError, NoAnswerError, NotSentError, TlsError, WifiError
from milepad.link.refusals import FATAL_ALERT

if IS_MICROPYTHON:
    from milepad.link.tls_micropython import TlsStream, client_context
else:
    from milepad.link.tls_cpython import (  # type: ignore[assignment,no-redef]
        TlsStream,
        client_context,
    )

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from milepad.link.protocols import Addresses, Origin, Socket


class Connection:
    """At most one connection, to one host at a time.

    `open_socket(host, port)` is the board's coroutine for a connected, non-blocking TCP
    socket. `ca_der` has the root certificates, one of which a chain must end in. Where the
    board knows, `is_up()` says whether the link is there: over a dead one nothing is sent.
    `addresses` learns what came of each socket: whoever keeps them.
    """

    def __init__(
        self,
        open_socket: "Callable[[str, int], Awaitable[Socket]]",
        ca_der: bytes,
        connect_ms: int,
        is_up: "Callable[[], bool] | None" = None,
        addresses: "Addresses | None" = None,
    ):
        self._open_socket = open_socket
        self.context: Any  # the port's own
        try:  # at the start, before the heap is in pieces: it takes 2 KB at once
            self.context = client_context(ca_der)
        except TlsError:
            self.context = None  # tried again, and told, when something is sent
            self._ca_der = ca_der
        self._connect_ms = connect_ms
        self._is_up = is_up
        self._addresses = addresses
        self._stream: TlsStream | None = None
        self._origin: Origin | None = None
        self._may_leave: "Callable[[], bool] | None" = None
        self.opened = 0  # how often a connection was set up
        self.sent = False  # whether a part of the request may be with the peer

    def is_alive(self, origin: "Origin") -> bool:
        """Whether the kept connection leads to `origin` and is still usable.

        Readable while idle means closed, or worse; either way it is not used again.
        """
        if self._stream is None or self._origin != origin:
            return False
        return (self._is_up is None or self._is_up()) and self._stream.is_idle()

    async def send(
        self,
        origin: "Origin",
        raw: bytes | memoryview,
        may_leave: "Callable[[], bool] | None" = None,
    ) -> None:
        """Sends `raw` to (host, port), over the kept connection if it is alive.

        `may_leave` is asked just before the first byte of `raw` can leave. Raises
        NotSentError (TlsError when the peer is not who it should be) if nothing left that
        could be acted on, NoAnswerError if something may have. One deadline covers
        connecting, the handshake and sending.
        """
        if unix_time() < BUILD_EPOCH_S:
            raise TlsError("the clock is not set")
        if self.context is None:
            self.context = client_context(self._ca_der)
        if not self.is_alive(origin):
            self.close()
        self.sent = False
        self._may_leave = may_leave
        is_good = False
        try:
            await wait_for_ms(self._send(origin, raw), self._connect_ms)
            is_good = True
        except asyncio.TimeoutError:
            raise self._failure("no connection within %d s" % (self._connect_ms // 1000))
        except LinkError:
            raise
        except (OSError, EOFError, ValueError) as fault:
            raise self._failure("the connection failed: " + _reason(fault))
        finally:  # a call that was cancelled may have been so for want of an answer
            if not is_good:
                self.close()
                if self._addresses is not None:
                    self._addresses.note_failed()

    def check(self) -> None:
        """For the stream, before it writes. Raises NotSentError where nothing may leave."""
        if not self.sent and self._may_leave is not None and not self._may_leave():
            raise NotSentError("nobody could see it leave")

    def _failure(self, text: str) -> LinkError:
        """What is certain, and whose fault it is where nothing has left."""
        if self.sent:
            return NoAnswerError(text)
        if self._is_up is not None and not self._is_up():
            return WifiError("no Wi-Fi")
        return NotSentError(text)

    async def _send(self, origin: "Origin", raw: bytes | memoryview) -> None:
        if self._stream is not None:
            await self._stream.write(raw, self)
            return
        while True:
            try:
                await self._send_first(origin, raw)
                break
            except (LinkError, OSError, EOFError, ValueError):
                if self.sent or self._addresses is None:
                    raise
                self.close()
                if not self._addresses.next_address():
                    raise
        if self._addresses is not None:
            self._addresses.note_verified()

    async def _send_first(self, origin: "Origin", raw: bytes | memoryview) -> None:
        """Over a new connection: the handshake is over at the latest with the first write."""
        sock = await self._open_socket(origin[0], origin[1])
        self._stream = TlsStream(sock, origin[0], self.context)
        self._origin = origin
        self.opened += 1
        await self._stream.handshake()
        await self._stream.write(raw, self)

    async def receive(self, count: int) -> bytes:
        """At most `count` bytes, b"" when the peer has closed. Raises NoAnswerError."""
        if self._stream is None:
            raise NoAnswerError("the connection was closed")
        try:
            return await self._stream.read(count)
        except (OSError, EOFError, ValueError) as fault:
            raise NoAnswerError("the connection failed: " + _reason(fault))

    def close(self, failed: bool = False) -> None:
        """Drops the connection, if there is one; after a failure its address too."""
        if failed and self._stream is not None and self._addresses is not None:
            self._addresses.next_address()
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


def _reason(fault: Exception) -> str:
    """What went wrong, without a byte of what was sent or received."""
    number = getattr(fault, "errno", None)
    if number == FATAL_ALERT:
        return "a TLS alert; it may want a certificate of the device"
    return type(fault).__name__ + (" %s" % number if number is not None else "")
