"""A board without digits and with an OLED: three buttons choose a key, held they are others."""

from __future__ import annotations

import pytest

from host_tests.kit.page import Held


@pytest.fixture(scope="module")
def options() -> tuple[str, ...]:
    return ("--board", "m5stack_oled")


def test_a_key_is_chosen_pressed_and_left_by_holding(held: Held) -> None:
    page = held.page
    assert page.locator("#keypad .key").count() == 3
    # What is chosen is shown for three seconds only: nothing waits for it in between.
    page.keyboard.press("ArrowUp")  # the first press only shows what is chosen: 1
    page.keyboard.press("Enter")
    held.wait("TOTAL WITH TAX")
    assert held.read() == held.rows
    page.locator("[data-key=DOWN]").click(delay=1000)  # held: CANCEL
    held.wait("1 CHECKOUT")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    held.wait("TOTAL WITH TAX")
    page.keyboard.press("Escape")
    held.wait("1 CHECKOUT")
    assert page.locator("#scenarios .scenario").count() == 0
