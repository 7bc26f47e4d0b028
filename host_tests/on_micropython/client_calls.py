"""The HTTP client over a scripted connection: what it sends, reads and closes."""

import asyncio

from milepad.base.errors import MilepadError, NotSentError
from milepad.link import client as client_module
from milepad.link.client import Client

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class ScriptedConnection:
    """Stands for the TLS connection. A piece is bytes, "stall", "full" (heap) or an
    error's name."""

    def __init__(self, pieces):
        self._pieces = list(pieces)
        self.log = []
        self.sent = False

    async def send(self, origin, raw, may_leave=None):
        self.sent = False
        if self._pieces and self._pieces[0] == "refuse":
            raise NotSentError("refused")
        self.sent = True
        self.log.append(("send", origin, bytes(raw)))

    async def receive(self, count):
        piece = self._pieces.pop(0) if self._pieces else b""
        if piece == "stall":
            await asyncio.sleep(60)
        if piece == "full":
            raise MemoryError("no room for c3VwZXJzZWNyZXQ")
        if piece == "dribble":
            self._pieces.insert(0, "dribble")
            await asyncio.sleep(0.01)
            return b"H" if len(self.log) == 1 and not self.log.append(("first",)) else b"T"
        return piece

    def close(self, failed=False):
        self.log.append(("close",))


def posted(pieces: list, posts: int, options: dict) -> dict:
    """POSTs `posts` times; each answer as (status, body, keep_alive) or an error's class.

    Options: reply_ms, idle_ms, port.
    """
    connection = ScriptedConnection(pieces)
    answers = []

    async def play():
        client = Client(
            connection, options.get("reply_ms", 60000), options.get("idle_ms", 60000)
        )
        for _ in range(posts):
            try:
                url = ("h", options.get("port", 443), "/p")
                reply = await client.post(url, [("X", "1")], b"{}")
                answers.append((reply.status, bytes(reply.body), reply.keep_alive))
            except MilepadError as fault:
                answers.append((type(fault).__name__, str(fault)))
            assert client.stage == "idle"
            if options.get("idle_ms", 0) < 0:
                await asyncio.sleep(0)

    asyncio.run(play())
    return {"answers": answers, "log": connection.log}


def stage_at_first() -> str:
    """What a waiting screen is told before the first exchange."""
    return Client(ScriptedConnection([]), 5000, 5000).stage


def after_pauses(pauses_ms: list, idle_ms: int) -> list:
    """POSTs after each of these pauses, on a clock of the test's own; the names of the log."""
    now_ms = [1000]
    connection = ScriptedConnection([OK] * len(pauses_ms))
    ticks_ms = client_module.ticks_ms
    client_module.ticks_ms = lambda: now_ms[0]

    async def play():
        client = Client(connection, 5000, idle_ms)
        for pause_ms in pauses_ms:
            now_ms[0] += pause_ms
            await client.post(("h", 443, "/p"), [], b"{}")

    try:
        asyncio.run(play())
    finally:
        client_module.ticks_ms = ticks_ms
    return [row[0] for row in connection.log]


def after_a_close_arrived() -> list:
    """The order in which a close by the peer, already here, and the next send are seen."""
    connection = ScriptedConnection([OK])

    async def closed_by_the_peer():
        connection.log.append(("peer closed",))

    async def play():
        client = Client(connection, 5000, 5000)
        close = asyncio.create_task(closed_by_the_peer())
        await client.post(("h", 443, "/p"), [], b"{}")
        await close

    asyncio.run(play())
    return [row[0] for row in connection.log]
