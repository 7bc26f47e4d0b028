"""A barcode scanner on a UART: a line for each code, whatever the code means."""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.drivers.line_assembler import LineAssembler
from milepad.drivers.serial_lines import SerialLines

if TYPE_CHECKING:
    from milepad.drivers.protocols import UartInput

_LIMIT_BYTES = const(128)


class SerialScanner(SerialLines):
    """Emits `("scan", text)` for each code, `("noise", reason)` for what was no line.

    `takes_unterminated`: for a scanner set up to send no terminator.
    """

    def __init__(
        self, uart: "UartInput", idle_ms: int = 150, takes_unterminated: bool = False
    ):
        lines = LineAssembler("scan", _LIMIT_BYTES, takes_unterminated)
        super().__init__(uart, lines, idle_ms)
