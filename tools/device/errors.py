"""What ends the work on a device; the text is one line that says what happened and what to do."""

from __future__ import annotations


class DeviceError(Exception):
    """It did not work; the same command can be run again."""


class PortNameError(DeviceError):
    """What was named is no port of this machine's: another name has to be given."""


class LineError(DeviceError):
    """The connection broke off."""


def one_line(text: str) -> str:
    """A text from a device, short and plain enough to stand in a message."""
    last = text.strip().rpartition("\n")[2]
    return "".join(c if c.isprintable() else "?" for c in last.strip())[:160]
