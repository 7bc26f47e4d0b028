"""What a cashier does with the handheld, in whole movements."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from tools.handheld.client import DEFAULT_TIMEOUT_S, HandheldClient

CARD = "84095202006"
TRACKS = (f"%B{CARD}^COLLECTOR/A^99?", f";{CARD}=99?")


def shows(handheld: HandheldClient, text: str) -> list[str]:
    """The first screen with that text, without the blanks at the ends of its rows."""
    return [row.rstrip() for row in handheld.wait_screen(text)]


def to_card(handheld: HandheldClient, cents: str = "4335") -> None:
    """A checkout up to the card."""
    handheld.wait_screen("CHECKOUT")
    handheld.press("1")
    handheld.wait_screen("TOTAL WITH TAX")
    handheld.press(cents, "ENTER")
    handheld.wait_screen("CARD")


def to_offer(
    handheld: HandheldClient, number: str = CARD, cents: str = "4335"
) -> list[str]:
    """A checkout up to the offer."""
    to_card(handheld, cents)
    handheld.scan(number)
    return shows(handheld, "UP/DOWN")


def redeem(handheld: HandheldClient, cents: str = "4335") -> str:
    """A whole checkout; the confirmation number on its screen."""
    to_offer(handheld, cents=cents)
    handheld.press("ENTER")
    rows = shows(handheld, "ENTER=GO ON")
    assert rows[0] == "APPROVED      $40.00"
    number = rows[1].split()[-1]
    slip_with(handheld, number)
    home(handheld)
    return number


def to_refund_card(handheld: HandheldClient, number: str) -> None:
    """A refund up to the card."""
    handheld.wait_screen("CHECKOUT")
    handheld.press("3")
    handheld.wait_screen("CONFIRMATION")
    handheld.scan(number)
    handheld.wait_screen("SWIPE OR SCAN CARD")


def to_refund(handheld: HandheldClient, number: str, card: str = CARD) -> list[str]:
    """A refund up to its last question."""
    to_refund_card(handheld, number)
    handheld.scan(card)
    return shows(handheld, "ENTER=YES")


def slip_with(handheld: HandheldClient, *texts: str) -> str:
    """The latest slip that holds these; paper is finished some time after the screen."""
    found: list[str] = []

    def is_there() -> bool:
        found[:] = [s.text for s in handheld.slips if all(text in s.text for text in texts)]
        return bool(found)

    until(is_there)
    return found[-1]


def home(handheld: HandheldClient) -> None:
    """Acknowledges what is on the screen, and tries nothing again."""
    handheld.press("CLEAR")
    handheld.wait_screen("CHECKOUT")


def started(handheld: HandheldClient) -> None:
    """Power comes; a key ends the last sale, which a start shows for four seconds."""
    handheld.power()
    until(lambda: any("CHECKOUT" in row or "SLIP AGAIN" in row for row in handheld.screen))
    if "CHECKOUT" not in handheld.screen[0]:
        handheld.press("ENTER")
    handheld.wait_screen("CHECKOUT")


def saw(handheld: HandheldClient) -> str:
    """Every screen so far, as one text."""
    return "\n".join(row for event in handheld.events for row in event.get("screen", []))


def balances_in(text: str, *balances: str) -> list[str]:
    """Which of them a text has; a long number may hold one by chance."""
    beside_numbers = re.sub(r"\d{11,12}", "", text)
    return [each for each in balances if each in beside_numbers]


def logged(handheld: HandheldClient) -> list[str]:
    return [event["log"] for event in handheld.events if "log" in event]


def errors(handheld: HandheldClient) -> int:
    """How often it went wrong to the ear since the last key."""
    sounds = [event["sound"] for event in handheld.events if "sound" in event]
    last_key = len(sounds) - sounds[::-1].index("key") if "key" in sounds else 0
    return sounds[last_key:].count("error")


def until(happened: Callable[[], bool], timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Waits for what no event tells by itself."""
    deadline_s = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.05)
