"""HTTP exchanges over the one kept connection: a POST goes out, a reply comes back.

One exchange is one copy of a request. This module never sends twice; the session decides
about a second copy. It reads no clock but the ticks, and no JSON.
"""

import asyncio

from milepad.base.compat import (
    TYPE_CHECKING,
    const,
    sleep_ms,
    ticks_diff,
    ticks_ms,
    wait_for_ms,
)
from milepad.base.errors import HttpError, NoAnswerError
from milepad.link.http import ReplyParser, encode_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.link.protocols import Headers, Transport, Url

_READ_BYTES = const(256)

IDLE = "idle"
CONNECTING = "connecting"
WAITING = "waiting"


class Client:
    """POSTs to https origins. `stage` tells a waiting screen what is going on."""

    def __init__(self, connection: "Transport", reply_ms: int, idle_ms: int):
        self._connection = connection
        self._reply_ms = reply_ms
        self._idle_ms = idle_ms
        self._used_ms = ticks_ms()
        self.stage = IDLE

    async def post(
        self,
        url: "Url",
        headers: "Headers",
        body: bytes,
        may_leave: "Callable[[], bool] | None" = None,
    ) -> ReplyParser:
        """Sends `body` to url = (host, port, path); the whole reply, or an error.

        `may_leave` is asked when the way is open, just before the first byte. Raises
        NotSentError when nothing left that could be acted on, NoAnswerError when something
        left and no well-formed reply came within the reply's deadline.
        """
        host, port, path = url
        name = host if port == 443 else "%s:%d" % (host, port)
        buffer, count = encode_request(path, name, headers, body)
        reply = None
        self.stage = CONNECTING
        try:
            if ticks_diff(ticks_ms(), self._used_ms) > self._idle_ms:
                self._connection.close()
            await sleep_ms(0)  # a close that has arrived is seen before the check for life
            raw = memoryview(buffer)[:count]
            await self._connection.send((host, port), raw, may_leave)
            self.stage = WAITING
            try:
                reply = await wait_for_ms(self._receive(buffer), self._reply_ms)
            except MemoryError:
                raise NoAnswerError("no memory for the reply")
            return reply
        except asyncio.TimeoutError:
            raise NoAnswerError("no reply within %d s" % (self._reply_ms // 1000))
        except HttpError as fault:
            raise NoAnswerError("the reply: %s" % fault)
        finally:
            self.stage = IDLE
            self._used_ms = ticks_ms()
            if reply is None or not reply.keep_alive:
                self._connection.close(failed=reply is None)

    async def _receive(self, buffer: bytearray) -> ReplyParser:
        parser = ReplyParser(buffer)
        while not parser.done:
            raw = await self._connection.receive(_READ_BYTES)
            if not raw:
                parser.end()
            parser.feed(raw)
        return parser

    @property
    def sent(self) -> bool:
        """Whether the last request may be with the peer."""
        return self._connection.sent

    def close(self) -> None:
        """Drops the kept connection."""
        self._connection.close()
