"""The client drives the real program and says what it saw when it waits in vain."""

import os
import subprocess

import pytest

from host_tests.kit.until import LONG_S
from tools.handheld.client import HandheldClient, HandheldError


@pytest.fixture
def handheld(tmp_path):
    with HandheldClient(None, tmp_path / "flash.img") as client:
        yield client


def test_power_can_be_cut_and_comes_back(handheld):
    handheld.cut()
    handheld.power()
    handheld.cut()
    powers = [event["power"] for event in handheld.events if "power" in event]
    assert powers == ["on", "off", "on", "off"]
    assert handheld.close() == 0


def test_a_key_that_is_pressed_while_the_board_starts_is_heard(handheld):
    handheld.key("4")
    handheld.wait_sound("key")


def test_waiting_in_vain_tells_the_last_events(handheld):
    handheld.cut()
    with pytest.raises(HandheldError, match=r"a screen with 'NEVER' did not(.|\n)*power"):
        handheld.wait_screen("NEVER", timeout_s=0.05)


def test_waiting_ends_when_the_program_has_ended(handheld):
    handheld.send({"quit": True})
    with pytest.raises(HandheldError, match="the handheld has ended"):
        handheld.wait_slip()
    assert handheld.close() == 0


def children(pid: int) -> list[int]:
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True
    )
    pairs = [line.split() for line in listing.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def test_a_signal_ends_the_program_and_the_firmware_with_it(handheld):
    handheld.wait_screen("")
    (firmware,) = children(handheld._process.pid)
    handheld._process.terminate()
    assert handheld._process.wait(LONG_S) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(firmware, 0)
