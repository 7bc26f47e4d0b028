"""The page adds no second simulator: what the device tells goes to every page, in that order."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from tools.handheld.events import Event
from tools.handheld.firmware import Program
from tools.handheld.page.face import Face
from tools.handheld.wiring import Setup

FAKE = Path(__file__).parents[1] / "fake_firmware.py"
FIXED: dict[str, Any] = {"language": "en-CA"}
OWN = ("pixels", "strip", "switches", "device")  # what only a page is told


def test_a_page_is_told_what_a_program_is_told_and_in_that_order(tmp_path: Path) -> None:
    async def run() -> tuple[list[Any], list[Any]]:
        program = Program([sys.executable, str(FAKE), "answer"], os.environ)
        face = Face(Setup(program, tmp_path / "flash.img"), FIXED)
        told: list[Any] = []
        listener = face.device._listener
        face.device._listener = lambda event: (told.append(event), listener(event))[1]
        page = face.clients.join()
        assert "ready" in json.loads(await page.next())
        await face.device.start()
        try:
            await face.device.power()
            await face.device.screens.wait("X", 0.3)
            await face.perform(Event("key", "1"))
            await face.device.screens.wait("X", 0.5)
            await face.device.cut()
        finally:
            await face.close()
        got = [json.loads(await page.next()) for _ in range(len(page))]
        return told, [each for each in got if next(iter(each)) not in OWN]

    told, got = asyncio.run(run())
    assert got == told and {"power": "on"} in told and {"power": "off"} in told


def test_a_switch_is_told_once_whole_and_stays_in_the_state(tmp_path: Path) -> None:
    async def run() -> None:
        face = Face(Setup(Program([], {}), tmp_path / "flash.img"), FIXED)
        page = face.clients.join()
        ready = json.loads(await page.next())["ready"]
        assert ready["switches"]["battery_is_measured"] is False
        for _ in range(2):
            await face.perform(Event("paper", False))
        assert len(page) == 1
        assert json.loads(await page.next())["switches"]["paper"] is False
        again = face.clients.join()
        assert json.loads(await again.next())["ready"]["switches"]["paper"] is False

    asyncio.run(run())
