"""The headless program, MicroPython in it, and a platform: what a script outside would drive.

One platform serves all tests of a worker; it is reset before each. Handhelds are made one a
module where tests leave them on the idle screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.headless import (
    Handheld,
    platform,
    profile_text,
    running_platform,
)
from host_tests.system.handheld.hands import started
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient, HandheldError

__all__ = ["platform", "running_platform"]
MakeTill = Callable[..., HandheldClient]


def at_rest(till: HandheldClient) -> HandheldClient:
    """A handheld on its idle screen, even where the test before this one has failed."""
    try:
        till.wait_screen("CHECKOUT", timeout_s=5)
    except HandheldError:
        till.wifi(True)
        till.paper(True)
        till.send({"i2c_fault": {"after": 0, "count": 0}})
        till.send({"bounce": 0})
        till.cut()
        started(till)
    return till


@pytest.fixture(scope="module")
def make_till(
    running_platform: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeTill]:
    """Makes a handheld; `changes` by section of its profile. All end with the module."""
    made: list[HandheldClient] = []

    def make(
        where: Any = None, flash: Path | None = None, **changes: dict[str, Any]
    ) -> HandheldClient:
        folder = tmp_path_factory.mktemp("till")
        profile = folder / "profile.toml"
        profile.write_text(profile_text(where or running_platform, changes), "utf-8")
        till = Handheld(profile, flash or folder / "flash.img")
        made.append(till)
        return till

    yield make
    for till in made:
        till.close()


@pytest.fixture(scope="module")
def shared_till(make_till: MakeTill) -> HandheldClient:
    return make_till()


@pytest.fixture
def till(shared_till: HandheldClient, platform: RunningEmulator) -> HandheldClient:
    """The module's handheld, on its idle screen, with a reset platform."""
    return at_rest(shared_till)


@pytest.fixture
def shop(platform: RunningEmulator, tmp_path: Path) -> Path:
    """A profile that both faces are given."""
    profile = tmp_path / "shop.toml"
    profile.write_text(profile_text(platform, {}), "utf-8")
    return profile
