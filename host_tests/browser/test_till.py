"""The cash register in the page's pane: a till's sale with the pad beside it."""

from __future__ import annotations

import pytest

from host_tests.kit.page import DEMO_CARD, Held


@pytest.fixture(scope="module")
def options() -> tuple[str, ...]:
    """A PIN pad that waits for its till."""
    return ("--till", "https")


def test_a_till_redeems_in_its_pane_and_learns_a_lost_response_by_the_status(
    shared: Held,
) -> None:
    held = shared
    held.wait("TILL")
    pane = held.pane("till")
    pane.locator('[data-good="1001"]').click()
    pane.locator(".basket .sum").filter(has_text="$43.35").wait_for()
    pane.locator("#reg-amount").fill("40.00")
    pane.locator("#reg-lose").check()
    pane.locator('[data-ask="redeem"]').click()
    held.wait("CARD")
    held.card(DEMO_CARD, "scan")
    held.wait("REDEEM")
    pane.locator('[data-result="lost"]').wait_for()
    held.press("ENTER")
    held.wait("APPROVED")
    pane.locator('[data-ask="status"]').click()
    told = pane.locator('[data-asked="status"]')
    told.filter(has_text="repeats its answer").filter(has_text="$40.00").wait_for()
    pane.locator(".basket .sum").filter(has_text="$3.35").wait_for()
    assert pane.locator('#reg-messages [data-direction="received"]').count() >= 1
    assert held.serious_faults() == []
    held.page.set_viewport_size({"width": 360, "height": 800})
    assert held.page.evaluate("document.documentElement.scrollWidth") == 360
    assert held.complaints == []


def test_a_french_screen_has_the_chip_s_own_accents(shared: Held) -> None:
    shared.page.set_viewport_size({"width": 1280, "height": 800})
    shared.page.select_option('[data-switch="device_language"]', "fr-CA")
    shared.wait("PRÊT POUR LA CAISSE")
    rows = shared.rows
    assert not "".join(rows).isascii()
    assert shared.read() == rows
    assert shared.complaints == []
