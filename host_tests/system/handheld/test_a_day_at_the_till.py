"""A day of a shift, on MicroPython against the emulated platform: what works, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from host_tests.system.handheld.conftest import MakeHandheld
from host_tests.system.handheld.hands import (
    CARD,
    TRACKS,
    balances_in,
    home,
    redeem,
    saw,
    shows,
    slip_with,
    started,
    to_card,
    to_offer,
    to_refund,
    to_refund_card,
)
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient


def by_swipe(handheld: HandheldClient) -> None:
    handheld.swipe(*TRACKS)


def by_scan(handheld: HandheldClient) -> None:
    handheld.scan(CARD)


@pytest.mark.parametrize(("card", "mode"), [(by_swipe, "SWIPE"), (by_scan, "SCAN")])
def test_forty_dollars_on_a_basket_of_43_35(
    handheld: HandheldClient,
    platform: RunningEmulator,
    card: Callable[[HandheldClient], None],
    mode: str,
) -> None:
    to_card(handheld)
    card(handheld)
    assert shows(handheld, "UP/DOWN") == [
        "REDEEM        $40.00",
        "4x$10: 380 MILES",
        "MAX 4 NOW 75 TODAY",
        "UP/DOWN ENTER CANCEL",
    ]
    handheld.press("ENTER")
    rows = shows(handheld, "ENTER=GO ON")
    (entry,) = platform.ledger()
    assert rows[:3] == [
        "APPROVED      $40.00",
        f"CONF# {entry['confirmation']}",
        "GIVE $40.00 OFF",
    ]
    slip_with(handheld, str(entry["confirmation"]), "**** *** 2006")
    home(handheld)
    assert (entry["collector"], entry["dollars"], entry["miles"]) == (CARD, "40.00", 380)
    inquiry, redemption = (platform.requests(op) for op in ("inquire", "redeem"))
    assert (len(inquiry), len(redemption)) == (1, 1)
    assert json.loads(redemption[0]["raw"])["cardEntryMode"] == mode
    assert not handheld.complaints


def test_a_keyed_number_inquires_and_never_redeems(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    to_card(handheld)
    assert handheld.screen[2] == "KEYED: NO REDEMPTION"  # told before it is keyed
    handheld.press(CARD, "ENTER")
    rows = shows(handheld, "ENTER=AGAIN")  # and after the answer, which held no offer
    assert rows[:2] == ["KEYED: NO REDEMPTION", "SWIPE OR SCAN CARD"]
    home(handheld)
    (inquiry,) = platform.requests("inquire")
    assert json.loads(inquiry["raw"])["cardEntryMode"] == "MANUAL"
    assert platform.requests("redeem") == []


# collector of the emulated platform -> what a checkout then shows
PERSONAS = {
    "81000000059": ["REFUSED         0002", "ACCOUNT NOT ACTIVE"],
    "81000000034": ["REFUSED         0005", "UNABLE TO REDEEM", "DO NOT OFFER MILES"],
    "81000000041": ["REFUSED         0006", "UNABLE TO REDEEM", "DO NOT OFFER MILES"],
    "89999999999": ["REFUSED         0025", "INVALID CARD NUMBER"],
    "81000000080": ["REFUSED         0067", "OFFER NOT AVAILABLE"],
    "81000000066": ["NO CASH TO REDEEM", "NOT ENOUGH MILES"],
    "81000000073": ["NO CASH TO REDEEM", "DAILY LIMIT REACHED", "MORE CASH CAN BE"],
}


def test_whoever_cannot_redeem_is_told_why_and_is_not_prompted(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    before = saw(handheld).count("UP/DOWN")
    for number, rows in PERSONAS.items():
        to_card(handheld)
        handheld.scan(number)
        assert shows(handheld, rows[0])[: len(rows)] == rows
        home(handheld)
    assert saw(handheld).count("UP/DOWN") == before
    assert platform.requests("redeem") == []


def test_a_refund_with_another_card_then_by_the_slip_then_again(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    number = redeem(handheld)
    # another collector's card: noticed here, and refused there when it is sent all the same
    to_refund_card(handheld, number)
    handheld.scan("81000000010")
    handheld.wait_screen("OTHER CARD USED")
    handheld.press("00")
    handheld.wait_screen("ENTER=YES")
    handheld.press("ENTER")
    handheld.wait_screen("0057")
    home(handheld)
    # the right one
    rows = to_refund(handheld, number)
    assert rows == [
        "REFUND        $40.00",
        f"CONF# {number}",
        "ONLY UNTIL 03:00 EST",
        "ENTER=YES  CANCEL=NO",
    ]
    handheld.press("ENTER")
    rows = shows(handheld, "ENTER=GO ON")
    assert (rows[0], rows[2]) == ("REFUNDED      $40.00", "380 MILES RETURNED")
    slip_with(handheld, "REFUNDED", rows[1].split()[-1])
    home(handheld)
    # once more
    reversals = len(platform.requests("reverse"))
    handheld.press("3")
    handheld.wait_screen("CONFIRMATION")
    handheld.scan(number)
    handheld.wait_screen("ALREADY REFUNDED")
    home(handheld)
    assert len(platform.requests("reverse")) == reversals
    assert [entry["kind"] for entry in platform.ledger()] == ["redemption", "reversal"]
    assert platform.collector(CARD)["cash"] == 5000


def test_a_refund_of_the_day_before_yesterday_by_its_keyed_number_is_too_late(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    number = redeem(handheld)
    platform.advance_clock(2 * 86400)
    handheld.press("3")
    handheld.wait_screen("CONFIRMATION")
    handheld.press(number, "ENTER")
    handheld.wait_screen("SWIPE OR SCAN CARD")
    handheld.swipe(*TRACKS)
    handheld.wait_screen("ENTER=YES")
    handheld.press("ENTER")
    assert shows(handheld, "0080") == [
        "REFUSED         0080",
        "TOO LATE TO REVERSE",
        "STORE CREDIT OR GIFT",
        "CARD. NEVER CASH",
    ]
    slip_with(handheld, "NOT APPROVED", "NEVER as")
    home(handheld)


def test_balances_are_on_paper_and_on_no_screen(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    handheld.press("2")
    handheld.wait_screen("CARD")
    handheld.scan(CARD)
    handheld.wait_screen("BALANCE IS ON PAPER")
    slip_with(handheld, "BALANCE INQUIRY", "5,000", "545")
    home(handheld)
    handheld.press("2")
    handheld.wait_screen("CARD")
    handheld.scan("81000000027")  # hides the balances
    handheld.wait_screen("BY THE COLLECTOR")
    slip = slip_with(handheld, "hidden by choice")
    home(handheld)
    assert "2,000" not in slip and "310" not in slip
    hidden = ("5000", "5,000", " 545", "2000", "2,000", " 310")
    assert balances_in(saw(handheld), *hidden) == []


def test_paper_that_is_out_is_asked_for_and_the_last_slip_outlives_a_power_cut(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    to_offer(handheld)
    handheld.paper(False)
    handheld.press("ENTER")
    handheld.wait_screen("PRINTER: NO PAPER")
    handheld.paper(True)
    handheld.press("ENTER")
    handheld.wait_screen("ENTER=GO ON")
    home(handheld)
    number = str(platform.ledger()[-1]["confirmation"])
    handheld.cut()
    started(handheld)
    handheld.press("4")
    handheld.wait_screen("1 REPRINT")
    handheld.press("1")
    slip_with(handheld, number, "COPY - PRINTED AGAIN")
    handheld.wait_screen("CHECKOUT")
    assert len(platform.ledger()) == 1


def test_a_collectors_slip_in_french_and_the_cashiers_screen_in_french(
    handheld: HandheldClient, platform: RunningEmulator
) -> None:
    to_card(handheld)
    handheld.press(".")
    handheld.wait_screen("SLIP: FR   .=ENGLISH")
    handheld.scan(CARD)
    handheld.wait_screen("UP/DOWN")
    handheld.press("ENTER")
    handheld.wait_screen("ENTER=GO ON")
    slip_with(handheld, "ÉCHANGE APPROUVÉ", str(platform.ledger()[0]["confirmation"]))
    home(handheld)
    assert json.loads(platform.requests("redeem")[0]["raw"])["instantMessage"] == "fr-CA"
    handheld.press("4")
    handheld.wait_screen("4 FRANÇAIS")
    handheld.press("4")
    handheld.wait_screen("1 ACHAT")
    handheld.press("4")
    handheld.wait_screen("4 ENGLISH")
    handheld.press("4")
    handheld.wait_screen("1 CHECKOUT")


def test_every_key_is_heard_and_a_wrong_one_differently(handheld: HandheldClient) -> None:
    handheld.press("UP")
    handheld.wait_sound("key")
    handheld.wait_sound("error")


def test_the_heartbeat_goes_at_its_interval_and_not_while_a_workflow_runs(
    make_handheld: MakeHandheld, platform: RunningEmulator
) -> None:
    handheld = make_handheld(platform={"echo_s": 1})
    handheld.wait_screen("LINK OK")
    handheld.wifi(False)
    handheld.wait_screen("NO WI-FI")
    handheld.wifi(True)
    handheld.wait_screen("LINK OK")
    assert len(platform.requests("echo")) >= 2
    handheld.press("1")
    handheld.wait_screen("TOTAL WITH TAX")
    handheld.press("4335", "ENTER")
    handheld.wait_screen("CARD")
    handheld.scan(CARD)
    handheld.wait_screen("UP/DOWN")  # what was on its way before has arrived by then
    count = len(platform.requests("echo"))
    with pytest.raises(Exception, match="did not come"):
        handheld.wait_screen("LINK", timeout_s=2)
    assert len(platform.requests("echo")) == count
    handheld.press("CANCEL")
    handheld.wait_screen("LINK OK")
    handheld.close()
