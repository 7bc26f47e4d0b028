"""What serial readers have in common: a UART is polled, its bytes become lines."""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms, ticks_diff, ticks_ms
from milepad.drivers.line_assembler import LineAssembler

if TYPE_CHECKING:
    from milepad.base.protocols import Emit
    from milepad.drivers.protocols import UartInput

_POLL_MS = const(10)
_BUSY_POLL_MS = const(3)  # in a line: its end is waited for
_SLICE_BYTES = const(64)


class SerialLines:
    """A reader on `uart` (`any`, `read`) whose lines `assembler` puts together.

    `idle_ms`: a pause this long within a line ends it (see LineAssembler).
    """

    def __init__(self, uart: "UartInput", assembler: LineAssembler, idle_ms: int = 150):
        self.idle_ms = idle_ms
        self._uart = uart
        self._assembler = assembler
        self._busy = False  # bytes came since the last silence
        self._silent_ms = 0
        self._last_ms = 0

    async def run(self, emit: "Emit") -> None:
        """Reads for ever; `emit(kind, text)` is called as LineAssembler says."""
        while True:
            self.poll(emit, ticks_ms())
            await sleep_ms(_BUSY_POLL_MS if self._busy else _POLL_MS)

    def poll(self, emit: "Emit", now_ms: int) -> None:
        """Takes what has arrived by `now_ms` (of `ticks_ms`)."""
        waiting = self._uart.any()
        elapsed_ms, self._last_ms = ticks_diff(now_ms, self._last_ms), now_ms
        if waiting:
            self._busy = True
            self._silent_ms = 0
            while waiting > 0:
                raw = self._uart.read(min(waiting, _SLICE_BYTES))
                self._assembler.feed(raw or b"", emit)
                waiting -= _SLICE_BYTES
        elif self._busy:
            # A pause of the program (a handshake, say) is no silence of the reader.
            self._silent_ms += min(elapsed_ms, 2 * _POLL_MS)
            if self._silent_ms >= self.idle_ms:
                self._busy = False
                self._assembler.silence(emit)
