"""The Wi-Fi access point: a TCP relay that can go away, count bytes, and cut a connection.

The board connects here, sends one line `CONNECT host port`, and from then on its bytes are
relayed to that host. While the access point is down nothing is relayed: open connections
hang as they do in the air, and go on when it is up again; new ones are reset.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Literal

Direction = Literal["sent", "received"]  # by the handheld

_PIECE = 4096
_LONGEST_LINE = 300
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s


class _Cut(Exception):
    """The byte count of `cut_after` is reached."""


def _reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST instead of FIN."""
    endpoint = writer.get_extra_info("socket")
    if endpoint is not None and endpoint.fileno() >= 0:
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.transport.abort()


class AccessPoint:
    """One access point on a loopback port; its counters of bytes and links only grow."""

    def __init__(self) -> None:
        self.sent = 0
        self.received = 0
        self.connections = 0
        self.refused = 0
        self._server: asyncio.Server | None = None
        self._on_air = asyncio.Event()
        self._on_air.set()
        self._open: set[asyncio.Task[None]] = set()
        self._cuts: dict[str, int] = {}

    async def start(self, port: int = 0) -> None:
        """Begins to listen on the loopback interface; 0: on any free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)

    @property
    def port(self) -> int:
        """The TCP port that the board connects to."""
        if self._server is None:
            raise RuntimeError("the access point has not been started")
        number: int = self._server.sockets[0].getsockname()[1]
        return number

    @property
    def is_up(self) -> bool:
        """Whether it can be heard."""
        return self._on_air.is_set()

    def up(self) -> None:
        """Relays, and accepts new connections."""
        self._on_air.set()

    def down(self) -> None:
        """Stops relaying; nothing is closed."""
        self._on_air.clear()

    def cut_after(self, direction: Direction, byte_count: int) -> None:
        """Resets a connection, both ends, when exactly so many more bytes were relayed.

        Counts from this call on, over all connections, in one direction; acts once. With 0
        the next connection that has a byte to relay is reset before it is relayed.
        """
        self._cuts[direction] = byte_count

    async def close(self) -> None:
        """Resets what is open and stops listening."""
        if self._server is not None:
            self._server.close()
            await asyncio.sleep(0)  # one that was just accepted is among the open ones then
        self.drop_connections()
        await asyncio.gather(*self._open, return_exceptions=True)

    def drop_connections(self) -> None:
        """Resets every open connection: the handheld has lost its power."""
        for task in self._open:
            task.cancel()

    async def _accept(
        self, near: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if not self.is_up:
            self.refused += 1
            _reset(writer)
            return
        task = asyncio.ensure_future(self._serve(near, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        # One that is cancelled before it begins never comes to its own end.
        task.add_done_callback(lambda _: _reset(writer))

    async def _serve(
        self, near: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        far_writer = None
        try:
            host, port = await self._asked_for(near)
            far, far_writer = await self._connect(host, port)
            await self._relay_both(near, writer, far, far_writer)
        except (OSError, ValueError, _Cut, asyncio.IncompleteReadError):
            pass  # whatever ended it, both ends see a reset
        finally:
            if far_writer is not None:
                _reset(far_writer)

    async def _asked_for(self, near: asyncio.StreamReader) -> tuple[str, int]:
        line = await near.readuntil(b"\n")
        if len(line) > _LONGEST_LINE:
            raise ValueError("the CONNECT line is too long")
        word, host, port = line.decode("ascii").split()
        if word != "CONNECT":
            raise ValueError("a connection begins with CONNECT host port")
        return host, int(port)

    async def _connect(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(host, port)

    async def _relay_both(
        self,
        near: asyncio.StreamReader,
        near_writer: asyncio.StreamWriter,
        far: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Until both directions have ended by themselves, or one with an error."""
        ways = [
            asyncio.ensure_future(self._relay(near, far_writer, "sent")),
            asyncio.ensure_future(self._relay(far, near_writer, "received")),
        ]
        try:
            await asyncio.gather(*ways)
        finally:
            for way in ways:
                way.cancel()
        for end in (near_writer, far_writer):
            with contextlib.suppress(OSError):
                end.close()
                await end.wait_closed()

    async def _relay(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        direction: Direction,
    ) -> None:
        while raw := await reader.read(_PIECE):
            await self._on_air.wait()
            raw, cut = self._limited(raw, direction)
            writer.write(raw)
            if direction == "sent":
                self.sent += len(raw)
            else:
                self.received += len(raw)
            await writer.drain()
            if cut:
                raise _Cut
        await self._on_air.wait()
        if writer.can_write_eof():
            writer.write_eof()

    def _limited(self, raw: bytes, direction: str) -> tuple[bytes, bool]:
        """The part of `raw` that may pass, and whether the connection is cut after it."""
        left = self._cuts.get(direction)
        if left is None:
            return raw, False
        if len(raw) < left:
            self._cuts[direction] = left - len(raw)
            return raw, False
        del self._cuts[direction]
        return raw[:left], True
