"""What the field's most used library for an HD44780 sends for the same screens: RPLCD.

It is driven as its users drive it, clearing and writing what is not blank, on a bus that
counts. The address byte of each write counts, as it does for ours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType


class _Bus:
    """Stands for the I2C bus of a Raspberry Pi."""

    count_bytes = 0

    def __init__(self, _port: int) -> None:
        pass

    def write_byte(self, _address: int, _value: int) -> None:
        """A write of one byte: two on the wire."""
        _Bus.count_bytes += 2


def redraw_bytes(screens: Iterable[list[str]]) -> int:
    """Bytes on the bus for showing each screen of up to 4 rows of 20 letters anew."""
    smbus = ModuleType("smbus")
    smbus.SMBus = _Bus  # type: ignore[attr-defined]
    sys.modules["smbus"] = smbus
    from RPLCD.i2c import CharLCD

    display = CharLCD("PCF8574", 0x27, cols=20, rows=4, charmap="A00")
    _Bus.count_bytes = 0
    for rows in screens:
        display.clear()
        for row, text in enumerate(rows):
            display.cursor_pos = (row, 0)
            display.write_string(text.rstrip())
    return _Bus.count_bytes
