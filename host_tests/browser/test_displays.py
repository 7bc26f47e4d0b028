"""The other boards' glass: an OLED and a TFT, read off the canvas by their dots."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from host_tests.kit.page import Held, serving


@pytest.fixture(params=["feather_circuitpython", "esp32s3_handheld"])
def shown(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Held]:
    """The page of a board with another display."""
    with serving("--board", request.param) as address, browser.new_context() as context:
        held = Held(context.new_page(), address)
        held.wait("CHECKOUT")
        yield held
        assert held.complaints == []


def test_what_the_canvas_shows_is_what_the_chip_shows(shown: Held) -> None:
    assert shown.page.locator("#keypad .key").count() == 16
    shown.press("1")
    shown.wait("TOTAL")
    shown.press("4335")
    shown.wait("$43.35")
    shown.settle()
    assert shown.read() == shown.rows
