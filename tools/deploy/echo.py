"""Asks a board to call the platform once: Wi-Fi, clock, TLS, token, ECHO, all its own.

Nothing of this moves miles. What comes back is the outcome in words that hold no secret.
"""

from __future__ import annotations

from typing import NamedTuple

from tools.device.errors import DeviceError, one_line
from tools.device.port import Port

_WAIT_S = 180  # Wi-Fi, then two copies of two requests, each with its own deadlines


class Echo(NamedTuple):
    """What came of it."""

    approved: bool
    text: str


def ask(port: Port) -> Echo:
    """Runs it on the board. Raises DeviceError when the board itself fails."""
    answer = port.call("echo", timeout_s=_WAIT_S)
    if not (isinstance(answer, list) and len(answer) == 3):
        raise DeviceError(f"{port.name}: the board says nothing about its ECHO")
    kind, code, reason = (one_line(str(part)) for part in answer)
    detail = " ".join(part for part in (code, reason) if part)
    words = kind.replace("_", " ") + (f" ({detail})" if detail else "")
    return Echo(kind == "approved", words)
