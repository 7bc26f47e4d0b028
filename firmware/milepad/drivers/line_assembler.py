"""Bytes of a serial reader become whole lines, or a reason why not. Pure and bounded.

A line ends with CR, LF, TAB or ETX, and begins with STX where a reader sends it. What a reader
may send besides (noise on the wire, a flood, half a line) is reported once for each line and
never handed on as if it were one: half a number must not be taken for another number.
"""

from milepad.base.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from milepad.base.protocols import Emit

_ENDS = b"\r\n\t\x03"
_STX = const(2)
_WAKE_UP = b"\0\xff"  # what a reader's line gives while its power comes


class LineAssembler:
    """Collects one line at a time.

    `kind` is what a good line is emitted as; `limit` the longest line in bytes.
    `ends_by_silence`: silence always ends a line. Otherwise it does until the reader has sent
    a line with a terminator: after that, a line without one is half a line, and noise.
    """

    def __init__(self, kind: str, limit: int, ends_by_silence: bool = False):
        self.kind = kind
        self.limit = limit
        self.ends_by_silence = ends_by_silence
        self._is_terminated = False
        self._line = bytearray()
        self._dropping = False

    def feed(self, raw: bytes, emit: "Emit") -> None:
        """Takes the next bytes; calls `emit(kind, text)` for each line they complete.

        Calls `emit("noise", "too long")` or `emit("noise", "not text")` (a byte above 127)
        once for a line that is dropped, as soon as that is clear.
        """
        for code in raw:
            if code in _ENDS:
                self._is_terminated = self._is_terminated or bool(self._line)
                self._end(emit)
            elif code == _STX:
                self.silence(emit)
            elif not (self._dropping or (code in _WAKE_UP and not self._line)):
                if code > 127:
                    self._drop("not text", emit)
                elif len(self._line) == self.limit:
                    self._drop("too long", emit)
                else:
                    self._line.append(code)

    def silence(self, emit: "Emit") -> None:
        """The reader has been silent for so long that whatever it was sending is over."""
        if self._line and self._is_terminated and not self.ends_by_silence:
            self._drop("half a line", emit)
        self._end(emit)

    def _end(self, emit: "Emit") -> None:
        line, self._line = self._line, bytearray()
        self._dropping = False
        if line:
            emit(self.kind, line.decode())

    def _drop(self, reason: str, emit: "Emit") -> None:
        self._line = bytearray()
        self._dropping = True
        emit("noise", reason)
