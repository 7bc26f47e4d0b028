"""A wire that breaks on order: a TCP relay that cuts, hangs or holds back after an exact byte.

It reads nothing of what it relays but the lengths of the TLS records.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from typing import Literal

Direction = Literal["request", "reply"]
Ending = Literal["FIN", "RST"]
Break = Literal["FIN", "RST", "SILENCE"]

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s


class _End(asyncio.Protocol):
    """One end of a connection; what it receives goes to its peer."""

    def __init__(self, relay: Relay, direction: Direction) -> None:
        self._relay = relay
        self._direction = direction
        self.transport: asyncio.Transport | None = None
        self.peer: _End | None = None
        self.closed = asyncio.Event()
        self.is_silent = False
        self.held: list[bytes] | None = None  # what is kept back; None: nothing

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self._direction == "request":
            self._relay._accepted(self)

    def data_received(self, raw: bytes) -> None:
        assert self.peer is not None
        self._relay._pass_on(self, raw, self._direction)

    def write(self, raw: bytes) -> None:
        assert self.transport is not None
        self.transport.write(raw)

    def connection_lost(self, fault: Exception | None) -> None:
        self.closed.set()
        if self.peer is not None and self.held is None:
            self.peer.end("RST" if fault else "FIN")

    def end(self, how: Ending) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        if how == "FIN":
            self.transport.close()
            return
        endpoint = self.transport.get_extra_info("socket")
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()


class Relay:
    """Leads every connection to `far_port`; `connections` counts them."""

    def __init__(self, far_port: int) -> None:
        self.far_port = far_port
        self._server: asyncio.Server | None = None
        self._ends: set[_End] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut: tuple[Direction, int, Break] | None = None
        self.fell_silent = asyncio.Event()
        self._holds = False
        self._late: _End | None = None
        self.connections = 0
        self.pieces: list[tuple[Direction, bytes]] = []

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _End(self, "request"), host, port)

    @property
    def is_open(self) -> bool:
        """Whether a connection is."""
        return self.open_count > 0

    @property
    def open_count(self) -> int:
        """How many connections have an open end."""
        ends = [end for end in list(self._ends) if not end.transport.is_closing()]
        return len(ends) - sum(end.peer in ends for end in ends) // 2

    @property
    def port(self) -> int:
        """Where a device connects to."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def cut_after(self, direction: Direction, count: int, how: Ending) -> None:
        """Ends the connection at both ends once `count` more bytes were relayed, counted
        from now; with 0, at the first byte, which is not relayed. Acts once."""
        self._cut = (direction, count, how)

    def hang_after(self, direction: Direction, count: int) -> None:
        """The same, but nothing ends: what comes then, either way, is lost."""
        self.fell_silent.clear()
        self._cut = (direction, count, "SILENCE")

    def hold(self) -> None:
        """Keeps back what the next connection that sends something sends, and how it ends."""
        self._holds = True

    def release(self) -> None:
        """Lets it go on to the far end."""
        late, self._late = self._late, None
        assert late is not None and late.held is not None and late.peer is not None
        late.peer.write(b"".join(late.held))

    def mend(self) -> bool:
        """Forgets an order to cut. Returns whether it was still waiting."""
        waiting, self._cut = self._cut is not None, None
        return waiting

    async def end_all(self, how: Ending) -> None:
        """Ends every connection, and returns once that has happened."""
        ends = list(self._ends)
        for end in ends:
            end.end(how)
        await asyncio.gather(*[end.closed.wait() for end in ends])

    def watch(self) -> None:
        """Forgets what was relayed so far."""
        self.pieces.clear()

    def count(self, direction: Direction) -> int:
        """Bytes relayed in a direction since `watch`."""
        return sum(len(raw) for way, raw in self.pieces if way == direction)

    def records(self, direction: Direction) -> list[int]:
        """Bytes of each whole TLS record since `watch`, its header included."""
        raw = b"".join(each for way, each in self.pieces if way == direction)
        lengths = []
        while raw:
            lengths.append(5 + int.from_bytes(raw[3:5], "big"))
            raw = raw[lengths[-1] :]
        return lengths

    def round_trips(self) -> int:
        """How often the device sent and then waited, since `watch`."""
        ways = [way for way, _ in self.pieces]
        return sum(
            way == "request" and before != "request"
            for before, way in zip(["", *ways], ways, strict=False)
        )

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self.end_all("RST")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accepted(self, near: _End) -> None:
        assert near.transport is not None
        near.transport.pause_reading()
        self.connections += 1
        task = asyncio.ensure_future(self._connect(near))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, near: _End) -> None:
        assert near.transport is not None
        loop = asyncio.get_running_loop()
        try:
            _, far = await loop.create_connection(
                lambda: _End(self, "reply"), "127.0.0.1", self.far_port
            )
        except OSError:
            near.end("RST")
            return
        near.peer, far.peer = far, near
        self._ends = {end for end in self._ends if not end.transport.is_closing()}
        self._ends |= {near, far}
        if near.transport.is_closing():
            far.end("RST")
        else:
            near.transport.resume_reading()

    def _pass_on(self, source: _End, raw: bytes, direction: Direction) -> None:
        if source.is_silent:
            return
        if self._holds and direction == "request":
            self._holds, self._late, source.held = False, source, []
        if source.held is not None:
            source.held.append(raw)
            return
        how: Break | None = None
        if self._cut is not None and self._cut[0] == direction:
            _, left, ending = self._cut
            if len(raw) >= left:
                raw, how, self._cut = raw[:left], ending, None
            else:
                self._cut = (direction, left - len(raw), ending)
        if raw:
            self.pieces.append((direction, raw))
            source.peer.write(raw)
        if how == "SILENCE":
            source.is_silent = source.peer.is_silent = True
            self.fell_silent.set()
        elif how is not None:
            source.peer.end(how)
            source.end(how)


@contextlib.asynccontextmanager
async def relaying_to(port: int) -> AsyncIterator[Relay]:
    """A relay to a port of this machine."""
    relay = Relay(port)
    await relay.start()
    try:
        yield relay
    finally:
        await relay.close()
