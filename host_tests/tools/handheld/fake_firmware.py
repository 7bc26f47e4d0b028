"""A firmware of a few lines for the tests of `Device`: frames on stdin and stdout, nothing else.

`fake_firmware.py SCENARIO SETTINGS`. It counts its boots in the flash file, shows the count, and
answers every key with a click, the key's place on the display and, for row 4, a slip.
"""

import json
import os
import sys
import time

E, LIGHT = 0x04, 0x08
WAKE_UP = ((0x3, 5000), (0x3, 200), (0x3, 100), (0x2, 100))


def packed(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame."""
    return kind + len(payload).to_bytes(2, "big") + payload


def frame(kind: bytes, payload: bytes = b"") -> None:
    """One frame to the desktop, at once."""
    write(packed(kind, payload))


def write(raw: bytes) -> None:
    """Bytes to the desktop, at once."""
    while raw:
        raw = raw[os.write(1, raw) :]


def wanted(count: int) -> bytes:
    """Exactly so many bytes from the desktop; ends the process with its input."""
    raw = b""
    while len(raw) < count:
        more = os.read(0, count - len(raw))
        if not more:
            sys.exit(0)
        raw += more
    return raw


class Display:
    """Just enough of a driver; its clock is made up, so nothing has to wait.

    A text comes to the desktop in one piece, whoever else has the machine meanwhile.
    """

    def __init__(self) -> None:
        self.ticks_us = 0
        self.waiting = b""

    def nibbles(self, values: list[int], rs: int, wait_us: int) -> None:
        """Nibbles in one transfer."""
        raw = b""
        for value in values:
            lines = value << 4 | rs | LIGHT
            raw += bytes((lines, lines | E, lines))
        self.waiting += packed(b"I", b"\x27" + self.ticks_us.to_bytes(4, "big") + raw)
        self.ticks_us += wait_us

    def byte(self, code: int, rs: int = 0, wait_us: int = 50) -> None:
        """One instruction or character."""
        self.nibbles([code >> 4, code & 15], rs, wait_us)

    def start(self) -> None:
        """Wakes the display up and clears it."""
        for value, wait_us in WAKE_UP:
            self.nibbles([value], 0, wait_us)
        for code in (0x28, 0x01, 0x06, 0x0C):
            self.byte(code, 0, 1600)

    def text(self, letters: str) -> None:
        """The first row."""
        self.byte(0x80)
        for letter in letters:
            self.byte(ord(letter), 1)
        write(self.waiting + packed(b"D"))
        self.waiting = b""


def main() -> None:
    """Plays the scenario."""
    scenario, settings = sys.argv[1], json.loads(sys.argv[2])
    with open(settings["flash"], "ab+") as flash:
        flash.write(b"b")
        boots = flash.tell()
    if scenario == "die":
        sys.exit(3)
    if scenario == "print":
        os.write(1, b"Traceback: this is no frame\n")
        time.sleep(60)
    display = Display()
    display.start()
    display.text(f"boot {boots}")
    frame(b"L", b"port %d" % settings["access_point_port"])
    frame(b"R")
    serve(display)


def serve(display: Display) -> None:
    """Answers what the desktop sends until it sends no more."""
    while True:
        head = wanted(3)
        payload = wanted(int.from_bytes(head[1:], "big"))
        if head[:1] == b"K" and payload[2]:
            frame(b"B", (4000).to_bytes(2, "big"))
            frame(b"B", b"\0\0")
            display.text(f"key {payload[0]},{payload[1]}")
            if payload[0] == 4:
                frame(b"U", b"\x00\x1b@\x1c.slip\n\x1dV\x00")
        elif head[:1] == b"K":
            frame(b"L", b"released")
        else:
            frame(b"L", head[:1] + b" " + payload)


main()
