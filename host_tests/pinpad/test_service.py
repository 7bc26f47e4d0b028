"""One dialogue at a time: what may be asked beside it, what is busy, what is asked twice."""

import asyncio
from typing import Any

import pytest

from host_tests.kit.pad import Pad, account, loyalty
from host_tests.kit.session import answer
from host_tests.kit.virtual_time import story
from milepad.base import compat
from milepad.pinpad import memory

REDEMPTION = loyalty("Redemption", value="40.00", data=account())


def condition(found: Any) -> str:
    return str(found["Response"].get("ErrorCondition", ""))


@story
async def test_a_second_till_is_told_that_the_pad_is_busy() -> None:
    pad = Pad()
    await pad.start()
    first = pad.asks("Loyalty", REDEMPTION)
    await pad.sees("ENTER=YES")
    assert condition(await pad.ask("Loyalty", REDEMPTION, sale_id="TILL2")) == "Busy"
    assert condition(await pad.ask("Diagnosis", sale_id="TILL2")) == "Busy"
    assert (await pad.ask("Login", sale_id="TILL2"))["Response"]["Result"] == "Success"
    await pad.press("ENTER")
    assert (await first)["Response"]["Result"] == "Success"
    assert len(pad.entries) == 1


@story
async def test_the_cashier_s_own_work_on_the_pad_keeps_tills_waiting_and_is_busy() -> None:
    pad = Pad()
    await pad.start()
    await pad.press("1")
    await pad.sees("TOTAL")
    assert condition(await pad.ask("Loyalty", REDEMPTION)) == "Busy"


@story
async def test_the_next_request_waits_for_the_slip_and_ends_the_last_screen() -> None:
    pad = Pad()
    await pad.start()
    await pad.redeemed()
    found = await pad.ask("Diagnosis")  # while the slip is being printed
    assert found["Response"]["Result"] == "Success"
    assert len(pad.printer.slips) == 1


@pytest.mark.parametrize("moment", ["CARD", "ENTER=YES"])
@story
async def test_another_request_under_a_number_in_use_does_not_get_its_answer(
    moment: str,
) -> None:
    pad = Pad()
    await pad.start()
    data = {} if moment == "CARD" else account()
    first = pad.asks("Loyalty", loyalty("Redemption", value="40.00", data=data), "s1")
    await pad.sees(moment)
    other = loyalty("Redemption", value="20.00", data=data)
    found = await pad.ask("Loyalty", other, "s1")
    assert condition(found) == "NotAllowed"
    assert found["Response"]["AdditionalResponse"] == "serviceId=used"
    await pad.press("CANCEL")
    assert condition(await first) == "Cancel"


@story
async def test_the_same_request_again_gives_the_same_and_moves_nothing() -> None:
    pad = Pad()
    await pad.start()
    first = await pad.redeemed("s1")
    assert await pad.ask("Loyalty", REDEMPTION, "s1") == first
    assert len(pad.entries) == 1


@story
async def test_two_copies_of_a_request_at_once_are_one() -> None:
    pad = Pad()
    await pad.start()
    tasks = [pad.asks("Loyalty", REDEMPTION, "s1") for _ in range(2)]
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    first, second = await asyncio.gather(*tasks)
    assert first == second
    assert len(pad.entries) == 1


@story
async def test_another_request_under_a_used_number_is_refused() -> None:
    pad = Pad()
    await pad.start()
    await pad.redeemed("s1")
    other = loyalty("Redemption", value="30.00", data=account())
    assert condition(await pad.ask("Loyalty", other, "s1")) == "NotAllowed"


@story
async def test_while_it_goes_on_the_status_is_in_progress() -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("Loyalty", REDEMPTION, "s1")
    await pad.sees("ENTER=YES")
    assert condition(await pad.status("s1")) == "InProgress"
    assert condition(await pad.status()) == "InProgress"
    await pad.press("ENTER")
    first = await task
    for number in ("s1", ""):
        found = await pad.status(number)
        assert found["Response"]["Result"] == "Success"
        repeated = found["RepeatedMessageResponse"]
        assert repeated["MessageHeader"]["ServiceID"] == "s1"
        assert repeated["RepeatedResponseMessageBody"]["LoyaltyResponse"] == first


@story
async def test_the_till_aborts_while_the_card_is_awaited() -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("Loyalty", loyalty("Redemption"), "s1")
    await pad.sees("CARD")
    about = {"MessageReference": {"ServiceID": "s1"}, "AbortReason": "MerchantAbort"}
    assert await pad.ask("Abort", about) is None
    assert condition(await task) == "Aborted"
    await pad.sees("TILL")


@story
async def test_an_abort_that_comes_too_late_changes_nothing() -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("Loyalty", REDEMPTION, "s1")
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    await pad.sees("WAITING")
    assert await pad.ask("Abort", {"MessageReference": {"ServiceID": "s1"}}) is None
    assert (await task)["Response"]["Result"] == "Success"


@story
async def test_an_abort_of_something_else_is_passed_over() -> None:
    pad = Pad()
    await pad.start()
    assert await pad.ask("Abort", {"MessageReference": {"ServiceID": "s9"}}) is None


@story
async def test_a_till_that_vanishes_costs_nothing() -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("Loyalty", REDEMPTION, "s1")
    await pad.sees("ENTER=YES")
    task.cancel()
    await pad.press("ENTER")
    await pad.sees("APPROVED")
    found = await pad.status("s1")
    assert "RepeatedMessageResponse" in found
    await pad.sees("TILL")
    assert len(pad.printer.slips) == 1


@story
async def test_a_message_to_another_pad_of_the_shop_is_refused() -> None:
    pad = Pad(profile={"till": {"poi_id": "PAD-1"}})
    await pad.start()
    message = pad.message("Loyalty", REDEMPTION, "s1")
    message["MessageHeader"]["POIID"] = "PAD-2"
    found = await pad.take(message)
    assert found and condition(found["LoyaltyResponse"]) == "NotAllowed"
    message = pad.message("Diagnosis", {})
    message["MessageHeader"]["POIID"] = "PAD-1"
    found = await pad.take(message)
    assert found and condition(found["DiagnosisResponse"]) == ""


@pytest.mark.parametrize("sale_id", ["TILL2", "till1"])
@story
async def test_only_the_tills_of_the_list_may_ask(sale_id: str) -> None:
    pad = Pad(profile={"till": {"sale_ids": ["TILL1"]}})
    await pad.start()
    assert condition(await pad.ask("Diagnosis", sale_id=sale_id)) == "NotAllowed"
    assert (await pad.ask("Diagnosis"))["Response"]["Result"] == "Success"


@story
async def test_after_a_logout_nothing_is_served_until_a_login() -> None:
    pad = Pad()
    await pad.start()
    await pad.ask("Logout")
    assert condition(await pad.ask("Diagnosis")) == "LoggedOut"
    await pad.ask("Login", {"OperatorLanguage": "fr"})
    assert condition(await pad.ask("Diagnosis")) == ""
    assert pad.terminal.language == "fr-CA"


@story
async def test_what_is_read_of_a_member_of_another_kind_is_named() -> None:
    pad = Pad()
    await pad.start()
    found = await pad.ask("Loyalty", {"LoyaltyTransaction": [], "SaleData": {}})
    assert condition(found) == "MessageFormat"


@story
async def test_the_keys_of_the_pad_s_own_menu_work_beside_the_till() -> None:
    pad = Pad()
    await pad.start()
    await pad.press("ENTER")
    await pad.sees("CHECKOUT", "BALANCE")
    await pad.press("1")
    await pad.sees("TOTAL")


@story
async def test_a_shop_may_keep_the_pad_for_the_till() -> None:
    pad = Pad(profile={"till": {"own_menu": False}})
    await pad.start()
    await pad.press("1", "ENTER", "3")
    await pad.sees("TILL")
    assert "TOTAL" not in pad.screens
    await pad.press("4")
    await pad.sees("REPRINT")


@story
async def test_a_balance_goes_to_paper_and_no_number_of_it_to_the_till() -> None:
    pad = Pad()
    await pad.start()
    found = await pad.ask("BalanceInquiry", {"LoyaltyAccountReq": account(mode="Keyed")})
    assert found["Response"]["Result"] == "Success"
    assert "7777" not in str(found) and "CurrentBalance" not in str(found)
    await pad.sees("BALANCE")
    await pad.sees("TILL")
    assert "7,777" in pad.printer.slips[0]


@story
async def test_a_card_that_was_acquired_is_named_later() -> None:
    pad = Pad()
    await pad.start()
    body = {
        "CardAcquisitionTransaction": {
            "TotalAmount": "43.35",
            "LoyaltyHandling": "Proposed",
        }
    }
    task = pad.asks("CardAcquisition", body)
    await pad.sees("CARD", "$43.35")
    await pad.swipe()
    found = await task
    assert "offerAmount=40.00" in found["Response"]["AdditionalResponse"]
    reference = {"CardAcquisitionReference": found["POIData"]["POITransactionID"]}
    task = pad.asks("Loyalty", loyalty("Redemption", value="40.00", data=reference))
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    assert (await task)["Response"]["Result"] == "Success"


@story
async def test_a_card_that_was_acquired_is_not_kept_beyond_a_sale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("CardAcquisition", {})
    await pad.sees("CARD")
    await pad.swipe()
    reference = {"CardAcquisitionReference": (await task)["POIData"]["POITransactionID"]}
    later_ms = compat.ticks_ms() + 15 * 60000
    monkeypatch.setattr(memory, "ticks_ms", lambda: later_ms)
    found = await pad.ask("Loyalty", loyalty("Redemption", value="40.00", data=reference))
    assert condition(found) == "NotFound"
    assert pad.service.memory._acquired == []


@story
async def test_an_inquiry_that_is_refused_gives_no_balance() -> None:
    pad = Pad(inquire=answer("inquire", "0025"))
    await pad.start()
    found = await pad.ask("BalanceInquiry", {"LoyaltyAccountReq": account()})
    assert condition(found) == "InvalidCard"


@story
async def test_totals_are_the_day_s() -> None:
    pad = Pad()
    await pad.start()
    await pad.redeemed()
    found = await pad.ask("GetTotals")
    totals = found["TransactionTotals"][0]["LoyaltyTotals"]
    assert totals[0] == {
        "TransactionType": "Redemption",
        "TransactionCount": 1,
        "TransactionAmount": 40.0,
    }


@story
async def test_totals_of_a_pad_that_has_forgotten_the_time_are_those_of_its_latest_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pad = Pad()
    await pad.start()
    await pad.redeemed()
    known = await pad.ask("GetTotals")
    earlier_s = compat.unix_time() - 365 * 86400
    monkeypatch.setattr(pad.device.time, "is_set", lambda: False)
    monkeypatch.setattr(pad.device.time, "now_s", lambda: earlier_s)
    assert await pad.ask("GetTotals") == known


@pytest.mark.parametrize("sale", [[], "x", {"SaleTerminalData": 1}, {"OperatorID": {}}])
@story
async def test_a_sale_that_cannot_be_read_is_a_format_s_fault_and_stops_nothing(
    sale: Any,
) -> None:
    pad = Pad()
    await pad.start()
    body = {**loyalty("Redemption", data=account()), "SaleData": sale}
    assert condition(await pad.ask("Loyalty", body)) == "MessageFormat"
    assert condition(await pad.ask("Diagnosis")) == ""
