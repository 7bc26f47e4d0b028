"""What runs on this board, and which one it is."""

import sys
from binascii import hexlify

import machine


def identity() -> list[object]:
    """The Python, its version, the version of .mpy that it loads (0: none), the port, and the
    chip's serial number in hex ("": it tells none)."""
    python = sys.implementation
    version = ".".join([str(number) for number in python.version[:3]])
    unique_id = getattr(machine, "unique_id", bytes)()
    serial_number = hexlify(unique_id).decode()
    return [
        python.name,
        version,
        getattr(python, "_mpy", 0) & 0xFF,
        sys.platform,
        serial_number,
    ]
