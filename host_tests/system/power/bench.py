"""A handheld with a failing flash, the platform beside it, and the books of both compared."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from host_tests.kit.books import Books
from host_tests.kit.chips import promised
from host_tests.kit.peer import Peer
from tools import build, profile
from tools.emulator.testing import RunningEmulator
from tools.profile import template

ROOT = Path(__file__).resolve().parents[3]
DEVICE = "host_tests.system.power.on_micropython.handheld"
COLLECTOR = "84095202006"


def compiled_firmware(folder: Path) -> Path:
    """The firmware as a device has it: its workflows are loaded again and again."""
    firmware = ROOT / "firmware"
    for source in sorted((firmware / "milepad").rglob("*.py")):
        name = source.relative_to(firmware)
        target = (folder / name).with_suffix(".mpy")
        target.parent.mkdir(parents=True, exist_ok=True)
        build.compile_file(source, target, name.as_posix())
    return folder


def device_files(emulator: RunningEmulator, **changes: dict[str, Any]) -> dict[str, bytes]:
    """What a provisioned device holds, for that platform."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.toml"
        path.write_text(template.for_platform(emulator, changes), "utf-8")
        return profile.load(path).files


@dataclass
class Life:
    """From one power-up to the end of the shift, or of the power."""

    ended: str
    operations: int
    screens: list[list[str]]
    slips: list[bytes]
    log: list[str]
    ledger: dict[str, Any] | None  # what is on the flash, where that was looked at
    memory: (
        dict[str, Any] | None
    )  # what a device whose flash failed at its start kept in RAM

    @property
    def was_cut(self) -> bool:
        return self.ended == "cut"

    def shows(self, text: str) -> bool:
        return any(text in row for screen in self.screens for row in screen)

    def promised(self) -> list[str]:
        """Confirmation numbers for which the cashier was told to give a discount."""
        return promised(self.screens)


def whole_ledger(lives: list[Life]) -> dict[str, Any]:
    """The flash's after the last life, and what earlier ones kept while they lasted."""
    parts = [lives[-1].ledger, *[life.memory for life in lives]]
    kept = [part for part in parts if part is not None]
    totals: dict[str, int] = defaultdict(int)
    for part in kept:
        for name, value in part["totals"].items():
            totals[name] += value
    return {
        "entries": [entry for part in kept for entry in part["entries"]],
        "totals": dict(totals),
    }


class Handheld:
    """One MicroPython process that is one device after another."""

    def __init__(self, emulator: RunningEmulator, firmware: Path) -> None:
        self.emulator = emulator
        self._peer = Peer(firmware, "128M", lambda fault: emulator.faults(**fault))

    def format(self, kind: str) -> None:
        """A flash with nothing but the device's settings: `littlefs` or `fat`."""
        files = device_files(self.emulator, printer={"store_copy": False})
        self._peer.call(DEVICE, "format", kind, files, self.emulator.port)

    def keep(self, name: str) -> None:
        """Remembers the flash as it is."""
        self._peer.call(DEVICE, "keep", name)

    def restore(self, name: str) -> None:
        """The flash is again as it was then."""
        self._peer.call(DEVICE, "restore", name)

    def fill(self) -> None:
        """Takes all the room on the flash with one file, or gives it back."""
        self._peer.call(DEVICE, "fill", "/stuff")

    def live(
        self,
        *jobs: str | dict[str, Any],
        limit: int = -1,
        choice: str = "7",
        look: bool = False,
        **more: Any,
    ) -> Life:
        """Power on, jobs, and power off; `limit` is the last operation of its flash.

        The device has no clock; `ntp_s` is what the time server tells (-1: nobody answers),
        by default the platform's own time.
        """
        more.setdefault("ntp_s", self.platform_s())
        order = {
            "jobs": list(jobs),
            "limit": limit,
            "choice": choice,
            "look": look,
            **more,
        }
        return Life(**self._peer.call(DEVICE, "live", order))

    def platform_s(self) -> int:
        """What the platform's clock shows."""
        return int(datetime.fromisoformat(self.emulator.now()).timestamp())

    def close(self) -> None:
        self._peer.close()


def faults(books: Books, lives: list[Life]) -> list[str]:
    """What is wrong between the platform, the device's ledger, its screens and its slips."""
    return [*books.faults(whole_ledger(lives)), *_promises(books, lives)]


def _promises(books: Books, lives: list[Life]) -> list[str]:
    """No discount and no approved slip without a redemption behind it."""
    numbers = {each["confirmation"] for each in books.committed}
    wrong = []
    for life in lives:
        if life.memory and not life.shows("NO LEDGER!"):
            wrong.append("a ledger that forgets was not told")
        for number in life.promised():
            if number not in numbers:
                wrong.append(f"a discount was given for {number}")
        for slip in life.slips:
            done = b"APPROVED" in slip and b"NOT APPROVED" not in slip
            done = done or b"REFUNDED" in slip or b"VOIDED" in slip
            if done and not any(number.encode() in slip for number in numbers):
                wrong.append("an approved slip without a commitment")
    return wrong
