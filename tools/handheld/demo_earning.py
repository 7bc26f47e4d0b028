"""The part of the demo in which sales earn: with a redemption, and with the Wi-Fi off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from milepad.base.money import display_dollars

if TYPE_CHECKING:
    from tools.emulator.testing import RunningEmulator
    from tools.handheld.client import HandheldClient
    from tools.handheld.demo import Stage

COLLECTOR = "84095202006"
DRAINED_S = 180.0  # the queue rests a minute after a failed try, then joins the Wi-Fi
# What a demo's shop adds to the example's profile.
PROFILE: dict[str, dict[str, Any]] = {
    "issuance": {"family": "amrp", "taxes": [["HST", "13"]]},
}


def redeem_and_earn(
    handheld: HandheldClient, say: Stage, texts: dict[str, str], language: str
) -> str:
    """A checkout that redeems, and earns on what is left to pay; its one slip as text."""
    before = len(handheld.slips)
    say.say("The next basket is $143.35. The card is scanned once ...")
    _to_card(handheld, texts, "14335")
    handheld.scan(COLLECTOR)
    handheld.wait_screen(texts["redeem"])
    say.say("... and $100.00 of it is redeemed: DOWN chooses less than the most.")
    handheld.press(*["DOWN"] * 4)
    handheld.wait_screen(display_dollars(10000, language))
    handheld.press("ENTER")
    handheld.wait_screen(texts["approved"])
    say.say(
        "The discount is told first. The $43.35 that are left to pay earn by themselves."
    )
    handheld.wait_screen(texts["earned"])
    handheld.press("ENTER")
    handheld.wait_screen(texts["menu_checkout"])
    return slip_after(handheld, before)


def earn_without_wifi(handheld: HandheldClient, say: Stage, texts: dict[str, str]) -> str:
    """A checkout while there is no Wi-Fi: nothing to redeem, and its miles wait; its slip."""
    before = len(handheld.slips)
    say.say("The Wi-Fi goes. A collector comes with a basket of $57.98 ...")
    handheld.wifi(False)
    handheld.wait_screen(texts["link_wifi"])
    _to_card(handheld, texts, "5798")
    handheld.scan(COLLECTOR)
    handheld.wait_screen(texts["not_sent"])
    say.say(
        "... nothing can be redeemed. CANCEL goes on without, and the sale still earns."
    )
    handheld.press("CANCEL")
    handheld.wait_screen(texts["will_be_added"])
    handheld.wait_screen(texts["go_on"])
    handheld.press("ENTER")
    handheld.wait_screen(texts["menu_checkout"])
    handheld.wait_queue(1)
    return slip_after(handheld, before)


def back_on_line(handheld: HandheldClient, say: Stage) -> None:
    """The Wi-Fi is back: what waits is sent by itself."""
    say.say("The Wi-Fi is back. The queue sends what waits, and nobody presses a key.")
    handheld.wifi(True)
    handheld.wait_queue(0, DRAINED_S)


def slip_after(handheld: HandheldClient, count: int) -> str:
    """The slip that came after so many; paper is finished a little after the screen."""
    while len(handheld.slips) <= count:
        handheld.wait_slip()
    return handheld.slips[count].text


def issued(emulator: RunningEmulator) -> list[dict[str, Any]]:
    """What the platform has issued, oldest first."""
    return [entry for entry in emulator.issuances() if entry["op"] == "issue"]


def _to_card(handheld: HandheldClient, texts: dict[str, str], cents: str) -> None:
    handheld.press("1")
    handheld.wait_screen(texts["basket_total"])
    handheld.press(cents, "ENTER")
    handheld.wait_screen(texts["card"])
