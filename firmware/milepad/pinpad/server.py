"""Tills over TCP: frames in, frames out, several requests of a connection at a time.

A till may abort or ask for a status while its dialogue is under way, on the same connection. A
till that hangs up in mid-dialogue costs nothing: the dialogue goes on without it.
"""

import asyncio

from milepad.base.compat import TYPE_CHECKING, const, ticks_diff, ticks_ms, wait_for_ms
from milepad.base.errors import MessageError
from milepad.pinpad.frames import Frames, pack

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import Log
    from milepad.pinpad.protocols import Tell
    from milepad.pinpad.service import Service

CAPACITY = const(4)  # connections at a time
_MAX_PENDING = const(3)  # requests of one connection
_READ_BYTES = const(512)
_FRAME_MS = const(5000)  # within which a message that has begun is whole
_TURN_MS = const(20000)  # for which a large one waits, until others are whole
_FIRST_MS = const(10000)  # within which one that has come says what it wants
_IDLE_MS = const(600000)  # a till that vanished without a word frees its place
_SEND_MS = const(5000)


class Connection:
    """One till's. `reader` and `writer` are asyncio's."""

    first_ms = _FIRST_MS
    idle_ms = _IDLE_MS

    def __init__(self, service: "Service", reader: "Any", writer: "Any", log: "Log"):
        self._service = service
        self._reader = reader
        self._writer = writer
        self._log = log
        self._sending = asyncio.Lock()
        self._has_turn = False  # no other connection sends a large message
        self._pending: "list[asyncio.Task[None]]" = []
        self._tell: "Tell" = self._send_event

    async def run(self) -> None:
        """Serves it until it ends; what it asked for goes on."""
        frames = Frames()
        try:
            await self._read(frames)
        except MessageError as fault:
            self._service.refused += 1
            self._log("till: refused, %s" % fault)
        except asyncio.TimeoutError:
            self._log("till: a connection was silent")
        except (OSError, EOFError, ValueError):
            pass  # it broke; the till comes again
        finally:
            self._end_turn()
            self._service.disconnected(self._tell)

    async def _read(self, frames: Frames) -> None:
        """Takes messages until the till hangs up. Raises MessageError, TimeoutError, OSError."""
        begun_ms, idle_ms = ticks_ms(), self.first_ms
        while True:
            within = frames.is_within
            left_ms = _FRAME_MS - ticks_diff(ticks_ms(), begun_ms) if within else idle_ms
            raw = await wait_for_ms(self._reader.read(_READ_BYTES), max(1, left_ms))
            if not raw:
                return
            if not within:
                begun_ms = ticks_ms()
            messages = frames.feed(raw)
            while messages or frames.wants_turn:
                if messages:
                    self._begin(messages)
                    idle_ms = self.idle_ms
                else:
                    messages = await self._take_turn(frames)
                begun_ms = ticks_ms()
            if not frames.has_turn:
                self._end_turn()

    async def _take_turn(self, frames: Frames) -> list[bytearray]:
        """Waits until no other connection sends a large message; what is whole then."""
        if not self._has_turn:
            await wait_for_ms(self._service.turn.acquire(), _TURN_MS)
        self._has_turn = frames.has_turn = True
        return frames.feed(b"")

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._service.turn.release()

    def _begin(self, messages: list[bytearray]) -> None:
        """Has the first message served in a task of its own; nothing else holds it then."""
        self._pending = [task for task in self._pending if not task.done()]
        if len(self._pending) >= _MAX_PENDING:
            raise MessageError("too many requests at a time")
        self._pending.append(asyncio.create_task(self._serve([messages.pop(0)])))

    async def _serve(self, messages: list[bytearray]) -> None:
        try:
            answer = await self._service.take(messages.pop(), self._tell)
            if answer is not None:
                await self._send(answer)
        except Exception as fault:  # noqa: BLE001  (the top of a task)
            self._log("till: %s" % type(fault).__name__)

    def _send_event(self, message: bytes) -> None:
        """Sends an event, unless the line is taken."""
        if not self._sending.locked():
            asyncio.create_task(self._send(message))

    async def _send(self, message: bytes) -> None:
        async with self._sending:
            try:
                self._writer.write(pack(message))
                await wait_for_ms(self._writer.drain(), _SEND_MS)
            except (OSError, ValueError, asyncio.TimeoutError):
                pass  # the till is gone: it asks for the status when it is back
