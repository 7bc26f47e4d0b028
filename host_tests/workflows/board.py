"""A board in one process: the whole app runs on it, from the profile on flash to the menu."""

from __future__ import annotations

import asyncio
import io
import json
from types import SimpleNamespace
from typing import Any

from host_tests.kit.times import proven_time
from host_tests.workflows.shop import (
    KEYS,
    Buzzer,
    Display,
    Printer,
    ScriptedSession,
    document,
)
from milepad import app
from milepad.base.errors import DriverError
from milepad.ledger.stores.ring import memory_store


class Files:
    """A flash filesystem; `contents` is {name: bytes}."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.contents = contents

    def stat(self, name: str) -> tuple[int, ...]:
        if name not in self.contents:
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, len(self.contents[name]), 0, 0, 0)

    def open(self, name: str, mode: str) -> Any:
        if name not in self.contents:
            raise OSError(2)
        return io.BytesIO(self.contents[name])


class Reader:
    """Keys, or a serial reader: hands on what the test puts in."""

    def __init__(self) -> None:
        self.emit: Any = None

    async def run(self, emit: Any) -> None:
        self.emit = emit
        await asyncio.Event().wait()


def flash_files(**changes: dict[str, Any]) -> dict[str, bytes]:
    """What a provisioned device holds; `changes` by section of the profile."""
    public = document(**changes)
    public["platform"] = {
        k: v for k, v in public["platform"].items() if k != "client_secret"
    }
    public["network"] = {"ssid": "shop"}
    secret = {"client_secret": "very-secret", "wifi_password": "wifi-secret"}
    return {
        "profile.json": json.dumps(public).encode(),
        "secret.json": json.dumps(secret).encode(),
        "ca.der": b"0",
    }


class Board:
    """All that `app.run` wants of a board. The session is the scripted one."""

    unique_id = b"test"

    def __init__(self, files: dict[str, bytes] | None = None, **script: Any) -> None:
        self.files = Files(flash_files() if files is None else files)
        self.display, self.printer, self.buzzer = Display(), Printer(), Buzzer()
        self.keypad, self.scanner = Reader(), Reader()
        self.readers = [self.scanner]
        self.session = ScriptedSession(**script)
        self.store = memory_store(24, "")
        self.store.warning = ""
        self.lines: list[str] = []
        self.has_display = True
        self.time = proven_time()
        self.wlan = SimpleNamespace(join=lambda ssid, password: None, is_up=lambda: True)

    async def start(self) -> None:
        if not self.has_display:
            self.display = NoDisplay()  # type: ignore[assignment]

    def client(self, *_settings: object) -> None:
        """None: what is above it is scripted."""

    def ledger_store(self) -> Any:
        return self.store

    def log(self, text: str) -> None:
        self.lines.append(text)

    # --- hands ---

    def boot(self, monkeypatch: Any) -> asyncio.Task:
        """Power comes on."""
        monkeypatch.setattr(app, "Session", lambda *_: self.session)
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


class NoDisplay(Display):
    """A display that is not there when it is started."""

    async def start(self) -> None:
        raise DriverError("display: nothing at I2C 0x27")
