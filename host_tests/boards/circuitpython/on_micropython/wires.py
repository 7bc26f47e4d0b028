"""The board's wires, as frames over one TCP connection: the virtual chips are at its other end.

The frames are those of `tools/handheld/frames.py`. They come in whenever a port is looked at.
"""

import socket
import struct
import sys
import time

_RECEIVE_BYTES = 512
_ANSWER_MS = 20000
# The driver looks twice at a key that goes down and four times at one that goes up. Until then
# the wires stay as they are, however busy the desktop is.
_LOOKS = 5


class Wires:
    """What the chips send lies here until a port takes it."""

    def __init__(self, port):
        self._socket = socket.socket()
        self._socket.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
        self._socket.setblocking(False)
        self._waiting = b""
        self.received = {}  # port: bytes
        self.closed_keys = set()
        self._keys = []  # that will go down or up
        self.looks_left = 0  # of the keypad's driver, until another key may go down or up
        self.wifi = True
        self.asked = None  # the port of a chip that has been asked something
        self.on_look = None  # called whenever a port is looked at

    def send(self, kind, raw):
        self._socket.setblocking(True)
        self._socket.write(kind + struct.pack(">H", len(raw)) + raw)
        self._socket.setblocking(False)

    def send_i2c(self, address, raw):
        self.send(b"I", struct.pack(">BI", address, time.ticks_us() & 0xFFFFFFFF) + raw)

    def look(self):
        """Takes in what has come; the end of the connection is the end of the power."""
        while True:
            try:
                raw = self._socket.recv(4096)
            except OSError:
                break
            if not raw:
                sys.exit(0)
            self._waiting += raw
        while len(self._waiting) >= 3:
            length = self._waiting[1] << 8 | self._waiting[2]
            if len(self._waiting) < 3 + length:
                break
            frame, self._waiting = self._waiting[: 3 + length], self._waiting[3 + length :]
            self._take(frame[:1], frame[3:])
        if self._keys and not self.looks_left:
            self._turn(self._keys.pop(0))
        if self.on_look:
            self.on_look()

    def await_answer(self, port):
        """The chip at the other end answers a question at once, though its desktop is busy."""
        if self.asked == port:
            self.asked = None
            for _ in range(_ANSWER_MS):
                self.look()
                if self.received.get(port):
                    break
                time.sleep_ms(1)

    def _take(self, kind, raw):
        if kind == b"U":
            kept = self.received.get(raw[0], b"") + raw[1:]
            self.received[raw[0]] = kept[:_RECEIVE_BYTES]  # the rest is lost, as on a chip
        elif kind == b"K":
            self._keys.append(raw)
        elif kind == b"W":
            self.wifi = bool(raw[0])

    def _turn(self, raw):
        """A key goes down or up."""
        key = (raw[0], raw[1])
        (self.closed_keys.add if raw[2] else self.closed_keys.discard)(key)
        self.looks_left = _LOOKS
