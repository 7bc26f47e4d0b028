"""What a cashier does at the page, in whole movements."""

from __future__ import annotations

from host_tests.kit.page_socket import PageSocket
from host_tests.system.handheld.hands import CARD


def to_offer(page: PageSocket, cents: str = "4335") -> None:
    page.press("1")
    page.wait_screen("TOTAL WITH TAX")
    page.press(cents, "ENTER")
    page.wait_screen("SWIPE OR SCAN CARD")
    page.send({"scan": CARD})
    page.wait_screen("UP/DOWN")


def redeem(page: PageSocket) -> None:
    to_offer(page)
    page.press("ENTER")
    page.wait_screen("ENTER=GO ON")


def home(page: PageSocket) -> None:
    page.press("ENTER")
    page.wait_screen("1 CHECKOUT")
