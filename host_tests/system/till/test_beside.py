"""What a till may always ask: who it is, how the pad is, what became of a request."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_tests.system.till import pads
from host_tests.system.till.conftest import GetPad
from host_tests.system.till.pads import NOW, Desk, Pad
from tools.emulator.testing import RunningEmulator
from tools.till import messages
from tools.till.protection import Key
from tools.till.register import NoAnswerError

LOGIN = messages.login(NOW, "12", "en", False)


def test_a_cashier_logs_in_and_sees_how_the_pad_is(pad: Pad, desk: Desk) -> None:
    till = desk.till(pad)
    assert till.ask(LOGIN).is_success
    reply = till.ask(messages.diagnosis())
    assert reply.is_success
    assert reply.body["POIStatus"]["GlobalStatus"] == "OK"
    assert reply.body["POIStatus"]["PrinterStatus"] == "OK"
    assert reply.body["HostStatus"][0]["IsReachableFlag"] is True
    assert till.ask(messages.totals()).is_success
    assert till.ask(messages.logout()).is_success


def test_a_till_that_has_logged_out_is_told_so(pad: Pad, desk: Desk) -> None:
    till = desk.till(pad, "TILL-OUT")
    till.ask(LOGIN)
    till.ask(messages.logout())
    assert till.ask(messages.totals()).error_condition == "LoggedOut"


def test_a_request_that_never_came_is_not_found(pad: Pad, desk: Desk) -> None:
    assert desk.till(pad).status("Loyalty", "123").error_condition == "NotFound"


def test_what_is_not_served_is_said(pad: Pad, desk: Desk) -> None:
    till = desk.till(pad)
    for category in ("Payment", "Print", "Batch", "Nonsense"):
        reply = till.ask(messages.Request(category, {}))
        assert reply.error_condition == "UnavailableService"


@pytest.mark.parametrize("mode", ["tcp", "https"])  # a line has one till
def test_two_tills_at_once_are_both_served(
    mode: str, get_pad: GetPad, platform: RunningEmulator, desk: Desk
) -> None:
    pad = get_pad(mode)
    tills = [desk.till(pad, name) for name in ("TILL-1", "TILL-2")]
    asked = [desk.ask(till, LOGIN) for till in tills]
    assert all(each.result(pads.LONG_S).is_success for each in asked)


@pytest.mark.parametrize("mode", ["tcp", "https"])
def test_a_message_that_is_not_protected_as_agreed_gets_no_answer(
    mode: str, get_pad: GetPad, platform: RunningEmulator, desk: Desk
) -> None:
    pad = get_pad(mode)
    other = Key.from_passphrase("another one", "till-key")
    with pytest.raises(NoAnswerError):
        desk.till(pad, key=other).ask(LOGIN, wait_s=0.2)
    clear = desk.till(pad)
    clear._key = None
    with pytest.raises(NoAnswerError):
        clear.ask(LOGIN, wait_s=0.2)
    assert desk.till(pad).ask(LOGIN).is_success


@pytest.mark.parametrize("mode", pads.MODES)
def test_the_pad_is_reached_on_cpython_as_well(
    mode: str, platform: RunningEmulator, tmp_path: Path, desk: Desk
) -> None:
    profile = pads.profile_of(platform, tmp_path, mode, till={"sale_ids": ["TILL-1"]})
    options = ["--interpreter", "cpython"]
    with Pad(profile, tmp_path / "flash.img", mode, mode != "serial", options) as pad:
        assert desk.till(pad).ask(LOGIN).is_success
        other = (
            desk.till(pad, "TILL-2") if mode != "serial" else None
        )  # a line has one till
        assert not other or other.ask(LOGIN).error_condition == "NotAllowed"
