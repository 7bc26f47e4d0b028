"""A Feather with CircuitPython's names, on MicroPython, and a hand at its keys.

Its drive is a real FAT filesystem in a file, with the firmware as it is deployed and Adafruit's
own libraries. Power is the process: `cut` kills it, and only the drive stays.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from host_tests.boards.circuitpython import names
from tools import build, micropython
from tools.handheld import frames
from tools.handheld.chips.ssd1306 import Ssd1306
from tools.handheld.chips.thermal_printer import ThermalPrinter

HERE = "host_tests/boards/circuitpython/on_micropython"
LIBRARIES = (
    "asyncio", "adafruit_connection_manager.py", "adafruit_requests.py", "adafruit_ticks.py",
)  # fmt: skip
_KEYS = (
    ("1", "2", "3", "UP"),
    ("4", "5", "6", "DOWN"),
    ("7", "8", "9", "CLEAR"),
    ("00", "0", "ENTER", "CANCEL"),
)
KEYS = {
    name: (row, column)
    for row, keys in enumerate(_KEYS)
    for column, name in enumerate(keys)
}
PRINTER, SCANNER, MAGSTRIPE = range(3)
_WAIT_S = 60  # only an end
PACE = 5  # ticks of the board in one of the desktop's
_CLICK_HZ = 4000


def _python() -> list[str]:
    command = micropython.find()
    if command is None:
        raise RuntimeError("MicroPython is missing: run `make setup`")
    return command


def _environment() -> dict[str, str]:
    path = f"{names.ROOT}:.frozen"
    return {**os.environ, "MICROPYPATH": path, "TZ": "UTC"}


def fill(folder: Path, board: str = "feather_circuitpython") -> Path:
    """A folder with what a deployment and circup put onto the drive."""
    build.build(board, folder, as_source=True)
    for name in LIBRARIES:
        source, target = names.LIBRARIES / name, folder / "lib" / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(
                source,
                target,
                ignore=shutil.ignore_patterns("__pycache__"),
                dirs_exist_ok=True,
            )
        else:
            shutil.copyfile(source, target)
    return folder


def make_drive(image: Path, folder: Path) -> Path:
    """The FAT image of a drive that holds `folder`."""
    subprocess.run(
        [*_python(), f"{names.ROOT}/{HERE}/drive.py", str(image), str(folder)],
        check=True,
        env=_environment(),
        cwd=names.ROOT,
    )
    return image


class Feather:
    """One life of the board, from power-up to `cut`."""

    def __init__(
        self,
        drive: Path,
        hosts: Mapping[str, Sequence[object]] | None = None,
        run: str = "/main.py",
        boot: bool = True,
    ) -> None:
        self.display = Ssd1306()
        self.printer = ThermalPrinter()
        self.slips: list[str] = []
        self.screens: list[list[str]] = []  # each that was looked at
        self._drawn = True  # since the last look: reading letters out of dots takes long
        self.console = ""
        self._clicks = 0
        self._changed = threading.Condition()
        with socket.create_server(("127.0.0.1", 0)) as server:
            self._process = self._started(drive, server.getsockname()[1], hosts, run, boot)
            self._wires = self._accepted(server)
        self._threads = [
            threading.Thread(target=each, daemon=True) for each in (self._run, self._listen)
        ]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _started(
        drive: Path,
        port: int,
        hosts: Mapping[str, Sequence[object]] | None,
        run: str,
        boot: bool,
    ) -> subprocess.Popen[str]:
        lists = {name: sorted(names.names(name)) for name in (*names.RESTRICTED, "board")}
        settings = {
            "drive": str(drive),
            "wires": port,
            "hosts": dict(hosts or {}),
            "names": lists,
            "included": names.importable(),
            "run": run,
            "boot": boot,
            "pace": PACE,
        }
        file = drive.with_suffix(".json")
        file.write_text(json.dumps(settings), "utf-8")
        start = f"{names.ROOT}/{HERE}/start.py"
        return subprocess.Popen(
            [*_python(), "-X", "heapsize=4M", start, str(file)],
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=names.ROOT,
        )

    def _accepted(self, server: socket.socket) -> socket.socket:
        server.settimeout(0.2)
        while True:
            # Asked before: a short program may connect and end at the end of that time.
            has_ended = self._process.poll() is not None
            try:
                return server.accept()[0]
            except TimeoutError:
                if has_ended:
                    raise AssertionError(self._process.communicate()[0]) from None

    def _run(self) -> None:
        gone = (BrokenPipeError, ConnectionResetError)  # the power went meanwhile
        with suppress(*gone), self._wires.makefile("rb") as stream:
            while len(head := stream.read(3)) == 3:
                payload = stream.read(int.from_bytes(head[1:], "big"))
                with self._changed:
                    self._take(head[:1], payload)
                    self._changed.notify_all()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            with self._changed:
                self.console += line
                self._changed.notify_all()

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.I2C:
            self.display.write(payload[5:])
            self._drawn = True
        elif kind == frames.BUZZER:
            self._clicks += int.from_bytes(payload, "big") == _CLICK_HZ
        elif kind == frames.UART and payload[0] == PRINTER:
            reply = self.printer.receive(payload[1:], time.monotonic() * 1000)
            if reply:
                self._send(frames.UART, bytes((PRINTER,)) + reply)

    def _send(self, kind: bytes, payload: bytes) -> None:
        self._wires.sendall(frames.pack(kind, payload))

    # --- what a hand does ---

    def press(self, *keys: str) -> None:
        """Keys, one after the other, each until its click is heard, as a person does."""
        for key in keys:
            where, wanted = bytes(KEYS[key]), self._clicks + 1
            self._send(frames.KEY, where + b"\x01")
            self._wait(lambda: self._clicks >= wanted, f"{key} never heard")  # noqa: B023
            self._send(frames.KEY, where + b"\x00")

    def key_in(self, digits: str) -> None:
        """Digits, and ENTER."""
        self.press(*digits, "ENTER")

    def scan(self, text: str) -> None:
        """The scanner's line."""
        self._send(frames.UART, bytes((SCANNER,)) + text.encode() + b"\r\n")

    def swipe(self, text: str) -> None:
        """The magstripe reader's line."""
        self._send(frames.UART, bytes((MAGSTRIPE,)) + text.encode() + b"\r\n")

    def set_wifi(self, up: bool) -> None:
        """The access point goes away or comes back."""
        self._send(frames.WIFI, bytes((up,)))

    # --- what a person sees ---

    def sees(self, *texts: str, within_s: float = _WAIT_S) -> list[str]:
        """The screen, once it holds these texts; AssertionError after a while."""

        def is_there() -> bool:
            shown = "\n".join(self._screen())
            return all(text in shown for text in texts)

        self._wait(is_there, f"{texts} never came", within_s)
        return [line.rstrip() for line in self.screens[-1]]

    def _screen(self) -> list[str]:
        if self._drawn:
            self._drawn = False
            self.screens.append(self.display.lines())
        return self.screens[-1]

    def gets_slip(self, text: str) -> str:
        """The next slip that holds `text`."""

        def is_there() -> bool:
            made = self.printer.take_slips(time.monotonic() * 1000)
            self.slips += ["\n".join(slip.lines) for slip in made]
            return any(text in slip for slip in self.slips)

        self._wait(is_there, f"no slip with {text}")
        return next(slip for slip in self.slips if text in slip)

    def says(self, text: str) -> None:
        """Waits for a line on the console."""
        self.says_any(text)

    def says_any(self, *texts: str) -> None:
        """Waits for one of these on the console."""
        self._wait(
            lambda: any(text in self.console for text in texts),
            f"the console never said {texts}",
        )

    def _wait(
        self, happened: Callable[[], bool], complaint: str, within_s: float = _WAIT_S
    ) -> None:
        if not self._happens(happened, within_s):
            seen = "\n--\n".join("\n".join(screen) for screen in self.screens[-8:])
            raise AssertionError(f"{complaint}\n{seen}\n{self.console}")

    def _happens(self, happened: Callable[[], bool], within_s: float) -> bool:
        """Whether it has happened before that long, or before the program's end."""
        deadline_s = time.monotonic() + within_s
        while self._process.poll() is None:
            with self._changed:
                if happened():
                    return True
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    return False
                self._changed.wait(min(left_s, 0.1))
            time.sleep(0.02)  # more frames come than a person sees
        for thread in self._threads:  # what it said last may not have been taken yet
            thread.join()
        return happened()

    def cut(self) -> str:
        """Takes the power; what the console has said."""
        self._process.kill()
        return self.end()

    def end(self) -> str:
        """Waits until the program has ended by itself; what the console has said."""
        self._process.wait(_WAIT_S)
        for thread in self._threads:
            thread.join()
        self._wires.close()
        assert self._process.stdout
        self._process.stdout.close()
        return self.console

    @property
    def status(self) -> int | None:
        """How the program ended."""
        return self._process.returncode
