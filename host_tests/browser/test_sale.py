"""A cashier's sale in the page: the whole procedure, by pointer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from host_tests.kit.page import DEMO_CARD, Held


def test_a_checkout_is_on_the_glass_dot_by_dot(held: Held) -> None:
    held.offer("4335")
    assert held.read() == held.rows
    held.press("ENTER")
    held.wait("APPROVED", "ENTER=GO ON")
    assert held.read() == held.rows
    held.press("ENTER")
    held.wait("CHECKOUT")


def test_the_slip_s_barcode_scanned_back_refunds_the_sale(held: Held) -> None:
    held.offer("4335", "backward")
    held.redeem()
    held.paper_at_rest()
    held.press("3")
    held.wait("CONFIRMATION")
    held.page.locator("#rescan").click()
    held.wait("CARD")
    held.card(DEMO_CARD, "scan")
    held.wait("ENTER=YES")
    held.press("ENTER")
    held.wait("REFUNDED", "ENTER=GO ON")
    held.press("ENTER")
    held.wait("CHECKOUT")
    entries = held.pane("ledgers").locator('[data-match="same"]')
    entries.nth(1).wait_for()


def test_a_card_too_fast_or_half_is_not_read_and_may_be_swiped_again(held: Held) -> None:
    held.press("1")
    held.wait("TOTAL")
    held.press("2000", "ENTER")
    held.wait("CARD")
    held.card(DEMO_CARD, "half")
    held.wait("CARD")
    held.card(DEMO_CARD, "backward")
    held.wait("REDEEM")
    held.press("CANCEL")
    held.wait("CHECKOUT")


@pytest.mark.parametrize("place", ["#card-slot", "#scan-window"])
def test_a_card_is_dragged_onto_the_slot_or_the_glass(held: Held, place: str) -> None:
    held.press("1")
    held.wait("TOTAL")
    held.press("2000", "ENTER")
    held.wait("CARD")
    held.drag("81000000041", place)
    held.wait("REFUSED", "0006")
    held.press("CANCEL")
    held.wait("CHECKOUT")


def test_paper_is_torn_off_and_kept_as_a_picture(held: Held) -> None:
    held.offer("2000")
    held.redeem()
    held.paper_at_rest()
    held.page.click("#tear")
    expect(held.page.locator("#roll canvas")).to_have_count(0)
    slip = held.pane("slips").locator(".slip").first
    assert "AIR MILES" in (slip.locator("canvas").get_attribute("aria-label") or "")
    with held.page.expect_download() as download:
        slip.locator("button").first.click()
    assert download.value.suggested_filename.endswith(".png")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
