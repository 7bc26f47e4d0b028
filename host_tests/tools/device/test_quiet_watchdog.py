"""The watchdog of a board that files are copied to."""

from __future__ import annotations

import runpy
import sys
from types import SimpleNamespace

import pytest

from tools.folders import ROOT

SCRIPT = ROOT / "tools/device/on_device/quiet_watchdog.py"


class Machine:
    """MicroPython's `machine`, as far as a watchdog goes."""

    def __init__(self) -> None:
        self.mem32: dict[int, int] = {}
        self.timeouts_ms: list[int] = []

    def WDT(self, timeout: int) -> None:
        self.timeouts_ms.append(timeout)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine()
    monkeypatch.setitem(sys.modules, "machine", found)
    return found


def quiet(monkeypatch: pytest.MonkeyPatch, port: str, board: str) -> None:
    function = runpy.run_path(str(SCRIPT))["quiet_watchdog"]
    monkeypatch.setattr(sys, "platform", port)
    monkeypatch.setattr(sys, "implementation", SimpleNamespace(_machine=board))
    try:
        function()
    finally:
        monkeypatch.undo()


@pytest.mark.parametrize(
    ("port", "board"), [("esp32", "Generic ESP32S3 module with ESP32S3"), ("linux", "")]
)
def test_it_gets_an_hour_where_it_can_be_set_again(monkeypatch, machine, port, board):
    quiet(monkeypatch, port, board)
    assert machine.timeouts_ms == [3600000]
    assert machine.mem32 == {}


def test_on_an_rp2350_it_is_stopped_by_its_register(monkeypatch, machine):
    quiet(monkeypatch, "rp2", "Raspberry Pi Pico 2 W with RP2350")
    assert machine.timeouts_ms == []
    assert machine.mem32 == {0x400DB000: 1 << 30}


def test_no_register_of_another_chip_is_written(monkeypatch, machine):
    quiet(monkeypatch, "rp2", "Raspberry Pi Pico W with RP2040")
    assert (machine.timeouts_ms, machine.mem32) == ([], {})
