"""Earnings on MicroPython against the emulated platform: offline, cut, sent when it is back."""

from __future__ import annotations

import pytest

from host_tests.system.handheld.conftest import MakeHandheld
from host_tests.system.handheld.hands import CARD, home, shows, started, until
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient

EARNING = {"issuance": {"family": "amrp", "taxes": [["HST", "13"]]}}


@pytest.fixture(scope="module")
def shared_handheld(make_handheld: MakeHandheld) -> HandheldClient:
    return make_handheld(**EARNING)


def queue(handheld: HandheldClient) -> int:
    """How many earnings wait, as the firmware told last in this life; -1: not yet."""
    count = -1
    for event in list(handheld.events):
        if event.get("power") == "on":
            count = -1
        count = event.get("queue", {}).get("count", count)
    return count


def earn(handheld: HandheldClient, cents: str = "2822") -> list[str]:
    """A sale that earns by itself, up to its last screen."""
    handheld.wait_screen("CHECKOUT")
    handheld.press("5")
    handheld.wait_screen("TOTAL BEFORE TAX")
    handheld.press("2497", "ENTER")
    handheld.wait_screen("TOTAL WITH TAX")
    handheld.press(cents, "ENTER")
    handheld.wait_screen("CARD")
    handheld.scan(CARD)
    return shows(handheld, "ENTER=GO ON")


def test_a_sale_earns_at_once(handheld: HandheldClient, platform: RunningEmulator) -> None:
    assert "EARNED" in earn(handheld)[0]
    home(handheld)
    assert [each["op"] for each in platform.issuances()] == ["issue"]
    assert queue(handheld) == 0


def test_without_wifi_it_waits_through_a_cut_and_is_sent_once(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    handheld.wifi(False)
    handheld.wait_screen("NO WI-FI")
    for _ in range(2):
        assert "WILL BE ADDED" in earn(handheld)[0]
        home(handheld)
    until(lambda: queue(handheld) == 2)
    shows(handheld, "2 HELD")
    handheld.cut()
    started(handheld)
    shows(handheld, "2 HELD")
    assert platform.issuances() == []
    handheld.wifi(True)
    until(lambda: queue(handheld) == 0)
    assert [each["op"] for each in platform.issuances()] == ["issue", "issue"]
    keys = [each["headers"]["idempotency-key"] for each in platform.requests("issue")]
    assert len(keys) == len(set(keys)) == 2
    assert not handheld.complaints
