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
MakeHandheld = Callable[..., HandheldClient]


def at_rest(handheld: HandheldClient) -> HandheldClient:
    """A handheld on its idle screen, even where the test before this one has failed."""
    try:
        handheld.wait_screen("CHECKOUT", timeout_s=20)
    except HandheldError:
        handheld.wifi(True)
        handheld.paper(True)
        handheld.send({"i2c_fault": {"after": 0, "count": 0}})
        handheld.send({"bounce": 0})
        handheld.cut()
        started(handheld)
    return handheld


@pytest.fixture(scope="module")
def make_handheld(
    running_platform: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeHandheld]:
    """Makes a handheld; `changes` by section of its profile. All end with the module."""
    made: list[HandheldClient] = []

    def make(
        where: Any = None, flash: Path | None = None, **changes: dict[str, Any]
    ) -> HandheldClient:
        folder = tmp_path_factory.mktemp("handheld")
        profile = folder / "profile.toml"
        profile.write_text(profile_text(where or running_platform, changes), "utf-8")
        handheld = Handheld(profile, flash or folder / "flash.img")
        made.append(handheld)
        return handheld

    yield make
    for handheld in made:
        handheld.close()


@pytest.fixture(scope="module")
def shared_handheld(make_handheld: MakeHandheld) -> HandheldClient:
    return make_handheld()


@pytest.fixture
def handheld(shared_handheld: HandheldClient, platform: RunningEmulator) -> HandheldClient:
    """The module's handheld, on its idle screen, with a reset platform."""
    return at_rest(shared_handheld)


@pytest.fixture
def shop(platform: RunningEmulator, tmp_path: Path) -> Path:
    """A profile that both faces are given."""
    profile = tmp_path / "shop.toml"
    profile.write_text(profile_text(platform, {}), "utf-8")
    return profile
