"""A board in one process: the whole app runs on it, from the profile on flash to the menu."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from host_tests.kit.chips import Buzzer, Printer
from host_tests.kit.files import Files
from host_tests.kit.profile import flash_files
from host_tests.kit.session import ScriptedSession
from host_tests.kit.shop import KEYS, PrivateDisplay
from host_tests.kit.stores import ring_store
from host_tests.kit.times import proven_time
from milepad import app, starting


class Reader:
    """Keys, or a serial reader: hands on what the test puts in."""

    def __init__(self) -> None:
        self.emit: Any = None

    async def run(self, emit: Any) -> None:
        self.emit = emit
        await asyncio.Event().wait()


class Board:
    """All that `app.run` wants of a board. The session is the scripted one."""

    name, unique_id = "test board", b"test"

    def __init__(self, files: dict[str, bytes] | None = None, **script: Any) -> None:
        self.files = Files(flash_files() if files is None else files)
        self.display, self.printer, self.buzzer = PrivateDisplay(), Printer(), Buzzer()
        self.keypad, self.scanner = Reader(), Reader()
        self.readers = [self.scanner]
        self.session = ScriptedSession(**script)
        self.store = ring_store(24)
        self.store.warning = ""
        self.lines: list[str] = []
        self.time = proven_time()
        self.wlan = SimpleNamespace(
            join=lambda ssid, password, time_host: None,
            is_up=lambda: True,
            address=lambda: "192.168.1.7",
            signal_dbm=lambda: -67,
        )

    async def start(self) -> None:
        """What is on it starts by itself."""

    def client(self, *_settings: object) -> None:
        """None: what is above it is scripted."""

    def reset_cause(self) -> str:
        return "power"

    def ledger_store(self) -> Any:
        return self.store

    def log(self, text: str) -> None:
        self.lines.append(text)

    # --- hands ---

    def boot(self, monkeypatch: Any) -> asyncio.Task:
        """Power comes on."""
        monkeypatch.setattr(starting, "Session", lambda *_: self.session)
        return asyncio.create_task(app._main(self))

    async def press(self, *keys: str) -> None:
        for name in keys:
            for key in [name] if name in KEYS else name:
                self.keypad.emit("key", key)
                await asyncio.sleep(0.05)

    async def sees(self, *texts: str, within_s: float = 30) -> list[str]:
        try:
            async with asyncio.timeout(within_s):
                while not all(text in "\n".join(self.screen) for text in texts):
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"{texts} never came; last: {self.screen}") from None
        return self.screen

    @property
    def screen(self) -> list[str]:
        return self.display.screens[-1]
