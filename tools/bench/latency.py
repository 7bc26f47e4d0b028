"""How long a person waits for the platform: scan to offer, ENTER to APPROVED.

The platform takes 200 ms. Counted is all that a cashier waits for: from the scanner's last
byte, or from the moment when the contact of ENTER closes, to the moment when the whole screen
is drawn. So the reader's poll, the keypad's debounce, the ledger's writes and the display are
in it, the last with the time of a real bus: the virtual one takes none. Beside it stands the
bare call of `requests`, from the call to the parsed reply, without any of this.

Warm: the connection is kept. Cold: it is set up anew, TCP and TLS. The token is there in
both, on either side.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tools import profile
from tools.bench import shift
from tools.debian import native_arch
from tools.emulator.samples import SAMPLES
from tools.emulator.testing import RunningEmulator
from tools.handheld import frames
from tools.handheld.device import Device
from tools.handheld.events import Outgoing
from tools.handheld.inputs import SCANNER, scanned
from tools.handheld.wiring import Setup

PLATFORM_S = 0.2
TIMES = 7  # the median of so many
_BARE = Path(__file__).with_name("on_cpython_requests.py")
_I2C_BYTE_S = 9 / 100_000  # nine clocks of the 100 kHz that a PCF8574 takes
_COLD_IDLE_S = 1  # the profile's least
_ECHO_S = 1  # after a start, instead of 15: the first sale of a test does not wait for it


class Waits(NamedTuple):
    """Milliseconds, medians."""

    offer_ms: float
    approval_ms: float


class _TimedDevice(Device):
    """A handheld whose display's bus takes its time."""

    drawn_s = 0.0

    def _take(self, frame: frames.Frame) -> None:
        if frame.kind == frames.I2C:
            # The address is a byte, too; its frame has the board's time besides.
            takes_s = (len(frame.payload) - 4) * _I2C_BYTE_S
            self.drawn_s = max(time.monotonic(), self.drawn_s) + takes_s
        super()._take(frame)


class _TimedWatch(shift.Watch):
    """Knows when the last screen that was told was drawn: it is told a little later."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn_s: Callable[[], float] = time.monotonic
        self.shown_s = 0.0

    def tell(self, event: Outgoing) -> None:
        """Takes an event of the handheld."""
        if "screen" in event:
            self.shown_s = self.drawn_s()
        super().tell(event)


def handheld(emulator: RunningEmulator, cold: bool, times: int = TIMES) -> Waits:
    """What a cashier with a handheld waits for. Raises ShiftError."""
    link = {"echo_s": _ECHO_S} | ({"idle_s": _COLD_IDLE_S} if cold else {})
    changes: profile.Sections = {**shift.QUICK_PRINTER, "platform": link}
    emulator.reset()
    firmware = shift.program("2M", "mpy", native_arch())
    with shift.desk(emulator, firmware, changes) as setup, _slow(emulator):
        return asyncio.run(_play(setup, cold, times))


@contextmanager
def _slow(emulator: RunningEmulator) -> Iterator[None]:
    """The platform takes its time."""
    for op in ("inquire", "redeem"):
        emulator.faults(op, "delay", seconds=PLATFORM_S, count=None)
    try:
        yield
    finally:
        emulator.clear()


async def _play(setup: Setup, cold: bool, times: int) -> Waits:
    watch = _TimedWatch()
    device = _TimedDevice(setup, watch.tell)
    watch.drawn_s = lambda: device.drawn_s
    await device.start()
    try:
        await device.power()
        await watch.screen("LINK OK")
        waits = [await _checkout(device, watch, cold) for _ in range(times)]
    finally:
        await device.close()
    return Waits(*(median(each) for each in zip(*waits, strict=True)))


async def _checkout(device: Device, watch: _TimedWatch, cold: bool) -> tuple[float, float]:
    await shift.to_the_card(device, watch)
    await asyncio.sleep(2 * _COLD_IDLE_S if cold else 0.1)
    line = scanned(shift.COLLECTOR)
    device.inputs.line(SCANNER, line[:-1])
    await asyncio.sleep(0.03)  # the bytes of a real line come one after the other, too
    since_s = time.monotonic()
    device.inputs.line(SCANNER, line[-1:])
    await watch.screen("UP/DOWN")
    offer_ms = (watch.shown_s - since_s) * 1000
    await asyncio.sleep(2 * _COLD_IDLE_S if cold else 0.1)
    since_s = time.monotonic()
    shift.press(device, "ENTER")
    await watch.screen("APPROVED")
    approval_ms = (watch.shown_s - since_s) * 1000
    await watch.screen("ENTER=GO ON")
    shift.press(device, "ENTER")
    return offer_ms, approval_ms


def bare_calls(emulator: RunningEmulator, cold: bool, times: int = TIMES) -> Waits:
    """The same two calls by `requests`."""
    emulator.reset()
    # The first of a Session sets the connection up.
    calls = [("echo", "")] + [
        (op, str(uuid.uuid4())) for _ in range(times) for op in ("inquire", "redeem")
    ]
    order = {
        "url": emulator.url,
        "bearer": f"Bearer {emulator.token()}",
        "ca": emulator.ca,
        "keep": not cold,
        "calls": [
            {"path": f"/checkout/amcash/{op}", "members": SAMPLES[op], "key": key}
            for op, key in calls
        ],
    }
    with _slow(emulator), tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(order, file)
        file.flush()
        command = [sys.executable, str(_BARE), file.name]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=120)
    took = json.loads(done.stdout)[1:]
    return Waits(median(took[::2]), median(took[1::2]))
