"""A board with a colour display: what it shows is read off the canvas by its dots."""

from __future__ import annotations

import pytest

from host_tests.kit.page import Held


@pytest.fixture(scope="module")
def options() -> tuple[str, ...]:
    return ("--board", "esp32s3_handheld")


def test_what_the_canvas_shows_is_what_the_chip_shows(held: Held) -> None:
    assert held.page.locator("#keypad .key").count() == 16
    held.press("1")
    held.wait("TOTAL")
    held.press("4335")
    held.wait("$43.35")
    held.settle()
    assert held.read() == held.rows
