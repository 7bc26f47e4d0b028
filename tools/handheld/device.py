"""The handheld as one thing: the firmware's process, its chips, its power and its air.

`Device` pumps frames between the process and the chips and tells what a person would see
and hear, in the order in which it happened. Power is the process: `cut` kills it, only the
flash file stays.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from tools.folders import ROOT
from tools.handheld import frames
from tools.handheld.access_point import AccessPoint
from tools.handheld.chips.buzzer import Buzzer
from tools.handheld.chips.complaints import Complaints
from tools.handheld.chips.hd44780 import CharacterLcd
from tools.handheld.chips.ssd1306 import Ssd1306
from tools.handheld.chips.st7789 import St7789
from tools.handheld.chips.thermal_printer import EPSON_PAGES, IDLE_MS, ThermalPrinter
from tools.handheld.events import Outgoing
from tools.handheld.firmware import Program
from tools.handheld.inputs import Inputs
from tools.handheld.outbox import Outbox
from tools.handheld.time_server import TimeServer

Display = CharacterLcd | Ssd1306 | St7789
DisplayName = Literal["lcd20x4", "ssd1306", "st7789"]
# name: (chip, its I2C address; 0: on SPI)
_DISPLAYS: dict[DisplayName, tuple[Callable[[], Display], int]] = {
    "lcd20x4": (CharacterLcd, 0x27),
    "ssd1306": (Ssd1306, 0x3C),
    "st7789": (St7789, 0),
}
PRINTER = 0  # UART port


@dataclass(frozen=True)
class Setup:
    """What stands on the desk: the program to run, its flash, the chips' make."""

    program: Program
    flash: Path
    display: DisplayName = "lcd20x4"
    columns: int = 32
    pages: Mapping[int, str] = field(default_factory=EPSON_PAGES.copy)


class Chips(NamedTuple):
    """The chips, from one power-up to the next."""

    display: Display
    printer: ThermalPrinter
    buzzer: Buzzer

    @property
    def lcd(self) -> Display:
        """The display, by the name of the one that stands there unless told otherwise."""
        return self.display


def _report_fault(task: asyncio.Task[None]) -> None:
    """A pump never fails by itself: if one does, say so at once."""
    if not task.cancelled() and task.exception() is not None:
        context = {"message": "the handheld's pump failed", "exception": task.exception()}
        asyncio.get_running_loop().call_exception_handler(context)


class Device:
    """One simulated handheld. `tell` gets every event of the contract, in order."""

    def __init__(self, setup: Setup, tell: Callable[[Outgoing], None]):
        self.access_point = AccessPoint()
        self.inputs = Inputs(self._send)
        self._time_server = TimeServer(self._send)
        self._setup = setup
        self._outbox = Outbox(tell, self.screen)
        self._process: asyncio.subprocess.Process | None = None
        self._pump: asyncio.Task[None] | None = None
        self._paper = True
        self._i2c_fault = (0, 0)
        self.chips = self._new_chips()

    def _new_chips(self) -> Chips:
        printer = ThermalPrinter(self._setup.columns, self._setup.pages)
        printer.set_paper(self._paper)
        return Chips(_DISPLAYS[self._setup.display][0](), printer, Buzzer())

    @property
    def is_on(self) -> bool:
        """Whether the firmware runs."""
        return self._process is not None

    def screen(self) -> list[str]:
        """What the display shows now."""
        return self.chips.display.lines()

    def log(self, text: str) -> None:
        """A line of the desktop's own among the firmware's log."""
        self._outbox.add({"log": text})

    async def start(self) -> None:
        """Opens the access point; power is still off."""
        await self.access_point.start()

    async def power(self) -> None:
        """Boots the firmware from the flash file."""
        if self.is_on:
            self.log("power is on already")
            return
        self.chips = self._new_chips()
        settings = {
            "flash": str(self._setup.flash.resolve()),
            "access_point_port": self.access_point.port,
            "i2c": [_DISPLAYS[self._setup.display][1]],
            "display": self._setup.display,
            "i2c_fault": list(self._i2c_fault),
        }
        self._i2c_fault = (0, 0)
        self._process = await asyncio.create_subprocess_exec(
            *self._setup.program.with_settings(settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env=dict(self._setup.program.environment),
            start_new_session=True,  # a Ctrl-C at the desktop is none at the device
        )
        self._outbox.add({"power": "on"})
        self.inputs.start()
        self._pump = asyncio.create_task(self._run(self._process))
        self._pump.add_done_callback(_report_fault)

    async def cut(self) -> None:
        """Takes the power away, whatever the firmware is doing."""
        if self._process is None:
            self.log("power is off already")
            return
        if self._pump is not None:
            self._pump.cancel()
        await self._end(self._process)

    async def close(self) -> None:
        """Ends everything, without a word."""
        self._outbox.mute()
        if self._process is not None:
            await self.cut()
        await self.access_point.close()

    def set_wifi(self, up: bool) -> None:
        """The access point goes away or comes back, and the board's radio notices."""
        (self.access_point.up if up else self.access_point.down)()
        self._send(frames.pack(frames.WIFI, bytes((up,))))

    def set_ntp(self, answer: object) -> None:
        """What the time server does: "absent", "late", or {"unix_s": N} and on from there.

        One that is late is silent for ten seconds, after this and after each power-up.
        """
        self._time_server.set(answer)

    def set_i2c_fault(self, after: int, count: int) -> None:
        """The display's chip acknowledges so many writes more and refuses as many then.

        With the power off it is about the writes of the next start: a chip that wakes up
        late. A display on SPI acknowledges nothing, and so refuses nothing.
        """
        if self.is_on:
            raw = after.to_bytes(4, "big") + count.to_bytes(4, "big")
            self._send(frames.pack(frames.I2C_FAULT, raw))
        else:
            self._i2c_fault = (after, count)

    def glitch(self) -> None:
        """The display's chip loses half a byte, or a byte, of what comes next."""
        self.chips.display.glitch()

    def set_paper(self, present: bool) -> None:
        """The printer runs out of paper, or is refilled."""
        self._paper = present
        self.chips.printer.set_paper(present)

    def _send(self, raw: bytes) -> None:
        stdin = self._process.stdin if self._process is not None else None
        if stdin is not None and not stdin.is_closing():
            stdin.write(raw)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """The process is gone, and with it the light of the display."""
        if process.returncode is None:
            process.kill()
        await process.wait()
        self._process = None
        self.inputs.stop()
        self.access_point.drop_connections()
        self._outbox.interrupt()
        self._outbox.add({"power": "off"})
        self.chips = self._new_chips()
        self._outbox.show_now()

    async def _run(self, process: asyncio.subprocess.Process) -> None:
        """Pumps frames until the process ends by itself."""
        if process.stdout is None:
            raise RuntimeError("the firmware's process has no output")
        try:
            while (frame := await frames.read(process.stdout)) is not None:
                self._take(frame)
            text = f"the firmware stopped by itself (exit {await process.wait()})"
        except frames.FrameError as fault:
            text = str(fault)
            rest = await self._rest(process.stdout)
            print(
                (fault.raw + rest).decode("utf-8", "replace"), file=sys.stderr, flush=True
            )
        self.log(text)
        await self._end(process)

    @staticmethod
    async def _rest(stream: asyncio.StreamReader) -> bytes:
        """What else a process that has lost the way writes within a moment."""
        try:
            return await asyncio.wait_for(stream.read(4096), 0.2)
        except TimeoutError:
            return b""

    def _take(self, frame: frames.Frame) -> None:
        kind, payload = frame
        if kind == frames.I2C and len(payload) >= 5:
            self._i2c(payload[0], int.from_bytes(payload[1:5], "big"), payload[5:])
        elif kind == frames.SPI and payload:
            self._spi(payload[0], payload[1:])
        elif kind == frames.UART and payload:
            self._uart(payload[0], payload[1:])
        elif kind == frames.BUZZER and len(payload) == 2:
            self._buzzer(int.from_bytes(payload, "big"))
        elif kind == frames.LOG:
            self.log(payload.decode("utf-8", "replace"))
        elif kind == frames.READY:
            self._send(frames.pack(frames.WIFI, bytes((self.access_point.is_up,))))
            self._time_server.board_ready()
            self.inputs.board_ready()
        else:
            self.log(
                f"complaint: bus: no chip takes a {kind.decode()} frame of this length"
            )

    def _i2c(self, address: int, ticks_us: int, raw: bytes) -> None:
        display = self.chips.display
        if isinstance(display, St7789) or address != _DISPLAYS[self._setup.display][1]:
            self.log(f"complaint: bus: nothing acknowledges I2C address 0x{address:02X}")
            return
        display.write(raw, ticks_us)
        self._written()

    def _spi(self, dc: int, raw: bytes) -> None:
        display = self.chips.display
        if not isinstance(display, St7789):
            self.log("complaint: bus: there is no chip on SPI")
            return
        display.write(dc, raw)
        self._written()

    def _written(self) -> None:
        self._outbox.display_written()
        self._report(self.chips.display.complaints)

    def _uart(self, port: int, raw: bytes) -> None:
        if port != PRINTER:
            self.log(f"complaint: bus: nobody listens on UART {port}")
            return
        loop = asyncio.get_running_loop()
        reply = self.chips.printer.receive(raw, loop.time() * 1000)
        if reply:
            self._send(frames.pack(frames.UART, bytes((PRINTER,)) + reply))
        self._report(self.chips.printer.complaints)
        self._collect(self.chips.printer)
        loop.call_later((IDLE_MS + 5) / 1000, self._collect, self.chips.printer)

    def _collect(self, printer: ThermalPrinter) -> None:
        if printer is not self.chips.printer:
            return  # its power was cut
        for slip in printer.take_slips(asyncio.get_running_loop().time() * 1000):
            escpos = base64.b64encode(slip.escpos).decode("ascii")
            self._outbox.add({"slip": {"lines": slip.lines, "escpos": escpos}})

    def _buzzer(self, frequency_hz: int) -> None:
        now_ms = asyncio.get_running_loop().time() * 1000
        sound = self.chips.buzzer.tone(frequency_hz, now_ms)
        if sound is not None:
            self._outbox.add({"sound": sound})
        self._report(self.chips.buzzer.complaints)

    def _report(self, complaints: Complaints) -> None:
        for text in complaints.take():
            self.log(f"complaint: {text}")
