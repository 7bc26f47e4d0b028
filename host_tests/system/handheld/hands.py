"""What a cashier does with the handheld, in whole movements."""

from __future__ import annotations

import time
from collections.abc import Callable

from tools.handheld.client import HandheldClient

CARD = "84095202006"
TRACKS = (f"%B{CARD}^COLLECTOR/A^99?", f";{CARD}=99?")


def shows(till: HandheldClient, text: str) -> list[str]:
    """The first screen with that text, without the blanks at the ends of its rows."""
    return [row.rstrip() for row in till.wait_screen(text)]


def to_card(till: HandheldClient, cents: str = "4335") -> None:
    """A checkout up to the card."""
    till.wait_screen("CHECKOUT")
    till.press("1")
    till.wait_screen("TOTAL WITH TAX")
    till.press(cents, "ENTER")
    till.wait_screen("CARD")


def to_offer(till: HandheldClient, number: str = CARD, cents: str = "4335") -> list[str]:
    """A checkout up to the offer."""
    to_card(till, cents)
    till.scan(number)
    return shows(till, "UP/DOWN")


def redeem(till: HandheldClient) -> str:
    """A whole checkout; the confirmation number on its screen."""
    to_offer(till)
    till.press("ENTER")
    rows = shows(till, "ENTER=GO ON")
    assert rows[0] == "APPROVED      $40.00"
    number = rows[1].split()[-1]
    slip_with(till, number)
    home(till)
    return number


def to_refund_card(till: HandheldClient, number: str) -> None:
    """A refund up to the card."""
    till.wait_screen("CHECKOUT")
    till.press("3")
    till.wait_screen("CONFIRMATION")
    till.scan(number)
    till.wait_screen("SWIPE OR SCAN CARD")


def to_refund(till: HandheldClient, number: str, card: str = CARD) -> list[str]:
    """A refund up to its last question."""
    to_refund_card(till, number)
    till.scan(card)
    return shows(till, "ENTER=YES")


def slip_with(till: HandheldClient, *texts: str) -> str:
    """The latest slip that holds these; paper is finished some time after the screen."""
    found: list[str] = []

    def is_there() -> bool:
        found[:] = [s.text for s in till.slips if all(text in s.text for text in texts)]
        return bool(found)

    until(is_there)
    return found[-1]


def home(till: HandheldClient) -> None:
    """Acknowledges what is on the screen, and tries nothing again."""
    till.press("CLEAR")
    till.wait_screen("CHECKOUT")


def started(till: HandheldClient) -> None:
    """Power comes; a key ends the last sale, which a start shows for four seconds."""
    till.power()
    until(lambda: any("CHECKOUT" in row or "SLIP AGAIN" in row for row in till.screen))
    if "CHECKOUT" not in till.screen[0]:
        till.press("ENTER")
    till.wait_screen("CHECKOUT")


def saw(till: HandheldClient) -> str:
    """Every screen so far, as one text."""
    return "\n".join(row for event in till.events for row in event.get("screen", []))


def logged(till: HandheldClient) -> list[str]:
    return [event["log"] for event in till.events if "log" in event]


def errors(till: HandheldClient) -> int:
    """How often it went wrong to the ear since the last key."""
    sounds = [event["sound"] for event in till.events if "sound" in event]
    last_key = len(sounds) - sounds[::-1].index("key") if "key" in sounds else 0
    return sounds[last_key:].count("error")


def until(happened: Callable[[], bool], timeout_s: float = 15) -> None:
    """Waits for what no event tells by itself."""
    deadline_s = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.05)
