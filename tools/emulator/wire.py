"""Connections as the emulator needs them: counted, and able to end badly on order.

`Wire` stands between uvicorn's protocol and the transport, so that a reply can be cut after
any byte, dropped or answered with a reset. `Protocol` is uvicorn's own, and also cuts
requests short and notes those that never became one.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tools.emulator.faults import Faults
from tools.emulator.recorder import PATHS, Arrivals
from tools.emulator.watching import Changes

# A peer that does not answer a TLS closure is let go after this long.
_CLOSING_S = 0.25


class CountingSocket(socket.socket):
    """A listening socket that knows how many connections it accepted."""

    accepted = 0

    def accept(self) -> tuple[socket.socket, Any]:
        connection, address = super().accept()
        self.accepted += 1
        return connection, address


class Wire:
    """A transport that may be told to fail; otherwise it is the transport it wraps."""

    def __init__(self, transport: asyncio.Transport, number: int) -> None:
        self._transport = transport
        self._left: int | None = None
        self._dead = False
        self.number = number

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    @property
    def is_open(self) -> bool:
        """True while the peer can be getting what is written."""
        return not (self._dead or self._transport.is_closing())

    def write(self, raw: bytes) -> None:
        if self._dead:
            return
        if self._left is None:
            self._transport.write(raw)
            return
        self._transport.write(raw[: self._left])
        self._left = max(0, self._left - len(raw))
        if self._left == 0:
            self.drop()

    def write_last(self, raw: bytes) -> None:
        """Writes bytes that no HTTP library would, and closes."""
        self.write(raw)
        self.drop()

    def cut_after(self, count: int | None) -> None:
        """Lets `count` more bytes out and closes then; None: lets everything out."""
        self._left = count

    def drop(self) -> None:
        """Closes; whatever is written from now on is lost."""
        self._dead = True
        self.close()

    def close(self) -> None:
        self._transport.close()
        asyncio.get_running_loop().call_later(_CLOSING_S, self._transport.abort)

    def reset(self) -> None:
        """Ends the connection with a TCP reset."""
        self._dead = True
        raw_socket = self._transport.get_extra_info("socket")
        raw_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class Tap:
    """What all connections share."""

    def __init__(self, faults: Faults, arrivals: Arrivals) -> None:
        self.faults = faults
        self.arrivals = arrivals
        self.numbers = itertools.count(1)
        self.changes = Changes()
        self.handshakes = 0
        self.open = 0


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1 over a Wire."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        tap: Tap,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._tap = tap
        self._head = b""
        self._left: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The TLS handshake is over."""
        self._tap.handshakes += 1
        self._tap.open += 1
        self._tap.changes.happened()
        wire: Any = Wire(transport, next(self._tap.numbers))
        self._wire: Wire = wire
        serve = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope["wire"] = wire
            await serve(scope, receive, send)

        self.app = app
        super().connection_made(wire)

    def data_received(self, data: bytes) -> None:
        if not self._wire.is_open:
            return
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self._left = self._cut(data)
        if self._left is None:
            super().data_received(data)
            return
        allowed, self._left = data[: self._left], self._left - len(data)
        if allowed:
            super().data_received(allowed)
        if self._left <= 0:
            self._note_broken_head()
            self._wire.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._tap.open -= 1
        self._tap.changes.happened()
        if self._left is None:
            self._note_broken_head()
        super().connection_lost(exc)

    def _note_broken_head(self) -> None:
        unread, _ = self.conn.trailing_data
        if self.conn.their_state is h11.IDLE and unread:
            self._tap.arrivals.note(self._wire.number, unread, detail="head never ended")

    def send_400_response(self, msg: str) -> None:
        self._tap.arrivals.note(self._wire.number, status=400, detail="no HTTP")
        super().send_400_response(msg)

    def _cut(self, data: bytes) -> int | None:
        """How many bytes of a request that begins with `data` may be read, if not all."""
        words = data.split(b"\r\n", 1)[0].split(b" ")
        path = words[1].decode("latin-1") if len(words) > 1 else ""
        fault = self._tap.faults.take_cut(PATHS[path]) if path in PATHS else None
        return None if fault is None else fault.bytes
