"""What runs on this board."""

import sys


def identity() -> list[object]:
    """The Python, its version, the version of .mpy that it loads (0: none) and the port."""
    python = sys.implementation
    version = ".".join([str(number) for number in python.version[:3]])
    return [python.name, version, getattr(python, "_mpy", 0) & 0xFF, sys.platform]
