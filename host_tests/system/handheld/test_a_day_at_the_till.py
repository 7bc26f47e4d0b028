"""A day at the till, on MicroPython against the emulated platform: what works, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from host_tests.system.handheld.conftest import MakeTill
from host_tests.system.handheld.hands import (
    CARD,
    TRACKS,
    home,
    redeem,
    saw,
    shows,
    slip_with,
    to_card,
    to_offer,
    to_refund,
    to_refund_card,
)
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient


def by_swipe(till: HandheldClient) -> None:
    till.swipe(*TRACKS)


def by_scan(till: HandheldClient) -> None:
    till.scan(CARD)


@pytest.mark.parametrize(("card", "mode"), [(by_swipe, "SWIPE"), (by_scan, "SCAN")])
def test_forty_dollars_on_a_basket_of_43_35(
    till: HandheldClient,
    platform: RunningEmulator,
    card: Callable[[HandheldClient], None],
    mode: str,
) -> None:
    to_card(till)
    card(till)
    assert shows(till, "UP/DOWN") == [
        "REDEEM        $40.00",
        "4x$10: 380 MILES",
        "MAX 4 NOW 75 TODAY",
        "UP/DOWN ENTER CANCEL",
    ]
    till.press("ENTER")
    rows = shows(till, "ENTER=GO ON")
    (entry,) = platform.ledger()
    assert rows[:3] == [
        "APPROVED      $40.00",
        f"CONF# {entry['confirmation']}",
        "GIVE $40.00 OFF",
    ]
    slip_with(till, str(entry["confirmation"]), "**** *** 2006")
    home(till)
    assert (entry["collector"], entry["dollars"], entry["miles"]) == (CARD, "40.00", 380)
    inquiry, redemption = (platform.requests(op) for op in ("inquire", "redeem"))
    assert (len(inquiry), len(redemption)) == (1, 1)
    assert json.loads(redemption[0]["raw"])["cardEntryMode"] == mode
    assert not till.complaints


def test_a_keyed_number_inquires_and_never_redeems(
    till: HandheldClient, platform: RunningEmulator
) -> None:
    to_card(till)
    assert till.screen[2] == "KEYED: NO REDEMPTION"  # told before it is keyed
    till.press(CARD, "ENTER")
    rows = shows(till, "ENTER=AGAIN")  # and after the answer, which held no offer
    assert rows[:2] == ["KEYED: NO REDEMPTION", "SWIPE OR SCAN CARD"]
    home(till)
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
    till: HandheldClient, platform: RunningEmulator
) -> None:
    before = saw(till).count("UP/DOWN")
    for number, rows in PERSONAS.items():
        to_card(till)
        till.scan(number)
        assert shows(till, rows[0])[: len(rows)] == rows
        home(till)
    assert saw(till).count("UP/DOWN") == before
    assert platform.requests("redeem") == []


def test_a_refund_with_another_card_then_by_the_slip_then_again(
    till: HandheldClient, platform: RunningEmulator
) -> None:
    number = redeem(till)
    # another collector's card: noticed here, and refused there when it is sent all the same
    to_refund_card(till, number)
    till.scan("81000000010")
    till.wait_screen("OTHER CARD USED")
    till.press("00")
    till.wait_screen("ENTER=YES")
    till.press("ENTER")
    till.wait_screen("0057")
    home(till)
    # the right one
    rows = to_refund(till, number)
    assert rows == [
        "REFUND        $40.00",
        f"CONF# {number}",
        "ONLY UNTIL 03:00 EST",
        "ENTER=YES  CANCEL=NO",
    ]
    till.press("ENTER")
    rows = shows(till, "ENTER=GO ON")
    assert (rows[0], rows[2]) == ("REFUNDED      $40.00", "380 MILES RETURNED")
    slip_with(till, "REFUNDED", rows[1].split()[-1])
    home(till)
    # once more
    reversals = len(platform.requests("reverse"))
    till.press("3")
    till.wait_screen("CONFIRMATION")
    till.scan(number)
    till.wait_screen("ALREADY REFUNDED")
    home(till)
    assert len(platform.requests("reverse")) == reversals
    assert [entry["kind"] for entry in platform.ledger()] == ["redemption", "reversal"]
    assert platform.collector(CARD)["cash"] == 5000


def test_a_refund_of_the_day_before_yesterday_by_its_keyed_number_is_too_late(
    till: HandheldClient, platform: RunningEmulator
) -> None:
    number = redeem(till)
    platform.advance_clock(2 * 86400)
    till.press("3")
    till.wait_screen("CONFIRMATION")
    till.press(number, "ENTER")
    till.wait_screen("SWIPE OR SCAN CARD")
    till.swipe(*TRACKS)
    till.wait_screen("ENTER=YES")
    till.press("ENTER")
    assert shows(till, "0080") == [
        "REFUSED         0080",
        "TOO LATE TO REVERSE",
        "STORE CREDIT OR GIFT",
        "CARD. NEVER CASH",
    ]
    slip_with(till, "NOT APPROVED", "NEVER as")
    home(till)


def test_balances_are_on_paper_and_on_no_screen(
    till: HandheldClient, platform: RunningEmulator
) -> None:
    till.press("2")
    till.wait_screen("CARD")
    till.scan(CARD)
    till.wait_screen("BALANCE IS ON PAPER")
    slip_with(till, "BALANCE INQUIRY", "5,000", "545")
    home(till)
    till.press("2")
    till.wait_screen("CARD")
    till.scan("81000000027")  # hides the balances
    till.wait_screen("BY THE COLLECTOR")
    slip = slip_with(till, "hidden by choice")
    home(till)
    assert "2,000" not in slip and "310" not in slip
    for balance in ("5000", "5,000", " 545", "2000", "2,000", " 310"):
        assert balance not in saw(till)


def test_paper_that_is_out_is_asked_for_and_the_last_slip_outlives_a_power_cut(
    till: HandheldClient, platform: RunningEmulator
) -> None:
    to_offer(till)
    till.paper(False)
    till.press("ENTER")
    till.wait_screen("PRINTER: NO PAPER")
    till.paper(True)
    till.press("ENTER")
    till.wait_screen("ENTER=GO ON")
    home(till)
    number = str(platform.ledger()[-1]["confirmation"])
    till.cut()
    till.power()
    till.wait_screen("SLIP AGAIN")
    home(till)
    till.press("4")
    till.wait_screen("1 REPRINT")
    till.press("1")
    slip_with(till, number, "COPY - PRINTED AGAIN")
    till.wait_screen("CHECKOUT")
    assert len(platform.ledger()) == 1


def test_a_collectors_slip_in_french_and_the_cashiers_screen_in_french(
    till: HandheldClient, platform: RunningEmulator
) -> None:
    to_card(till)
    till.press(".")
    till.wait_screen("SLIP: FR   .=ENGLISH")
    till.scan(CARD)
    till.wait_screen("UP/DOWN")
    till.press("ENTER")
    till.wait_screen("ENTER=GO ON")
    slip_with(till, "ÉCHANGE APPROUVÉ", str(platform.ledger()[0]["confirmation"]))
    home(till)
    assert json.loads(platform.requests("redeem")[0]["raw"])["instantMessage"] == "fr-CA"
    till.press("4")
    till.wait_screen("4 FRANÇAIS")
    till.press("4")
    till.wait_screen("1 ACHAT")
    till.press("4")
    till.wait_screen("4 ENGLISH")
    till.press("4")
    till.wait_screen("1 CHECKOUT")


def test_every_key_is_heard_and_a_wrong_one_differently(till: HandheldClient) -> None:
    till.press("UP")
    till.wait_sound("key")
    till.wait_sound("error")


def test_the_heartbeat_goes_at_its_interval_and_not_while_a_workflow_runs(
    make_till: MakeTill, platform: RunningEmulator
) -> None:
    till = make_till(platform={"echo_s": 1, "reply_s": 1})
    till.wait_screen("LINK OK")
    till.wifi(False)
    till.wait_screen("NO WI-FI")
    till.wifi(True)
    till.wait_screen("LINK OK")
    assert len(platform.requests("echo")) >= 2
    till.press("1")
    till.wait_screen("TOTAL WITH TAX")
    count = len(platform.requests("echo"))
    till.press("4", "3", "3", "5")
    with pytest.raises(Exception, match="did not come"):
        till.wait_screen("LINK", timeout_s=2)
    assert len(platform.requests("echo")) == count
    till.press("CANCEL")
    till.wait_screen("LINK OK")
    till.close()
