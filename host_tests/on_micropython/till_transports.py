"""A till's requests over HTTP and its frames on a line, with plain arguments, for both Pythons."""

import asyncio

from milepad.base.compat import sleep_ms
from milepad.base.errors import HttpError
from milepad.pinpad import serial_line
from milepad.pinpad.frames import Frames
from milepad.pinpad.http_request import RequestParser


def received(pieces: list) -> tuple:
    """What comes of a request in these pieces: ("body", it) or ("refused", status line's end)."""
    parser = RequestParser()
    try:
        for piece in pieces:
            parser.feed(piece)
    except HttpError:
        return ("refused", parser.refusal)
    if not parser.done:
        return ("waits", parser.is_awaited)
    return ("body", bytes(parser.body))


class Uart:
    """Gives bytes as they are scripted; "" is a poll in which nothing has come."""

    def __init__(self, pieces, takes):
        self.pieces = list(pieces)
        self.takes = takes
        self.sent = b""

    def any(self):
        if self.pieces and self.pieces[0] == b"":
            self.pieces.pop(0)
            return 0
        return len(self.pieces[0]) if self.pieces else 0

    def read(self, count):
        if not self.pieces or not count:
            return None
        raw, self.pieces[0] = self.pieces[0][:count], self.pieces[0][count:]
        if not self.pieces[0]:
            self.pieces.pop(0)
        return raw

    def write(self, raw):
        count = min(self.takes, len(raw))
        self.sent += bytes(raw[:count])
        return count


class Service:
    """Answers each message in capitals, and stops everything at the message b"stop"."""

    def __init__(self):
        self.listeners = []
        self.refused = 0
        self.turn = asyncio.Lock()
        self.stopped = asyncio.Event()

    async def take(self, raw, tell=None):
        raw = bytes(raw)
        if raw == b"stop":
            self.stopped.set()
            return None
        return raw.upper()

    def disconnected(self, tell):
        pass


def on_a_line(pieces: list, takes: int = 1000) -> tuple:
    """(messages that the till got, how often something was refused) until "stop" came."""
    uart, service = Uart(pieces, takes), Service()

    async def play():
        line = asyncio.create_task(serial_line.serve(uart, service, lambda text: None))
        await service.stopped.wait()
        for _ in range(300):  # turns for whoever still sends
            await sleep_ms(0)
        line.cancel()

    asyncio.run(play())
    return [bytes(each) for each in Frames().feed(uart.sent)], service.refused
