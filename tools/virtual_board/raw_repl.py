"""A board's console as mpremote and people know it: the friendly and the raw REPL, without I/O.

Bytes from the cable go in; what is to be done comes out: bytes for the cable, code to execute,
a soft reset, an interrupt. Source: MicroPython's documentation, "The MicroPython Interactive
Interpreter Mode (aka REPL)", raw mode and raw-paste mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

BANNER_RAW = b"raw REPL; CTRL-B to exit\r\n"
SOFT_REBOOT = b"MPY: soft reboot\r\n"
PROMPT = b">>> "
_WINDOW_BYTES = 1024
_CTRL_A, _CTRL_B, _CTRL_C, _CTRL_D, _CTRL_E = b"\x01", b"\x02", b"\x03", b"\x04", b"\x05"

Kind = Literal["say", "raw", "friendly", "soft_reset", "interrupt", "input"]


class Action(NamedTuple):
    """What the board does next; `raw` is what to say, to execute or to hand to the program."""

    kind: Kind
    raw: bytes = b""


class Repl:
    """The state of one console. `running` begins with a start of the chip."""

    def __init__(self, banner: bytes) -> None:
        self.running = True
        self.banner = banner
        self._raw_mode = False
        self._paste_left = -1  # -1: not in raw-paste mode
        self._line = b""
        self._waiting = b""  # typed while a program was being interrupted
        self.is_interrupted = False

    def feed(self, data: bytes) -> Iterator[Action]:
        """Takes what came over the cable."""
        for value in data:
            if self.is_interrupted:
                self._waiting += bytes((value,))
                if value == _CTRL_C[0]:
                    yield Action("interrupt")  # what runs may have outlived the one before
            else:
                yield from self._take(bytes((value,)))

    def _take(self, c: bytes) -> Iterator[Action]:
        if self.running:
            if c == _CTRL_C:
                self.is_interrupted = True
                yield Action("interrupt")
            else:
                yield Action("input", c)
        elif self._paste_left >= 0:
            yield from self._paste(c)
        elif self._raw_mode:
            yield from self._raw(c)
        else:
            yield from self._friendly(c)

    def _raw(self, c: bytes) -> Iterator[Action]:
        if c == _CTRL_A and self._line == _CTRL_E + b"A":
            self._line, self._paste_left = b"", _WINDOW_BYTES
            yield Action("say", b"R\x01" + _WINDOW_BYTES.to_bytes(2, "little") + b"\x01")
        elif c == _CTRL_A:
            self._line = b""
            yield Action("say", BANNER_RAW + b">")
        elif c == _CTRL_B:
            self._raw_mode, self._line = False, b""
            yield Action("say", b"\r\n" + self.banner + PROMPT)
        elif c == _CTRL_C:
            self._line = b""
        elif c != _CTRL_D:
            self._line += c
        elif self._line:
            yield Action("say", b"OK")
            yield self._execute("raw")
        else:
            self.running = True
            yield Action("say", b"OK\r\n" + SOFT_REBOOT)
            yield Action("soft_reset")

    def _paste(self, c: bytes) -> Iterator[Action]:
        if c == _CTRL_D:
            self._paste_left = -1
            yield Action("say", _CTRL_D)
            yield self._execute("raw")
        elif c == _CTRL_C:
            self._paste_left, self._line = -1, b""
            yield Action("say", b"\x04\x04>")
        else:
            self._line += c
            self._paste_left -= 1
            if not self._paste_left:
                self._paste_left = _WINDOW_BYTES
                yield Action("say", b"\x01")

    def _friendly(self, c: bytes) -> Iterator[Action]:
        if c == _CTRL_A:
            self._raw_mode, self._line = True, b""
            yield Action("say", BANNER_RAW + b">")
        elif c == _CTRL_B:
            self._line = b""
            yield Action("say", b"\r\n" + self.banner + PROMPT)
        elif c == _CTRL_C:
            self._line = b""
            yield Action("say", b"\r\n" + PROMPT)
        elif c == _CTRL_D and not self._line:
            self.running = True
            yield Action("say", b"\r\n" + SOFT_REBOOT)
            yield Action("soft_reset")
        elif c in b"\r\n":
            yield from self._enter()
        elif c >= b" ":
            self._line += c
            yield Action("say", c)

    def _enter(self) -> Iterator[Action]:
        yield Action("say", b"\r\n")
        if self._line:
            yield self._execute("friendly")
        else:
            yield Action("say", PROMPT)

    def _execute(self, kind: Kind) -> Action:
        code, self._line = self._line, b""
        self.running = True
        return Action(kind, code)

    @property
    def is_raw(self) -> bool:
        """Whether a soft reset leaves out `main.py`."""
        return self._raw_mode

    def done(self, problem: bytes, fresh: bool) -> Iterator[Action]:
        """The program ended with this traceback (or none). `fresh`: the chip has just started."""
        self.running = self.is_interrupted = False
        if fresh:
            yield Action("say", BANNER_RAW + b">" if self._raw_mode else b"")
        elif self._raw_mode:
            yield Action("say", b"\x04" + problem + b"\x04>")
        if not self._raw_mode:
            yield Action("say", problem + (self.banner if fresh else b"") + PROMPT)
        waiting, self._waiting = self._waiting, b""
        yield from self.feed(waiting)
