"""The headless program: events come in as JSON lines, what happens goes out as JSON lines.

Bad input ends the program: the caller gets EventError with the line's number. The end of
the input is a quit.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from tools import program
from tools.handheld import inputs
from tools.handheld.device import Device
from tools.handheld.events import (
    LONGEST_LINE,
    OF_THE_PLATFORM,
    OF_THE_TILL,
    Event,
    EventError,
    Outgoing,
    dump,
    parse,
)
from tools.handheld.screens import USUAL_S
from tools.handheld.wiring import Setup


def _read(fd: int) -> bytes:
    """What has come in; what cannot be read, such as a folder, is at its end."""
    try:
        return os.read(fd, 65536)
    except OSError:
        return b""


def _read_lines(fd: int, take: Callable[[bytes | None], None]) -> None:
    """Hands over every line of a file descriptor, then None; for a thread of its own."""
    rest = b""
    while raw := _read(fd):
        *lines, rest = (rest + raw).split(b"\n")
        for line in lines:
            take(line)
        if len(rest) > LONGEST_LINE:
            break
    if rest:
        take(rest)
    take(None)


class _Output:
    """Events to standard output, at once; a reader that is gone has said quit."""

    def __init__(self) -> None:
        self._fault: OSError | None = None

    def write(self, event: Outgoing) -> None:
        """One event, unless an earlier one could not be written."""
        if self._fault is not None:
            return
        raw = dump(event)
        try:
            while raw:
                raw = raw[os.write(1, raw) :]
        except OSError as fault:
            self._fault = fault
            os.kill(os.getpid(), signal.SIGTERM)

    def check(self) -> None:
        """OutputError when an event could not be written although somebody reads."""
        if self._fault is not None and not isinstance(self._fault, BrokenPipeError):
            raise program.OutputError(self._fault)


async def perform(device: Device, event: Event) -> None:
    """Makes one event happen."""
    name, value = event
    if name in (*OF_THE_PLATFORM, OF_THE_TILL):
        device.log(f"it is not the handheld's: {name} has no effect")
    elif name in _BY_HAND and not device.is_on:
        device.log(f"the handheld is off: {name} has no effect")
    elif name in _BY_HAND:
        _BY_HAND[name](device, value)
    elif name in _WAITED_FOR:
        await _WAITED_FOR[name](device, value)
    elif name in _AROUND:
        _around(device, name, value)


def _swipe(device: Device, tracks: dict[str, str]) -> None:
    line = inputs.swiped(tracks.get("track1", ""), tracks.get("track2", ""))
    device.inputs.line(inputs.MAGSTRIPE, line)


async def _wait(device: Device, value: Any) -> None:
    """Lets time pass, or a screen come; one that does not come is told and waited for no more."""
    if isinstance(value, dict):
        if not await device.screens.wait(value["screen"], value.get("s", USUAL_S)):
            device.log(f"no screen with {value['screen']!r} came")
    else:
        await device.screens.pause(value)


_BY_HAND: dict[str, Callable[[Device, Any], None]] = {
    "key": lambda device, value: device.inputs.key(value),
    "hold": lambda device, value: device.inputs.hold(value),
    "scan": lambda device, value: device.scan(value),
    "scan_slip": lambda device, _: device.scan_slip(),
    "swipe": _swipe,
    "swipe_bits": lambda device, value: device.inputs.bits(value),
}
_WAITED_FOR: dict[str, Callable[[Device, Any], Awaitable[None]]] = {
    "cut": lambda device, _: device.cut(),
    "power": lambda device, _: device.power(),
    "battery": Device.set_battery,
    "language": Device.provision,
    "wait": _wait,
}
_AROUND: dict[str, Callable[[Device, Any], None]] = {
    "wifi": Device.set_wifi,
    "ntp": Device.set_ntp,
    "paper": Device.set_paper,
    "paper_left": Device.end_paper_after,
    "cover": Device.set_cover,
    "rssi": Device.set_rssi,
    "glitch": lambda device, _: device.glitch(),
    "bounce": lambda device, value: setattr(device.inputs, "bounce_ms", value),
    "i2c_fault": lambda device, value: device.set_i2c_fault(**value),
    "cut_link": lambda device, value: device.access_point.cut_after(
        value["direction"], value["after"]
    ),
    "cut_at_write": Device.cut_at_write,
}


def _around(device: Device, name: str, value: object) -> None:
    """What happens around the handheld keeps its place among the keys, if it is on."""

    if device.is_on:
        device.inputs.around(lambda: _AROUND[name](device, value))
    else:
        _AROUND[name](device, value)


async def run(setup: Setup) -> None:
    """Boots the handheld and obeys standard input until it ends or says quit.

    EventError for bad input, OutputError when standard output cannot be written.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()

    def take(line: bytes | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lines.put_nowait, line)

    output = _Output()
    device = Device(setup, output.write)

    def stop() -> None:
        device.screens.end()
        lines.put_nowait(None)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    await device.start()
    try:
        await device.power()
        threading.Thread(target=_read_lines, args=(0, take), daemon=True).start()
        await _obey(device, lines)
    finally:
        await device.close()
    output.check()


async def _obey(device: Device, lines: asyncio.Queue[bytes | None]) -> None:
    number = 0
    while (line := await lines.get()) is not None:
        number += 1
        if not line.strip():
            continue
        try:
            event = parse(line)
        except EventError as fault:
            raise EventError(f"line {number} of the input: {fault}") from None
        if event.name == "quit":
            return
        await perform(device, event)
