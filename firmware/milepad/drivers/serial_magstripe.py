"""A magstripe reader that sends `%B...^...^...?;...=...?` as a line on a UART."""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.drivers.line_assembler import LineAssembler
from milepad.drivers.serial_lines import SerialLines

if TYPE_CHECKING:
    from milepad.drivers.protocols import UartInput

_LIMIT_BYTES = const(256)  # three tracks of 79 + 40 + 107 characters and their sentinels


class SerialMagstripe(SerialLines):
    """Emits `("swipe", text)` for each card, `("noise", reason)` for what was no line."""

    def __init__(
        self, uart: "UartInput", idle_ms: int = 150, takes_unterminated: bool = False
    ):
        lines = LineAssembler("swipe", _LIMIT_BYTES, takes_unterminated)
        super().__init__(uart, lines, idle_ms)
