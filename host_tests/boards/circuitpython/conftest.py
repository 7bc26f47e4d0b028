"""A Feather's drive, a platform and a time server for it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from host_tests.boards.circuitpython.feather import PACE, Feather, fill, make_drive
from host_tests.kit.time_server import TimeServer
from tools import profile
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.profile import template

NTP_HOST, NTP_ADDRESS = "pool.ntp.org", "192.0.2.123"


@pytest.fixture(scope="session")
def firmware_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a deployment and circup put onto the drive."""
    return fill(tmp_path_factory.mktemp("feather") / "drive")


@pytest.fixture(scope="session")
def platform() -> Iterator[RunningEmulator]:
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def time_server() -> Iterator[TimeServer]:
    server = TimeServer(lambda: int(time.time()))
    yield server
    server.close()


@pytest.fixture
def issuance() -> dict[str, object]:
    """How the shop's sales earn: not at all."""
    return {}


@pytest.fixture
def drive(
    firmware_folder: Path,
    platform: RunningEmulator,
    tmp_path: Path,
    issuance: dict[str, object],
) -> Path:
    """A provisioned drive."""
    platform.reset()
    shop = tmp_path / "shop.toml"
    changes = {
        # By the board's clock, which is fast: 12 s.
        "platform": {"connect_s": 12 * PACE, "reply_s": 12 * PACE, "echo_s": 0},
        "cashier": {"idle_s": 600},  # no screen goes by itself: two minutes here
        "printer": {"store_copy": False, "baud": 115200},
        **({"issuance": issuance} if issuance else {}),
    }
    shop.write_text(template.for_platform(platform, changes), "utf-8")
    folder = tmp_path / "drive"
    shutil.copytree(firmware_folder, folder)
    for name, raw in profile.load(shop).files.items():
        (folder / name).write_bytes(raw)
    return make_drive(tmp_path / "drive.img", folder)


@pytest.fixture
def power_up(drive: Path, time_server: TimeServer) -> Iterator[Callable[[], Feather]]:
    """Powers the same drive up, as often as it is called."""
    hosts: dict[str, tuple[str, int]] = {"localhost": ("127.0.0.1", 0)}
    hosts[NTP_HOST] = (NTP_ADDRESS, 0)
    hosts[NTP_ADDRESS] = ("127.0.0.1", time_server.port)
    lives: list[Feather] = []

    def start() -> Feather:
        lives.append(Feather(drive, hosts))
        return lives[-1]

    yield start
    for life in lives:
        if life.status is None:
            life.cut()
