"""What a cashier does at the page, in whole movements."""

from __future__ import annotations

from typing import Any

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


def started(page: PageSocket) -> None:
    """The idle screen after a start; a key ends the last sale, which stands for four seconds."""
    page.wait(
        lambda message: any(
            "1 CHECKOUT" in row or "SLIP AGAIN" in row for row in rows(message)
        )
    )
    if "1 CHECKOUT" not in page.screen[0]:
        page.press("ENTER")
    page.wait_screen("1 CHECKOUT")


def rows(message: dict[str, Any]) -> list[str]:
    """What a message says of the display; nothing where it is about something else."""
    shown: list[str] = message.get("screen", [])
    return shown


def home(page: PageSocket) -> None:
    page.press("ENTER")
    page.wait_screen("1 CHECKOUT")
