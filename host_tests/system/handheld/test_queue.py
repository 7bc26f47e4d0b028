"""Earnings on MicroPython against the emulated platform: offline, cut, sent when it is back."""

from __future__ import annotations

import pytest

from host_tests.system.handheld.conftest import MakeTill
from host_tests.system.handheld.hands import CARD, home, shows, started, until
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient

EARNING = {"issuance": {"family": "amrp", "taxes": [["HST", "13"]]}}


@pytest.fixture(scope="module")
def shared_till(make_till: MakeTill) -> HandheldClient:
    return make_till(**EARNING)


def queue(till: HandheldClient) -> int:
    """How many earnings wait, as the firmware told last."""
    told = [event["queue"]["count"] for event in till.events if "queue" in event]
    return told[-1] if told else 0


def earn(till: HandheldClient, cents: str = "2822") -> list[str]:
    """A sale that earns by itself, up to its last screen."""
    till.wait_screen("CHECKOUT")
    till.press("5")
    till.wait_screen("TOTAL BEFORE TAX")
    till.press("2497", "ENTER")
    till.wait_screen("TOTAL WITH TAX")
    till.press(cents, "ENTER")
    till.wait_screen("CARD")
    till.scan(CARD)
    return shows(till, "ENTER=GO ON")


def test_a_sale_earns_at_once(till: HandheldClient, platform: RunningEmulator) -> None:
    assert "EARNED" in earn(till)[0]
    home(till)
    assert [each["op"] for each in platform.issuances()] == ["issue"]
    assert queue(till) == 0


def test_without_wifi_it_waits_through_a_cut_and_is_sent_once(
    till: HandheldClient, platform: RunningEmulator
) -> None:
    till.wifi(False)
    till.wait_screen("NO WI-FI")
    for _ in range(2):
        assert "WILL BE ADDED" in earn(till)[0]
        home(till)
    until(lambda: queue(till) == 2)
    shows(till, "2 HELD")
    till.cut()
    started(till)
    shows(till, "2 HELD")
    assert platform.issuances() == []
    till.wifi(True)
    until(lambda: queue(till) == 0, 20)
    assert [each["op"] for each in platform.issuances()] == ["issue", "issue"]
    keys = [each["headers"]["idempotency-key"] for each in platform.requests("issue")]
    assert len(keys) == len(set(keys)) == 2
    assert not till.complaints
