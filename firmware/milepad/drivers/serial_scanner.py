"""A barcode scanner on a UART: a line for each code, whatever the code means."""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.drivers.line_assembler import LineAssembler
from milepad.drivers.serial_lines import SerialLines

if TYPE_CHECKING:
    from milepad.drivers.protocols import UartInput

_LIMIT_BYTES = const(128)


class SerialScanner(SerialLines):
    """Emits `("scan", text)` for each code, `("noise", reason)` for what was no line.

    A pause of `idle_ms` ends the code of a scanner that is set up to send no terminator.
    """

    def __init__(self, uart: "UartInput", idle_ms: int = 150):
        super().__init__(uart, LineAssembler("scan", _LIMIT_BYTES), idle_ms)
