"""An NTP server on loopback that tells the time it is given, or nonsense, or nothing.

As a real one it sends the question's time stamp back; a reply without it is a stranger's.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable

_TO_1970_S = 2208988800

_ERA_S = 1 << 32

Reply = Callable[[bytes, int], bytes]  # what is sent for a question, given the Unix time


def right(question: bytes, unix_s: int) -> bytes:
    """A reply of version 4, mode 4, stratum 2."""
    stamp = struct.pack(">II", (unix_s + _TO_1970_S) % _ERA_S, 0)
    return b"\x24\x02\x06\xec" + bytes(12) + stamp + question[40:48] + stamp + stamp


def kiss_of_death(question: bytes, _: int) -> bytes:
    """Stratum 0 and no time: the server wants to be left alone."""
    return b"\x24\x00\x06\xec" + bytes(8) + b"RATE" + bytes(8) + question[40:48] + bytes(16)


def short(question: bytes, unix_s: int) -> bytes:
    """A reply that was cut off."""
    return right(question, unix_s)[:20]


def mute(_: bytes, __: int) -> bytes:
    """No reply at all."""
    return b""


class TimeServer:
    """Serves until `close`; `reply` may be changed meanwhile."""

    def __init__(self, now_s: Callable[[], int]) -> None:
        self.reply: Reply = right
        self.asked = 0
        self._now_s = now_s
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            question, peer = self._socket.recvfrom(512)
            if not question:  # only `close` sends nothing
                return
            self.asked += 1
            reply = self.reply(question, self._now_s())
            if reply:
                self._socket.sendto(reply, peer)

    def close(self) -> None:
        """Ends it."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()
