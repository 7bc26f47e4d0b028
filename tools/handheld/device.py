"""The handheld as one thing: the firmware's process, its chips, its power and its air.

`Device` pumps frames between the process and the chips and tells what a person would see
and hear, in the order in which it happened. Power is the process: `cut` kills it, only the
flash file stays.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from tools.folders import ROOT
from tools.handheld import frames
from tools.handheld.access_point import AccessPoint
from tools.handheld.events import Outgoing
from tools.handheld.image import ImageError
from tools.handheld.inputs import SCANNER, Inputs, scanned
from tools.handheld.language import set_language
from tools.handheld.outbox import Outbox
from tools.handheld.screens import Screens
from tools.handheld.till_port import UART as TILL_UART
from tools.handheld.till_port import TillPort
from tools.handheld.time_server import TimeServer
from tools.handheld.wiring import Chips, Nobody, Setup, Watch, Wiring

_USUAL_RSSI = -50  # dBm; the access point is on the same desk


def _report_fault(task: asyncio.Task[None]) -> None:
    """A pump never fails by itself: if one does, say so at once."""
    if not task.cancelled() and task.exception() is not None:
        context = {"message": "the handheld's pump failed", "exception": task.exception()}
        asyncio.get_running_loop().call_exception_handler(context)


class Device:
    """One simulated handheld. `tell` gets every event of the contract, in order."""

    def __init__(
        self, setup: Setup, tell: Callable[[Outgoing], None], watch: Watch | None = None
    ):
        self.access_point = AccessPoint()
        self.inputs = Inputs(self._send)
        self._time_server = TimeServer(self._send)
        self._setup = setup
        self._watch = watch or Nobody()
        self._listener = tell
        self.screens = Screens()
        self._outbox = Outbox(self._tell, self._shown)
        self._process: asyncio.subprocess.Process | None = None
        self._pump: asyncio.Task[None] | None = None
        self._i2c_fault = (0, 0)
        self.battery = 100  # percent; the firmware's boards cannot measure it
        self.rssi = _USUAL_RSSI
        self._till = TillPort(self._send, self._outbox.add, setup.till_port)
        self._wiring = Wiring(setup, self._outbox, self._send, self._watch)

    @property
    def chips(self) -> Chips:
        """The chips as they are since power last came or went."""
        return self._wiring.chips

    @property
    def is_on(self) -> bool:
        """Whether the firmware runs."""
        return self._process is not None

    def screen(self) -> list[str]:
        """What the display shows now."""
        return self.chips.display.lines()

    def _shown(self) -> list[str]:
        self._watch.drawn(self.chips.display)
        return self.screen()

    def _tell(self, event: Outgoing) -> None:
        self.screens.take(event)
        self._listener(event)

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
        if not self.battery:
            self.log("the battery is empty: it does not start")
            return
        self._wiring.renew()
        self._time_server.power_up()
        settings = {
            "flash": str(self._setup.flash.resolve()),
            "access_point_port": self.access_point.port,
            "i2c": [self._wiring.i2c_address],
            "display": self._setup.display,
            "keys": self._setup.keys,
            "i2c_fault": list(self._i2c_fault),
            "till_port": self._till.for_power_up(),
            "line_ms": self._setup.line_ms,
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

    async def provision(self, language: str) -> None:
        """Gives it a cashier's language, as a technician does: it starts again."""
        was_on = self.is_on
        if was_on:
            await self.cut()
        try:
            set_language(self._setup, language)
        except ImageError as fault:
            self.log(f"complaint: {fault}")
        if was_on:
            await self.power()

    async def close(self) -> None:
        """Ends everything; what has happened already is told."""
        self._outbox.interrupt()
        self._wiring.tell_finished()
        self._outbox.mute()
        if self._process is not None:
            await self.cut()
        await self._till.close()
        await self.access_point.close()

    def set_wifi(self, up: bool) -> None:
        """The access point goes away or comes back, and the board's radio notices."""
        (self.access_point.up if up else self.access_point.down)()
        self._till.set_wifi(up)
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
        self._wiring.set_paper(present)

    def end_paper_after(self, lines: int) -> None:
        """The printer runs out of paper with the last of so many lines."""
        self._wiring.end_paper_after(lines)

    def set_cover(self, closed: bool) -> None:
        """The printer's cover is opened, or closed."""
        self._wiring.set_cover(closed)

    def scan(self, text: str) -> None:
        """The scanner reads a barcode."""
        self.inputs.line(SCANNER, scanned(text))

    def scan_slip(self) -> None:
        """The scanner reads the barcode that was printed last."""
        if self.last_barcode:
            self.scan(self.last_barcode)
        else:
            self.log("no barcode has been printed yet")

    @property
    def last_barcode(self) -> str:
        """The text of the barcode that was printed last, "" for none."""
        return self._wiring.last_barcode

    def set_rssi(self, dbm: int) -> None:
        """How strongly the access point is heard, in dBm."""
        self.rssi = dbm
        self._send(frames.pack(frames.RSSI, bytes((-dbm,))))

    async def set_battery(self, percent: int) -> None:
        """What the battery holds; at 0 the power goes, and does not come back before."""
        self.battery = percent
        if not percent and self.is_on:
            await self.cut()

    def cut_at_write(self, writes: int) -> None:
        """Half-way through the flash write that comes after so many more, power is cut."""
        self._send(frames.pack(frames.CUT_AT_WRITE, writes.to_bytes(4, "big")))

    def ask_heap(self) -> None:
        """Lets the firmware's Python say how full its heap is; `Watch.heap` is told."""
        self._send(frames.pack(frames.HEAP, b"?"))

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
        self._till.cut()
        self._outbox.interrupt()
        self._outbox.add({"power": "off"})
        self._wiring.renew()
        self._outbox.show_now()

    async def _run(self, process: asyncio.subprocess.Process) -> None:
        """Pumps frames until the process ends by itself."""
        if process.stdout is None:
            raise RuntimeError("the firmware's process has no output")
        try:
            while (frame := await frames.read(process.stdout)) is not None:
                if frame.kind == frames.CUT:
                    await self._end(process)
                    return
                self._take(frame)
            text = f"the firmware stopped by itself (exit {await process.wait()})"
        except frames.FrameError as fault:
            text = str(fault)
            rest = await self._rest(process.stdout)
            words = (fault.raw + rest).decode("utf-8", "replace")
            print(words, file=sys.stderr, flush=True)
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
        if kind == frames.UART and payload[:1] == bytes((TILL_UART,)):
            self._till.take(payload[1:])
        elif self._wiring.take(frame):
            return
        elif kind == frames.EVENT:
            self._outbox.add(frames.event(payload))
        elif kind == frames.TILL:
            self._till.opened(payload.decode("ascii", "replace"))
        elif kind == frames.LOG:
            self.log(payload.decode("utf-8", "replace"))
        elif kind == frames.HEAP and len(payload) == 8:
            used, free = (int.from_bytes(payload[at : at + 4], "big") for at in (0, 4))
            self._watch.heap(used, free)
        elif kind == frames.READY:
            self._send(frames.pack(frames.WIFI, bytes((self.access_point.is_up,))))
            if self.rssi != _USUAL_RSSI:
                self.set_rssi(self.rssi)
            self._time_server.board_ready()
            self.inputs.board_ready()
        else:
            name = kind.decode()
            self.log(f"complaint: bus: no chip takes a {name} frame of this length")
