"""A bad day: no air, a hostile platform, a false platform, nonsense at the readers.

After each of these the device stands on its idle screen and does business again.
"""

from __future__ import annotations

import json

import pytest

from host_tests.system.handheld.hands import (
    CARD,
    home,
    logged,
    redeem,
    shows,
    slip_with,
    to_card,
    to_offer,
    until,
)
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient

NOT_SENT = ["NOT SENT", "NO DISCOUNT", "NO WI-FI", "ENTER=AGAIN"]


# --- no air ---


def test_without_wifi_nothing_is_sent_and_with_it_the_sale_goes_on(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    handheld.wifi(False)
    to_card(handheld)
    handheld.scan(CARD)
    assert shows(handheld, "NOT SENT") == NOT_SENT
    handheld.press("CANCEL")
    handheld.wait_screen("4 MORE      NO WI-FI")
    assert platform.requests() == []
    handheld.wifi(True)
    handheld.wait_screen("LINK UNTESTED")
    redeem(handheld)
    assert len(platform.ledger()) == 1


def test_wifi_that_goes_between_offer_and_redemption_means_no_discount(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    to_offer(handheld)
    handheld.wifi(False)
    handheld.press("ENTER")
    assert shows(handheld, "NO DISCOUNT") == NOT_SENT
    assert platform.requests("redeem") == [] and platform.ledger() == []
    home(handheld)
    handheld.wifi(True)
    handheld.wait_screen("LINK UNTESTED")


def test_wifi_that_goes_while_the_answer_is_awaited_means_no_answer(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    platform.faults("redeem", "delay", seconds=60, count=2)
    to_offer(handheld, cents="4336")  # its own basket: nobody is asked about it later
    handheld.press("ENTER")
    handheld.wait_screen("WAITING FOR ANSWER")
    until(lambda: bool(platform.requests("redeem")))
    handheld.wifi(False)
    rows = shows(handheld, "NO ANSWER")
    assert rows[1] == "NO DISCOUNT" and rows[2].startswith("NOTE ")
    slip_with(handheld, "NO DISCOUNT", rows[2].removeprefix("NOTE "))
    home(handheld)
    handheld.wifi(True)
    handheld.wait_screen("LINK UNTESTED")
    assert len(platform.requests("redeem")) <= 2


# --- a hostile platform ---

HOSTILE = {
    "garbage": {},
    "truncate": {"bytes": 60},
    "oversized": {},
    "wrong_shape": {},
    "deep": {},
    "missing_code": {"status": 200},
    "html_502": {},
    "reset": {},
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_a_hostile_answer_to_an_inquiry_is_no_answer(
    fault: str, handheld: HandheldClient, platform: RunningEmulator
) -> None:
    platform.faults("inquire", fault, count=2, **HOSTILE[fault])
    to_card(handheld)
    handheld.scan(CARD)
    rows = shows(handheld, "NO ANSWER")
    assert rows == ["NO ANSWER", "NO DISCOUNT", "WAIT, THEN TRY AGAIN", "ENTER=AGAIN"]
    home(handheld)
    bodies = {each["raw"] for each in platform.requests("inquire")}
    assert len(bodies) == 1 and 1 <= len(platform.requests("inquire")) <= 2


@pytest.mark.parametrize(("fault", "cents"), [("oversized", "4337"), ("deep", "4338")])
def test_a_hostile_answer_to_a_redemption_gives_no_discount(
    fault: str, cents: str, handheld: HandheldClient, platform: RunningEmulator
) -> None:
    platform.faults("redeem", fault, count=2, after_commit=True)
    to_offer(handheld, cents=cents)
    handheld.press("ENTER")
    rows = shows(handheld, "NO ANSWER")
    assert rows[1] == "NO DISCOUNT"
    trace_id = rows[2].removeprefix("NOTE ")
    slip_with(handheld, "NO DISCOUNT", trace_id)
    home(handheld)
    copies = [each["raw"] for each in platform.requests("redeem")]
    assert len(copies) <= 2 and len(set(copies)) == 1
    assert json.loads(copies[0])["traceId"] == trace_id
    assert len(platform.ledger()) == 1


def test_one_lost_answer_costs_nothing(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    platform.faults("redeem", "drop_after_commit")
    redeem(handheld)
    assert len(platform.requests("redeem")) == 2
    assert len(platform.ledger()) == 1


# --- nonsense at the readers ---


def test_a_scanner_line_longer_than_any_buffer_is_noise(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    to_card(handheld)
    before = logged(handheld).count("reader: too long")
    handheld.scan("8" * 1500)  # ten thousand, on both Pythons, in host_tests/drivers
    handheld.wait_screen("CARD NOT READ: AGAIN")
    assert logged(handheld).count("reader: too long") == before + 1
    handheld.scan(CARD)
    handheld.wait_screen("UP/DOWN")
    handheld.press("CANCEL")
    handheld.wait_screen("CHECKOUT")


def test_what_no_card_says_is_asked_for_again(handheld: HandheldClient) -> None:
    to_card(handheld)
    handheld.scan("036000291452")
    handheld.wait_screen("NOT AN AIR MILES")
    handheld.scan("\xe9")
    handheld.wait_screen("CARD NOT READ: AGAIN")
    handheld.scan("]")
    handheld.wait_screen("NOT AN AIR MILES")
    handheld.swipe("%E?", ";E?")
    handheld.wait_screen("CARD NOT READ: AGAIN")
    handheld.swipe(None, ";4520000000000004=99120000?")
    handheld.wait_screen("NOT AN AIR MILES")
    handheld.wait_screen("SWIPE OR SCAN CARD")
    handheld.press("CANCEL")
    handheld.wait_screen("CHECKOUT")
