"""One platform, and one handheld that may lose its power, for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.system.power.bench import Handheld, compiled_firmware
from tools.emulator.testing import RunningEmulator, running_emulator

# Well away from the hour at which the day turns.
START = "2026-01-30T15:00:00Z"


@pytest.fixture(scope="session")
def platform() -> Iterator[RunningEmulator]:
    # A mile buys a unit, so that a shift can be walked again and again; and nothing is
    # cancelled by itself, so that the ledger shows what each copy has done.
    with running_emulator(
        clock=START, unit_miles=1, daily_cap_dollars=10_000_000, self_cancel_s=-1
    ) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def firmware(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled_firmware(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def handheld(platform: RunningEmulator, firmware: Path) -> Iterator[Handheld]:
    platform.reset()
    platform.set_clock(START)
    device = Handheld(platform, firmware)
    yield device
    device.close()
