"""Another programme on MicroPython, by its profile alone: 1,500 points are ten dollars."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from host_tests.kit.headless import START
from host_tests.kit.profile import BLUE_REWARDS
from host_tests.system.handheld.conftest import MakeHandheld
from host_tests.system.handheld.hands import CARD, shows
from tools.emulator.testing import RunningEmulator, running_emulator

FOREIGN = re.compile(
    r"air ?miles|\bmil+es?\b|\bcash\b|\bargent\b|dream|rêves", re.IGNORECASE
)
# The platform's own words, which are printed as they come.
OFFER = re.compile(r"Save \$10 .*?Miles\.|Économisez .*?Argent\.", re.DOTALL)
SCREENS = {
    "en-CA": (
        "REDEEM        $30.00",
        "3x$10: 4500 POINTS",
        "ENTER=GO ON",
        "4500 POINTS BACK",
    ),
    "fr-CA": (
        "ÉCHANGER     30,00 $",
        "3x10 $: 4500 POINTS",
        "ENTER=CON",
        "4500 POINTS REMIS",
    ),
}


@pytest.fixture(scope="module")
def points() -> Iterator[RunningEmulator]:
    """A platform whose unit is 1,500 points."""
    with running_emulator(clock=START, self_cancel_s=-1, unit_miles=1500) as emulator:
        yield emulator


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
def test_a_checkout_and_its_refund_in_points(
    points: RunningEmulator, make_handheld: MakeHandheld, language: str
) -> None:
    points.reset()
    handheld = make_handheld(points, programme=BLUE_REWARDS, cashier={"language": language})
    idle = "1 CHECKOUT" if language == "en-CA" else "1 ACHAT"
    handheld.wait_screen(idle)
    redeem, units, go_on, back = SCREENS[language]
    handheld.press("1")
    handheld.wait_screen("TOTAL")
    handheld.press("4335", "ENTER")
    handheld.wait_screen("CAR")
    handheld.scan(CARD)
    assert shows(handheld, "UP/DOWN")[:2] == [redeem, units]
    handheld.press("ENTER")
    number = shows(handheld, go_on)[1].split()[-1]
    handheld.wait_slip()
    handheld.press("ENTER")
    handheld.wait_screen(idle)
    handheld.press("3")
    handheld.wait_screen("CONFIRMATION")
    handheld.scan(number)
    handheld.wait_screen("CAR")
    handheld.scan(CARD)
    handheld.wait_screen("ENTER=")
    handheld.press("ENTER")
    assert back in shows(handheld, go_on)
    handheld.wait_slip()
    texts = ["\n".join(event["screen"]) for event in handheld.events if "screen" in event]
    texts += [
        "\n".join(event["slip"]["lines"]) for event in handheld.events if "slip" in event
    ]
    assert len([text for text in texts if "Blue Rewards" in text]) == 2
    for text in texts:
        assert not FOREIGN.search(OFFER.sub("", text)), text
