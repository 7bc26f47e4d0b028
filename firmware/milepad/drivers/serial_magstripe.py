"""A magstripe reader that sends `%B...^...^...?;...=...?` on a UART, in one line or in several.

Many readers end every track with a terminator of its own, the empty and the unread ones too,
so that a swipe is two or three lines; it is over when the reader is silent.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.drivers.line_assembler import LineAssembler
from milepad.drivers.serial_lines import SerialLines

if TYPE_CHECKING:
    from milepad.base.protocols import Emit
    from milepad.drivers.protocols import UartInput

_LIMIT_BYTES = const(256)  # three tracks of 79 + 40 + 107 characters and their sentinels


class SerialMagstripe(SerialLines):
    """Emits `("swipe", text)` for each card, `("noise", reason)` where nothing was text.

    A line with two tracks is a card at once. `idle_ms`: a pause this long ends a swipe.
    """

    def __init__(self, uart: "UartInput", idle_ms: int = 150):
        # A torn track lacks its end sentinel, so half a line cannot be taken for a whole one.
        super().__init__(uart, LineAssembler("swipe", _LIMIT_BYTES, True), idle_ms)
        self._text = ""  # of the swipe that goes on
        self._reason = ""  # why a line of it was dropped
        self._is_whole = False

    def poll(self, emit: "Emit", now_ms: int) -> None:
        """Takes what has arrived by `now_ms` (of `ticks_ms`)."""
        super().poll(self._take, now_ms)
        text, reason = self._text, self._reason
        if (text or reason) and (self._is_whole or not self._busy):
            self._text = self._reason = ""
            self._is_whole = False
            emit("swipe" if text else "noise", text or reason)

    def _take(self, kind: str, text: str) -> None:
        if kind == "noise":
            self._reason = text
        elif len(self._text) + len(text) > _LIMIT_BYTES:
            self._reason = "too long"
        else:
            self._text += text
            self._is_whole = text.count("?") > 1
