"""One handheld around a real process: order of events, power cuts, and processes that fail."""

import asyncio
import base64
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from host_tests.kit.until import LONG_S
from tools.handheld.device import Device
from tools.handheld.events import Event
from tools.handheld.firmware import Program
from tools.handheld.headless import perform
from tools.handheld.wiring import Setup

FAKE = Path(__file__).with_name("fake_firmware.py")
DARK = [" " * 20] * 4


class Desk:
    """A device with the fake firmware in it, and everything that it told."""

    def __init__(self, scenario: str, flash: Path) -> None:
        self.told: list[dict[str, object]] = []
        self._news = asyncio.Event()
        program = Program([sys.executable, str(FAKE), scenario], os.environ)
        self.device = Device(Setup(program, flash), self._tell)

    def _tell(self, event: object) -> None:
        assert isinstance(event, dict)
        self.told.append(event)
        self._news.set()

    async def until(self, holds: Callable[[dict[str, object]], object]) -> None:
        """Waits for an event."""
        while not any(map(holds, self.told)):
            self._news.clear()
            await self._news.wait()

    async def until_row(self, text: str) -> None:
        """Waits for a screen with this first row."""
        await self.until(lambda event: event.get("screen") == [f"{text:<20}", *DARK[1:]])

    async def do(self, **event: object) -> None:
        """One event of the contract."""
        ((name, value),) = event.items()
        await perform(self.device, Event(name, value))


def play(
    script: Callable[[Desk], Awaitable[None]], tmp_path: Path, scenario: str = "answer"
) -> list[dict[str, object]]:
    """Runs a script against a device that is off, and returns what was told."""

    async def run() -> list[dict[str, object]]:
        desk = Desk(scenario, tmp_path / "flash.img")
        await desk.device.start()
        try:
            await asyncio.wait_for(script(desk), LONG_S)
        finally:
            await desk.device.close()
        return desk.told

    return asyncio.run(run())


def without_logs(told: list[dict[str, object]]) -> list[dict[str, object]]:
    return [event for event in told if "log" not in event]


def row(text: str) -> dict[str, object]:
    return {"screen": [f"{text:<20}", *DARK[1:]]}


def test_power_keys_sounds_screens_and_slips_come_in_order(tmp_path):
    async def script(desk: Desk) -> None:
        await desk.do(power=True)
        await desk.until_row("boot 1")
        await desk.do(key="4")
        await desk.until_row("key 1,0")
        await desk.do(key="ENTER")
        await desk.until(lambda event: "slip" in event)

    raw = b"\x1b@\x1c.slip\n\x1dV\x00"
    assert without_logs(play(script, tmp_path)) == [
        {"power": "on"},
        row("boot 1"),
        {"sound": "key"},
        row("key 1,0"),
        {"sound": "key"},
        row("key 4,0"),
        {"slip": {"lines": ["slip"], "escpos": base64.b64encode(raw).decode()}},
    ]


def test_a_power_cut_darkens_the_screen_and_the_flash_file_stays(tmp_path):
    async def script(desk: Desk) -> None:
        await desk.do(power=True)
        await desk.until_row("boot 1")
        await desk.do(cut=True)
        await desk.do(power=True)
        await desk.until_row("boot 2")

    assert without_logs(play(script, tmp_path)) == [
        {"power": "on"},
        row("boot 1"),
        {"power": "off"},
        {"screen": DARK},
        {"power": "on"},
        row("boot 2"),
    ]


def test_what_a_reader_sends_and_the_state_of_the_air_reach_the_board(tmp_path):
    async def script(desk: Desk) -> None:
        await desk.do(wifi=False)
        await desk.do(power=True)
        await desk.until(lambda event: event.get("log") == "W \x00")
        await desk.do(scan="84095202006")
        await desk.do(swipe={"track2": ";1=2?"})
        await desk.do(wifi=True)
        await desk.until(lambda event: event.get("log") == "W \x01")

    logs = [event["log"] for event in play(script, tmp_path) if "log" in event]
    assert logs[1:] == ["W \x00", "U \x0184095202006\r", "U \x02;1=2?\r\n", "W \x01"]


def test_what_the_time_server_does_reaches_the_board_and_outlives_its_power(tmp_path):
    async def script(desk: Desk) -> None:
        await desk.do(ntp="absent")
        await desk.do(power=True)
        await desk.until(lambda event: event.get("log") == "T 0")
        await desk.do(ntp={"unix_s": 0x20202020})
        await desk.until(lambda event: str(event.get("log")).startswith("T =\0\0\0\0   "))
        await desk.do(cut=True)
        await desk.do(power=True)
        await desk.until(lambda event: desk.told.count({"power": "on"}) == 2)
        await desk.until(lambda event: str(event.get("log")).startswith("T ="))

    play(script, tmp_path)


def test_a_late_time_server_is_silent_first_after_each_power_up(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.handheld.time_server.LATE_S", 0.2)

    async def script(desk: Desk) -> None:
        await desk.do(ntp="late")
        await desk.do(power=True)
        await desk.until(lambda event: event.get("log") == "T 1")

    told = [event["log"] for event in play(script, tmp_path) if "log" in event]
    assert [line for line in told if line.startswith("T")] == ["T 0", "T 1"]


def test_without_power_keys_do_nothing_and_say_so(tmp_path):
    async def script(desk: Desk) -> None:
        await desk.do(key="4")
        await desk.do(scan="1")
        await desk.do(cut=True)

    assert play(script, tmp_path) == [
        {"log": "the handheld is off: key has no effect"},
        {"log": "the handheld is off: scan has no effect"},
        {"log": "power is off already"},
    ]


def test_power_twice_is_one_boot(tmp_path):
    async def script(desk: Desk) -> None:
        await desk.do(power=True)
        await desk.do(power=True)
        await desk.until_row("boot 1")

    told = play(script, tmp_path)
    assert told.count({"power": "on"}) == 1
    assert {"log": "power is on already"} in told


def test_a_firmware_that_ends_by_itself_is_reported_and_can_be_booted_again(tmp_path):
    async def script(desk: Desk) -> None:
        await desk.do(power=True)
        await desk.until(lambda event: event.get("power") == "off")
        await desk.do(power=True)
        await desk.until(lambda event: desk.told.count({"power": "off"}) == 2)

    assert play(script, tmp_path, "die")[:3] == [
        {"power": "on"},
        {"log": "the firmware stopped by itself (exit 3)"},
        {"power": "off"},
    ]


def test_a_firmware_that_writes_no_frames_is_stopped_and_its_words_are_for_people(
    tmp_path, capfd
):
    async def script(desk: Desk) -> None:
        await desk.do(power=True)
        await desk.until(lambda event: event.get("power") == "off")

    told = play(script, tmp_path, "print")
    assert {"log": "the firmware wrote bytes that are no frame"} in told
    assert "Traceback: this is no frame" in capfd.readouterr().err
