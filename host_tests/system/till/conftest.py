"""One platform for all tests of this room, and PIN pads that a module's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.headless import platform, running_platform
from host_tests.system.till import pads
from host_tests.system.till.pads import Desk, Pad
from tools.emulator.testing import RunningEmulator
from tools.till import links

__all__ = ["platform", "running_platform"]
GetPad = Callable[..., Pad]


@pytest.fixture(scope="module")
def get_pad(
    running_platform: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GetPad]:
    """A pad in a mode; one for each profile, and each on its idle screen."""
    made: dict[str, Pad] = {}

    def get(mode: str, **changes: dict[str, Any]) -> Pad:
        name = repr((mode, sorted(changes.items())))
        if name not in made:
            folder = tmp_path_factory.mktemp("pad")
            profile = pads.profile_of(running_platform, folder, mode, **changes)
            passphrase = changes.get("till", {}).get("passphrase", mode != "serial")
            made[name] = Pad(profile, folder / "flash.img", mode, bool(passphrase))
        pad = made[name]
        pad.idle()
        return pad

    yield get
    for pad in made.values():
        pad.close()


@pytest.fixture(autouse=True)
def patient_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pad on a busy machine takes its time to shake hands."""
    monkeypatch.setattr(links, "_CONNECT_S", float(pads.LONG_S))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with pads.desk(tmp_path) as one:
        yield one


@pytest.fixture(params=pads.MODES)
def pad(request: pytest.FixtureRequest, get_pad: GetPad, platform: RunningEmulator) -> Pad:
    """A pad in each mode."""
    return get_pad(request.param)


@pytest.fixture
def tcp_pad(get_pad: GetPad, platform: RunningEmulator) -> Pad:
    """For what a dialogue does, which knows nothing of the way that it came."""
    return get_pad("tcp")
