"""Sales that earn, on the whole handheld with each display, and back again by the slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_tests.kit.headless import Handheld, profile_text
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient

CARD = "84095202006"
EARNS = {"issuance": {"family": "amrp", "taxes": [["HST", "13"]]}}


def earn(handheld: HandheldClient) -> str:
    """A sale of $43.35 by key 5; the trace id in its slip's bars."""
    handheld.wait_screen("5 EARN")
    handheld.press("5")
    handheld.wait_screen("TOTAL BEFORE TAX")
    handheld.press("3836", "ENTER")
    handheld.wait_screen("TOTAL WITH TAX")
    handheld.press("4335", "ENTER")
    handheld.wait_screen("SCAN CARD")
    handheld.scan(CARD)
    handheld.wait_screen("EARNED 1")
    handheld.wait_screen("ENTER=GO ON")
    handheld.press("ENTER")
    handheld.wait_screen("5 EARN")
    (bars,) = [line for line in handheld.wait_slip().lines if "CODE128" in line]
    return bars.strip("[] ").split()[-1]


@pytest.mark.parametrize("display", ["lcd20x4", "ssd1306", "st7789"])
def test_a_sale_earns_by_key_5_and_is_taken_back_by_its_slip_on_every_display(
    display: str, platform: RunningEmulator, tmp_path: Path
) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text(profile_text(platform, EARNS), "utf-8")
    options = ["--display", display]
    with Handheld(profile, tmp_path / "flash.img", options) as handheld:
        number = earn(handheld)
        handheld.press("6")
        handheld.wait_screen("SCAN THE SLIP")
        handheld.scan(number)
        handheld.wait_screen("ENTER=ALL")
        handheld.press("ENTER")
        handheld.wait_screen("TAKEN BACK 1")
        handheld.wait_screen("ENTER=GO ON")
        handheld.press("ENTER")
        handheld.wait_screen("5 EARN")
        assert handheld.complaints == []
    moved = [(each["op"], each["post_tax"], each["miles"]) for each in platform.issuances()]
    assert moved == [("issue", "43.35", 1), ("return", "43.35", 1)]
    assert platform.issuances()[0]["trace_id"] == number
