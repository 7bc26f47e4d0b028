"""Opens the port of a device, by any name that `mpremote connect` takes."""

from __future__ import annotations

import os
import termios
from pathlib import Path
from types import SimpleNamespace

from mpremote import commands
from mpremote.transport import TransportError

from tools.device.errors import DeviceError, PortNameError
from tools.device.port import Port, Stopped, never


def connect(name: str, is_stopped: Stopped = never) -> Port:
    """`/dev/ttyACM0`, `COM3`, `id:SERIAL`, `auto`, `socket://HOST:PORT`. Raises DeviceError."""
    state = SimpleNamespace(transport=None, did_action=lambda: None)
    try:
        if name == "list":  # which mpremote would print instead of opening anything
            raise ValueError
        commands.do_connect(state, SimpleNamespace(device=[name]))
    except (commands.CommandError, TransportError, OSError, ValueError, termios.error):
        no_port = _no_port(name)
        if no_port:
            raise PortNameError(f"{name}: {no_port}") from None
        raise DeviceError(f"{name}: {_why_not(name)}") from None
    return Port(name, state.transport, is_stopped)


def _no_port(name: str) -> str:
    """What a name is that is no port's; "" of one that may be."""
    if not name or (os.name == "posix" and not Path(name).exists()):
        return (
            "there is no such port; `.venv/bin/mpremote connect list` shows what is there"
        )
    if Path(name).is_dir():
        return "that is a folder, and this board is reached over a serial port"
    if Path(name).is_file():
        return "that is a file, and a board is reached over a serial port"
    return ""


def _why_not(name: str) -> str:
    if os.name == "posix" and not os.access(name, os.R_OK | os.W_OK):
        return "this user may not open it; on Linux: sudo usermod -aG dialout $USER"
    return "it cannot be opened: close the other program that uses it"
