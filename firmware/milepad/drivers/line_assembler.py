"""Bytes of a serial reader become whole lines, or a reason why not. Pure and bounded.

A line ends with CR, LF or CRLF. What a reader may send besides (noise on the wire, a flood,
half a line) is reported once for each line and never handed on as if it were one: half a
number must not be taken for another number.
"""

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from milepad.base.protocols import Emit


class LineAssembler:
    """Collects one line at a time.

    `kind` is what a good line is emitted as; `limit` the longest line in bytes.
    `takes_unterminated`: a reader set up without terminator ends its lines by silence;
    otherwise a line that silence ends is half a line, and noise.
    """

    def __init__(self, kind: str, limit: int, takes_unterminated: bool = False):
        self.kind = kind
        self.limit = limit
        self.takes_unterminated = takes_unterminated
        self._line = bytearray()
        self._dropping = False

    def feed(self, raw: bytes, emit: "Emit") -> None:
        """Takes the next bytes; calls `emit(kind, text)` for each line they complete.

        Calls `emit("noise", "too long")` or `emit("noise", "not text")` (a byte above 127)
        once for a line that is dropped, as soon as that is clear.
        """
        for code in raw:
            if code in (13, 10):
                self._end(emit)
            elif not self._dropping:
                if code > 127:
                    self._drop("not text", emit)
                elif len(self._line) == self.limit:
                    self._drop("too long", emit)
                else:
                    self._line.append(code)

    def silence(self, emit: "Emit") -> None:
        """The reader has been silent for so long that whatever it was sending is over."""
        if self._line and not self.takes_unterminated:
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
