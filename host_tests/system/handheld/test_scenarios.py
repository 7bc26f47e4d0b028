"""Each scenario of the page plays through in the headless program too, on one device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from host_tests.kit.headless import START
from host_tests.system.handheld.conftest import MakeHandheld
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.handheld.client import HandheldClient
from tools.handheld.page import player

PLAYED = [each for each in player.scenarios() if not each.is_till_s]
EARNING = {"family": "amrp", "at_checkout": False, "taxes": [["HST", "13"]]}


@pytest.fixture(scope="module")
def magician() -> Iterator[RunningEmulator]:
    """A platform that obeys magic amounts, as that of the page does."""
    with running_emulator(clock=START, magic=True) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def device(make_handheld: MakeHandheld, magician: RunningEmulator) -> HandheldClient:
    """One that earns, as that of the page does."""
    return make_handheld(magician, issuance=EARNING)


def order(platform: RunningEmulator, name: str, value: Any) -> None:
    """What has no effect on the headless program: the platform is told."""
    if name == "fault":
        platform.faults(**value)
    elif name == "faults":
        platform.clear()


@pytest.mark.parametrize("scenario", PLAYED, ids=lambda each: each.name)
def test_a_scenario_plays_through(
    device: HandheldClient, magician: RunningEmulator, scenario: player.Scenario
) -> None:
    language = scenario.about["language"]
    if language != "en-CA":
        device.send({"language": language})
    for event in scenario.events:
        if event.name == "wait" and isinstance(event.value, dict):
            device.wait_screen(event.value["screen"])
        elif event.name in ("fault", "faults"):
            order(magician, event.name, event.value)
        elif event.name != "say":
            device.send({event.name: event.value})
    if language != "en-CA":
        device.send({"language": "en-CA"})
    device.wait_screen("1 CHECKOUT")
