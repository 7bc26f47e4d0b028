"""Whole dialogues of a till on the simulated pad, over every transport it has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from host_tests.system.handheld.hands import balances_in, saw, until
from host_tests.system.till import pads
from host_tests.system.till.conftest import GetPad
from host_tests.system.till.pads import COLLECTOR, NOW, SALE, Desk, Pad
from host_tests.system.till.relays import wire_to
from tools.emulator.testing import RunningEmulator
from tools.till import messages
from tools.till.messages import Account
from tools.till.register import Till
from tools.till.replies import Reply

REDEMPTION = messages.redemption(SALE, 4335, 4000, None)
NO_REPLY = replace(pads.TIMES, abort=0.5)  # where an Abort meets nobody who could answer


def refund_of(reply: Reply) -> messages.Request:
    return messages.refund(SALE, "RedemptionRefund", 4000, reply.transaction_id, NOW)


def redeemed(pad: Pad, desk: Desk, till: Till) -> Reply:
    """A redemption as it should be: the till asks, the card is scanned, the customer agrees."""
    asked = desk.ask(till, REDEMPTION)
    pad.wait_screen("CARD")
    pad.scan(COLLECTOR)
    pad.wait_screen("REDEEM")
    pad.press("ENTER")
    return asked.result(pads.LONG_S)


def cut(pad: Pad, desk: Desk) -> None:
    """Power goes. A line does not tell that the other end has none: the till's time runs out."""
    pad.cut()
    if pad.mode == "serial":
        desk.lose_patience()


def discount(reply: Reply | None) -> int:
    """What the till gives, in cents."""
    assert reply is not None
    assert reply.is_success
    return reply.amounts["Monetary"]


def kinds(platform: RunningEmulator) -> list[str]:
    return [entry["kind"] for entry in platform.ledger()]


def test_forty_dollars_are_redeemed_and_given_back(
    pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(pad)
    reply = redeemed(pad, desk, till)
    assert discount(reply) == 4000
    assert [entry["dollars"] for entry in platform.ledger()] == ["40.00"]
    assert str(platform.ledger()[0]["confirmation"]) in pad.slip_with("REDEMPTION").text
    back = till.ask(refund_of(reply))
    assert back.is_success
    assert kinds(platform) == ["redemption", "reversal"]


def test_what_is_left_to_pay_earns_on_the_same_card(
    tcp_pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(tcp_pad)
    reply = redeemed(tcp_pad, desk, till)
    award = messages.award(SALE, 335, [], None, reply.transaction_id)
    assert till.ask(award).is_success
    (issued,) = platform.issuances()
    assert (issued["op"], issued["collector"], issued["post_tax"]) == (
        "issue",
        COLLECTOR,
        "3.35",
    )


def test_the_collector_chooses_where_the_till_names_no_amount(
    tcp_pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(tcp_pad)
    asked = desk.ask(till, messages.redemption(SALE, 4335, None, None))
    tcp_pad.wait_screen("CARD")
    tcp_pad.scan(COLLECTOR)
    tcp_pad.wait_screen("REDEEM")
    tcp_pad.press("DOWN", "DOWN", "ENTER")
    assert discount(asked.result(pads.LONG_S)) == 2000
    assert [entry["dollars"] for entry in platform.ledger()] == ["20.00"]


def test_the_tills_own_reader_serves(
    tcp_pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(tcp_pad)
    account = Account(COLLECTOR, "Scanned")
    asked = desk.ask(till, messages.redemption(SALE, 4335, 1000, account))
    tcp_pad.wait_screen("REDEEM")
    tcp_pad.press("ENTER")
    assert discount(asked.result(pads.LONG_S)) == 1000


def test_a_keyed_number_inquires_and_does_not_redeem(
    tcp_pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(tcp_pad)
    account = Account(COLLECTOR, "Keyed")
    refused = till.ask(messages.redemption(SALE, 4335, 1000, account))
    assert refused.error_condition == "NotAllowed"
    assert till.ask(messages.balance(account)).is_success
    assert kinds(platform) == []


def test_a_balance_is_on_paper_alone(
    tcp_pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    reply = desk.till(tcp_pad).ask(messages.balance(Account(COLLECTOR, "Scanned")))
    assert reply.is_success
    assert tcp_pad.slip_with("5,000")
    assert balances_in(saw(tcp_pad), "5,000", "5000") == []
    assert balances_in(repr(reply.body), "5000") == []


def test_a_till_with_a_printer_gets_the_slips(
    tcp_pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(tcp_pad, "TILL-PRINTS")
    assert till.ask(messages.login(NOW, "12", "en", False, prints=True)).is_success
    reply = till.ask(messages.balance(Account(COLLECTOR, "Scanned")))
    ((whose, lines),) = reply.receipts
    assert whose == "CustomerReceipt"
    assert [line for line in lines if "5,000" in line]
    sale = redeemed(tcp_pad, desk, till)
    ((_, lines),) = sale.receipts
    number = sale.transaction_id
    assert [line for line in lines if "$40.00" in line]
    assert [line for line in lines if number in line]
    tcp_pad.idle()
    assert not [slip for slip in tcp_pad.slips if number in slip.text]


def test_the_customer_declines(tcp_pad: Pad, desk: Desk, platform: RunningEmulator) -> None:
    asked = desk.ask(desk.till(tcp_pad), REDEMPTION)
    tcp_pad.wait_screen("CARD")
    tcp_pad.press("CANCEL")
    assert asked.result(pads.LONG_S).error_condition == "Cancel"
    assert kinds(platform) == []


def test_the_till_aborts_in_mid_card(
    pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(pad)
    asked = desk.ask(till, REDEMPTION)
    pad.wait_screen("CARD")
    till.abort()
    assert asked.result(pads.LONG_S).error_condition == "Aborted"
    pad.idle()
    assert kinds(platform) == []


def test_an_answer_is_there_again_on_another_connection_after_a_power_cut(
    pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(pad)
    reply = redeemed(pad, desk, till)
    pad.cut()
    pad.again()
    found = till.status("Loyalty", reply.service_id)
    assert (found.is_success, found.repeated) == (True, True)
    assert found.transaction_id == reply.transaction_id
    assert kinds(platform) == ["redemption"]
    assert till.ask(messages.reversal(SALE, reply.transaction_id, NOW)).is_success
    assert kinds(platform) == ["redemption", "reversal"]


@pytest.mark.parametrize("mode", ["tcp", "https"])  # a line has one till
def test_the_second_of_two_tills_is_told_that_the_pad_is_busy(
    mode: str, get_pad: GetPad, platform: RunningEmulator, desk: Desk
) -> None:
    pad = get_pad(mode)
    first, second = desk.till(pad, "TILL-1"), desk.till(pad, "TILL-2")
    asked = desk.ask(first, REDEMPTION)
    pad.wait_screen("CARD")
    assert second.ask(REDEMPTION).error_condition == "Busy"
    assert second.status("Loyalty", "1").error_condition == "NotFound"
    first.abort()
    assert asked.result(pads.LONG_S).error_condition == "Aborted"


@pytest.mark.parametrize("mode", ["tcp", "https"])
def test_a_till_that_vanishes_costs_nothing(
    mode: str, get_pad: GetPad, platform: RunningEmulator, desk: Desk
) -> None:
    pad = get_pad(mode)
    till = desk.till(pad)
    service_id = till.ask_and_lose(REDEMPTION)
    pad.wait_screen("CARD")
    pad.scan(COLLECTOR)
    pad.wait_screen("REDEEM")
    assert till.status("Loyalty", service_id).error_condition == "InProgress"
    pad.press("ENTER")
    assert pad.slip_with("REDEMPTION")
    ((kind, reply),) = till.recover()
    assert kind == "Redemption"
    assert discount(reply) == 4000
    assert kinds(platform) == ["redemption"]


@pytest.mark.parametrize("mode", ["tcp", "https"])
def test_a_lost_response_is_learnt_from_the_status(
    mode: str, get_pad: GetPad, platform: RunningEmulator, desk: Desk
) -> None:
    pad = get_pad(mode)
    with wire_to(pad.port) as wire:
        till = desk.till(pad, port=wire.port)
        asked = desk.ask(till, REDEMPTION)
        pad.wait_screen("CARD")
        pad.scan(COLLECTOR)
        pad.wait_screen("REDEEM")
        wire.cut_after("reply", 1)
        pad.press("ENTER")
        reply = asked.result(pads.LONG_S)
        assert (reply.repeated, discount(reply)) == (True, 4000)
        till.close()
    assert kinds(platform) == ["redemption"]


def test_a_power_cut_with_the_till_waiting_moves_nothing(
    pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    till = desk.till(pad, times=NO_REPLY)
    asked = desk.ask(till, REDEMPTION)
    pad.wait_screen("CARD")
    cut(pad, desk)
    pad.again()
    assert asked.result(pads.LONG_S).error_condition == "NotFound"
    assert kinds(platform) == []


def test_a_power_cut_on_the_wire_is_settled_on_the_pad_and_told_by_status(
    pad: Pad, desk: Desk, platform: RunningEmulator
) -> None:
    platform.faults("redeem", "delay", seconds=60)
    till = desk.till(pad, times=NO_REPLY)
    asked = desk.ask(till, REDEMPTION)
    pad.wait_screen("CARD")
    pad.scan(COLLECTOR)
    pad.wait_screen("REDEEM")
    pad.press("ENTER")
    until(lambda: bool(platform.requests("redeem")))
    cut(pad, desk)
    platform.clear()
    pad.power()
    pad.where = pad.wait_till()
    pad.wait_screen("7=FINISH")
    pad.press("7")
    pad.wait_screen("GO ON")
    pad.press("ENTER")
    reply = asked.result(pads.LONG_S)
    assert (reply.repeated, discount(reply)) == (True, 4000)
    assert kinds(platform) == ["redemption"]


@pytest.mark.parametrize("mode", ["tcp", "https"])
def test_a_network_that_goes_while_the_till_waits_costs_nothing(
    mode: str, get_pad: GetPad, platform: RunningEmulator, desk: Desk
) -> None:
    pad = get_pad(mode)
    till = desk.till(pad, times=NO_REPLY)
    asked = desk.ask(till, REDEMPTION)
    pad.wait_screen("CARD")
    pad.wifi(False)
    desk.lose_patience()
    pad.wifi(True)
    assert asked.result(pads.LONG_S).error_condition in ("Aborted", "Cancel")
    assert kinds(platform) == []
