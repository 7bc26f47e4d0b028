"""Displays that refuse a write, wake up late or lose half a byte; worn keys; a roll that ends.

That a glitch is gone within seconds, with no key pressed, takes eight of them by the wall: it
is seen on the character display here, on the others and on CPython by `make prove`. Its rule
has its own tests with a clock that is moved, in host_tests/terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.kit.headless import Handheld, profile_text
from host_tests.system.handheld.conftest import at_rest
from host_tests.system.handheld.hands import errors, home, logged, to_offer, until
from milepad.words import en_ca
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient

DISPLAYS = ["lcd20x4 micropython", "ssd1306 micropython", "lcd20x4 cpython"]
IN_PROOFS = [DISPLAYS[0], *(pytest.param(e, marks=pytest.mark.prove) for e in DISPLAYS[1:])]
FOR_EVER = {"after": 0, "count": 1 << 31}
STARTED = "display: started again"


@pytest.fixture(params=DISPLAYS, scope="module")
def a_handheld(
    request: pytest.FixtureRequest,
    running_platform: RunningEmulator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[HandheldClient]:
    display, interpreter = request.param.split()
    folder: Path = tmp_path_factory.mktemp("handheld")
    profile = folder / "profile.toml"
    profile.write_text(profile_text(running_platform, {}), "utf-8")
    options = ["--display", display, "--interpreter", interpreter]
    with Handheld(profile, folder / "flash.img", options) as handheld:
        yield handheld


@pytest.fixture
def handheld(a_handheld: HandheldClient, platform: RunningEmulator) -> HandheldClient:
    return at_rest(a_handheld)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_after_one_error_on_the_bus_the_sale_goes_on_in_sight(
    after: int, handheld: HandheldClient, platform: RunningEmulator
) -> None:
    to_offer(handheld)
    handheld.send({"i2c_fault": {"after": after, "count": 1}})
    handheld.press("ENTER")
    handheld.wait_screen("ENTER=GO ON")
    assert len(platform.requests("redeem")) == 1
    home(handheld)


def test_no_redemption_leaves_while_the_display_is_dark(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    to_offer(handheld)
    starts = logged(handheld).count(STARTED)
    handheld.send({"i2c_fault": FOR_EVER})
    for _ in range(3):
        handheld.press("ENTER")
        until(lambda: errors(handheld) > 0)
    assert platform.requests("redeem") == []
    handheld.send({"i2c_fault": {"after": 0, "count": 0}})
    until(lambda: logged(handheld).count(STARTED) > starts)
    handheld.send({"key": "CANCEL"})
    handheld.wait_screen("CHECKOUT")
    assert platform.requests("redeem") == []


def test_a_display_that_wakes_up_late_shows_where_the_device_is(
    handheld: HandheldClient,
) -> None:
    handheld.cut()
    handheld.send({"i2c_fault": {"after": 0, "count": 8}})
    handheld.power()
    handheld.wait_screen("CHECKOUT")
    assert any(text.startswith("display: nothing at I2C") for text in logged(handheld))


@pytest.mark.parametrize("a_handheld", IN_PROOFS, indirect=True)
def test_what_a_glitch_left_is_gone_within_seconds(handheld: HandheldClient) -> None:
    handheld.press("1")
    handheld.wait_screen("TOTAL WITH TAX")
    handheld.send({"glitch": True})
    handheld.send({"key": "4"})
    handheld.wait_screen("$0.04")
    assert handheld.screen[0].rstrip() == "TOTAL WITH TAX"
    handheld.press("CANCEL")
    handheld.wait_screen("CHECKOUT")


def test_what_a_glitch_left_is_gone_with_the_next_screen(handheld: HandheldClient) -> None:
    idle = handheld.screen
    handheld.press("1")
    handheld.wait_screen("TOTAL WITH TAX")
    handheld.send({"glitch": True})
    handheld.send({"key": "CANCEL"})
    until(
        lambda: handheld.screen[:3] == idle[:3] and handheld.screen[3].startswith("4 MORE ")
    )


@pytest.mark.parametrize("open_ms", [10, 15, 20])
def test_worn_contacts_that_open_while_held_key_each_digit_once(
    open_ms: int, handheld: HandheldClient
) -> None:
    handheld.send({"bounce": open_ms})
    for name in ("1", *"4335"):
        handheld.send({"key": name})
    handheld.wait_screen("$43.35")
    handheld.send({"key": "CANCEL"})
    handheld.wait_screen("CHECKOUT")
    handheld.send({"bounce": 0})


def test_a_display_that_acknowledges_nothing_ignores_the_fault_and_mends_its_glitch(
    running_platform: RunningEmulator, tmp_path: Path
) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text(profile_text(running_platform, {}), "utf-8")
    options = ["--display", "st7789"]
    with Handheld(profile, tmp_path / "flash.img", options) as handheld:
        handheld.wait_screen("CHECKOUT")
        handheld.send({"i2c_fault": FOR_EVER})
        handheld.send({"glitch": True})
        handheld.press("1")
        handheld.wait_screen("TOTAL WITH TAX")
        until(lambda: handheld.screen[3].rstrip() == en_ca.TEXTS["money_hint"])


def test_paper_that_ends_within_a_slip_costs_no_line_and_the_slip_comes_once(
    handheld: HandheldClient,
) -> None:
    to_offer(handheld)
    count = len(handheld.slips)
    handheld.send({"paper_left": 8})
    handheld.press("ENTER")
    handheld.wait_screen("PAPER")
    handheld.send({"paper": True})
    handheld.press("ENTER")
    handheld.wait_screen("ENTER=GO ON")
    until(lambda: len(handheld.slips) > count)
    (slip,) = handheld.slips[count:]
    assert "COPY - PRINTED AGAIN" in slip.text
    assert slip.text.count("APPROVED") <= 1
    home(handheld)
