"""A listening TCP port, with TLS where a context is given: what a till connects to.

MicroPython's `asyncio.start_server` takes a context too. It is not given one here, because
a handshake that fails (no TLS, a reset, a client that does not trust us) leaves the wrapped
socket without the one below: closing it frees nothing, and every port scan costs a
descriptor until none is left (measured on 1.25). Here both are closed. The handshake
itself happens within the first read, so a silent client holds up nobody else; whoever reads
must set it a time.
"""

# mypy: disable-error-code="attr-defined"
import asyncio

from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING, const, sleep_ms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from milepad.base.protocols import Log

_LONG_MS = const(3600000)


async def listen(
    host: str,
    port: int,
    serve: "Callable[[Any, Any], Awaitable[None]]",
    capacity: int,
    log: "Log",
    context: "Any" = None,
) -> None:
    """Has `serve(reader, writer)` serve each connection, until it is cancelled.

    At most `capacity` at a time: one more is closed as it comes, before it costs a TLS
    buffer. When `serve` returns or raises, its connection is closed. `context` is the
    port's own, see `server_context`. Raises OSError when the port cannot be had.
    """
    listener = _Listener(serve, capacity, log, context)
    tls = {} if IS_MICROPYTHON or context is None else {"ssl": context}
    server = await asyncio.start_server(listener.accept, host, port, backlog=4, **tls)
    try:
        while True:
            await sleep_ms(_LONG_MS)
    finally:
        server.close()


class _Listener:
    def __init__(self, serve: "Any", capacity: int, log: "Log", context: "Any"):
        self._serve = serve
        self._capacity = capacity
        self._log = log
        self._context = context
        self._open = 0

    async def accept(self, reader: "Any", writer: "Any") -> None:
        """One connection, from its beginning to its end: the top of a task of its own."""
        ends = [writer]
        self._open += 1
        try:
            if self._open > self._capacity:
                self._log("till: too many connections")
                return
            if IS_MICROPYTHON and self._context is not None:
                reader = writer = self._wrapped(reader.s)
                ends.insert(0, writer)
            await self._serve(reader, writer)
        except Exception as fault:  # noqa: BLE001  (the top of a task)
            self._log("till: connection: %s" % type(fault).__name__)
        finally:
            self._open -= 1
            for end in ends:
                await _close(end)

    def _wrapped(self, sock: "Any") -> "Any":
        tls = self._context.wrap_socket(
            sock, server_side=True, do_handshake_on_connect=False
        )
        return asyncio.StreamReader(tls)


async def _close(end: "Any") -> None:
    """A peer that is gone already is no fault."""
    try:
        end.close()
        await end.wait_closed()
    except (OSError, ValueError):
        pass
