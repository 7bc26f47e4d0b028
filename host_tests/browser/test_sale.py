"""A cashier's sale in the page: the whole procedure, by pointer and by keyboard."""

from __future__ import annotations

from host_tests.kit.page import Held

CARD = "84095202006"


def sale(held: Held) -> None:
    held.press("1")
    held.wait("TOTAL")
    held.press("4335", "ENTER")
    held.wait("CARD")
    held.card(CARD, "scan")
    held.wait("REDEEM", "$40.00")


def test_a_checkout_by_pointer_is_on_the_glass_dot_by_dot(held: Held) -> None:
    sale(held)
    assert held.read() == held.rows
    held.press("ENTER")
    held.wait("APPROVED", "ENTER=GO ON")
    assert held.read() == held.rows
    held.press("ENTER")
    held.wait("CHECKOUT")


def test_the_slip_comes_out_and_its_barcode_refunds_the_sale(held: Held) -> None:
    sale(held)
    held.press("ENTER")
    held.wait("APPROVED", "ENTER=GO ON")
    held.press("ENTER")
    held.wait("CHECKOUT")
    held.page.locator("#rescan").wait_for()
    held.press("3")
    held.wait("CONFIRMATION")
    held.page.locator("#rescan").click()
    held.wait("CARD")
    held.card(CARD, "scan")
    held.wait("ENTER=YES")
    held.press("ENTER")
    held.wait("REFUNDED", "ENTER=GO ON")
    held.press("ENTER")
    held.wait("CHECKOUT")
