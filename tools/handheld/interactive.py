"""A person at the simulated handheld: a panel for the screen, slips above, the keyboard."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from tools import program
from tools.handheld.device import Device
from tools.handheld.events import Event, EventError, Outgoing
from tools.handheld.headless import perform
from tools.handheld.options import Options
from tools.handheld.practice import practising
from tools.handheld.wiring import Setup

DEMO_CARD = "84095202006"
DEMO_TRACK2 = ";84095202006=9912?"
LEGEND = (
    "0-9 . keys · z 00 · Enter · Esc CANCEL · Backspace CLEAR · ↑↓ UP DOWN\n"
    "s scan the demo card · w swipe it · p paper · n wi-fi · c cut power · o power on · q quit"
)
_SPECIAL = {
    b"\r": "ENTER",
    b"\n": "ENTER",
    b"\x1b": "CANCEL",
    b"\x7f": "CLEAR",
    b"\x08": "CLEAR",
    b"\x1b[A": "UP",
    b"\x1b[B": "DOWN",
    b"z": "00",
}
_END_OF_INPUT = b"\x04"  # Ctrl-D


@contextlib.contextmanager
def platform_for(options: Options, folder: Path) -> Iterator[Options]:
    """The options; without a profile, that of an emulated platform that runs meanwhile."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise EventError("a person needs a terminal here; a program uses --headless")
    with practising(options, folder) as (all_, _):
        yield all_


class Desk:
    """What the person sees: draws events, remembers which switches are on."""

    def __init__(self, live: Live):
        self._live = live
        self._screen = [" " * 20] * 4
        self._power, self._sound, self._log = "off", "", ""
        self.wifi = self.paper = True

    def tell(self, event: Outgoing) -> None:
        """Takes an event of the handheld and draws it."""
        slip = event.get("slip")
        if isinstance(slip, dict):
            self._live.console.print(
                Panel("\n".join(slip["lines"]), title="slip", expand=False)
            )
        screen = event.get("screen")
        if isinstance(screen, list):
            self._screen = screen
        self._power = str(event.get("power", self._power))
        self._sound = str(event.get("sound", ""))
        self._log = str(event.get("log", self._log))
        self.draw()

    def draw(self) -> None:
        """Draws the desk anew."""
        lcd = Text("\n".join(self._screen), style="bold black on green", no_wrap=True)
        state = (
            f"power {self._power} · wi-fi {'on' if self.wifi else 'off'} · "
            f"paper {'in' if self.paper else 'out'}{' · ♪ ' + self._sound if self._sound else ''}"
        )
        panel = Panel(lcd, title="Milepad", expand=False)
        self._live.update(
            Group(panel, Text(state), Text(self._log, "dim"), Text(LEGEND, "dim"))
        )
        self._live.refresh()


def event_for(raw: bytes, desk: Desk) -> Event | None:
    """What one keystroke asks for; switches of the desk are flipped."""
    if raw == _END_OF_INPUT:
        return Event("quit", True)
    if raw in _SPECIAL:
        return Event("key", _SPECIAL[raw])
    letter = raw.decode("ascii", "replace")
    if len(letter) == 1 and letter in "0123456789.":
        return Event("key", letter)
    if letter == "n":
        desk.wifi = not desk.wifi
        return Event("wifi", desk.wifi)
    if letter == "p":
        desk.paper = not desk.paper
        return Event("paper", desk.paper)
    return {
        "s": Event("scan", DEMO_CARD),
        "w": Event("swipe", {"track2": DEMO_TRACK2}),
        "c": Event("cut", True),
        "o": Event("power", True),
        "q": Event("quit", True),
    }.get(letter)


def keystrokes(raw: bytes) -> list[bytes]:
    """Splits what was typed into keystrokes; an arrow is three bytes."""
    found = []
    while raw:
        length = 3 if raw[:2] == b"\x1b[" else 1
        found.append(raw[:length])
        raw = raw[length:]
    return found


@contextlib.contextmanager
def _single_keys() -> Iterator[None]:
    before = termios.tcgetattr(0)
    tty.setcbreak(0)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(0, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _panel() -> Iterator[Live]:
    live = Live(console=Console(), auto_refresh=False)
    live.start()
    try:
        yield live
    finally:
        with contextlib.suppress(OSError):  # the terminal is gone
            live.stop()


def _typed() -> bytes:
    try:
        return os.read(0, 64)
    except OSError:  # the terminal is gone
        return b""


async def run(setup: Setup) -> None:
    """Serves the person until `q`, Ctrl-D or a signal; program.Stopped after a signal."""
    with _single_keys(), _panel() as live:
        desk = Desk(live)
        device = Device(setup, desk.tell)
        typed: asyncio.Queue[bytes | int] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        loop.add_reader(0, lambda: typed.put_nowait(_typed()))
        for number in program.STOPPING:
            loop.add_signal_handler(number, typed.put_nowait, int(number))
        await device.start()
        try:
            await device.power()
            await _serve(device, desk, typed)
        finally:
            await device.close()


async def _serve(device: Device, desk: Desk, typed: asyncio.Queue[bytes | int]) -> None:
    while raw := await typed.get():
        if isinstance(raw, int):
            raise program.Stopped(raw)
        for keystroke in keystrokes(raw):
            event = event_for(keystroke, desk)
            if event is not None and event.name == "quit":
                return
            if event is not None:
                await perform(device, event)
                desk.draw()
