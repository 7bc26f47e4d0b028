"""The power goes: a till that asks for the status learns what became of its request, once."""

from typing import Any

import pytest

from host_tests.kit.pad import Pad, account, loyalty, original
from host_tests.kit.session import answer, silence
from host_tests.kit.virtual_time import story

REDEMPTION = loyalty("Redemption", value="40.00", data=account())


def condition(found: Any) -> str:
    return str(found["Response"].get("ErrorCondition", ""))


def repeated(found: Any, category: str = "Loyalty") -> Any:
    body = found["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
    return body[category + "Response"]


async def cut_while_waiting(**script: Any) -> Pad:
    """A redemption left the pad, and the power went before its answer came."""
    pad = Pad(**script)
    await pad.start()
    pad.asks("Loyalty", REDEMPTION, "s1")
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    await pad.sees("WAITING")
    pad.cut()
    return pad


@story
async def test_an_answer_is_given_again_after_a_cut() -> None:
    pad = Pad()
    await pad.start()
    first = await pad.redeemed("s1")
    pad.cut()
    assert repeated(await pad.status("s1")) == first
    assert repeated(await pad.status()) == first
    assert await pad.ask("Loyalty", REDEMPTION, "s1") == first
    assert len(pad.entries) == 1


@story
async def test_a_refund_s_answer_is_given_again_after_a_cut() -> None:
    pad = Pad()
    await pad.start()
    trace_id = (await pad.redeemed())["POIData"]["POITransactionID"]["TransactionID"]
    first = await pad.ask("Reversal", original(trace_id), "s2")
    pad.cut()
    assert repeated(await pad.status("s2"), "Reversal") == first


@pytest.mark.parametrize(
    "body",
    [
        loyalty("Redemption", value="50.00", data=account()),
        loyalty("Redemption", value="45.00", data=account()),
        loyalty("Redemption", data=account("123")),
        loyalty("Redemption", "", data=account()),
        loyalty("Redemption", data=account(mode="Keyed")),
    ],
)
@story
async def test_a_refusal_is_given_again_after_a_cut(body: Any) -> None:
    pad = Pad()
    await pad.start()
    first = await pad.ask("Loyalty", body, "s1")
    assert first["Response"]["Result"] == "Failure"
    pad.cut()
    assert repeated(await pad.status("s1")) == first
    await pad.start()
    assert await pad.ask("Loyalty", body, "s1") == first


@story
async def test_a_refused_redemption_is_given_again_after_a_cut() -> None:
    pad = Pad(redeem=answer("redeem", "0051"))
    await pad.start()
    first = await pad.redeemed("s1")
    pad.cut()
    assert repeated(await pad.status("s1")) == first


@story
async def test_before_anything_was_decided_a_cut_leaves_nothing() -> None:
    pad = Pad()
    await pad.start()
    pad.asks("Loyalty", REDEMPTION, "s1")
    await pad.sees("ENTER=YES")
    pad.cut()
    assert condition(await pad.status("s1")) == "NotFound"


@story
async def test_an_open_intent_is_in_progress_until_the_cashier_has_finished_it() -> None:
    pad = await cut_while_waiting()
    assert condition(await pad.status("s1")) == "InProgress"
    assert condition(await pad.ask("Loyalty", REDEMPTION, "s1")) == "InProgress"
    pad.begin("menu", "look back")
    await pad.sees("INTERRUPTED")
    assert condition(await pad.ask("Diagnosis")) == "Busy"
    found = await pad.status("s1")
    assert found["Response"]["AdditionalResponse"] == "waitsFor=cashier"
    await pad.press("7")
    await pad.sees("APPROVED", "ENTER")  # the cashier may leave that there for long
    found = repeated(await pad.status("s1"))
    assert found["Response"]["Result"] == "Success"
    assert found["LoyaltyResult"][0]["LoyaltyAmount"]["Value"] == 40.0


@story
async def test_one_that_was_voided_gives_no_discount() -> None:
    pad = await cut_while_waiting()
    pad.begin("menu", "look back")
    await pad.sees("INTERRUPTED")
    await pad.press("9")
    await pad.sees("VOIDED", "ENTER")
    await pad.press("ENTER")
    await pad.sees("TILL")
    found = repeated(await pad.status("s1"))
    assert condition(found) == "Aborted"
    assert "voided=true" in found["Response"]["AdditionalResponse"]
    assert "LoyaltyAmount" not in str(found)


@story
async def test_one_that_is_left_for_later_stays_in_progress() -> None:
    pad = await cut_while_waiting()
    pad.begin("menu", "look back")
    await pad.sees("INTERRUPTED")
    await pad.press("0")
    await pad.sees("TILL")
    assert condition(await pad.status("s1")) == "InProgress"


@story
async def test_one_whose_outcome_stays_unknown_is_told_so() -> None:
    pad = await cut_while_waiting(redeem=[answer("redeem", "0000"), silence()])
    pad.begin("menu", "look back")
    await pad.sees("INTERRUPTED")
    await pad.press("7")
    await pad.sees("NO ANSWER", "ENTER")
    await pad.press("ENTER")
    await pad.sees("TILL")
    found = repeated(await pad.status("s1"))
    assert condition(found) == "UnreachableHost"
    assert "outcome=unknown" in found["Response"]["AdditionalResponse"]


@story
async def test_a_cut_between_record_and_intent_moved_nothing() -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("Loyalty", REDEMPTION, "s1")
    await pad.sees("ENTER=YES")
    pad.service.kept.finish = lambda record: None  # type: ignore[method-assign]
    pad.device.transactions.submit = _never  # type: ignore[method-assign,assignment]
    await pad.press("ENTER")
    task.cancel()
    pad.cut()
    found = repeated(await pad.status("s1"))
    assert condition(found) == "Aborted"
    assert not pad.entries


async def _never(*_: Any) -> Any:
    raise AssertionError("it was cut before")


@story
async def test_where_there_is_little_room_the_latest_answers_are_kept() -> None:
    pad = Pad()
    await pad.start()
    for number in range(60):
        await pad.ask("Loyalty", loyalty("Redemption", data=account("123")), "n%d" % number)
    pad.cut()
    for number in range(43, 60):
        assert condition(repeated(await pad.status("n%d" % number))) == "InvalidCard"
    assert condition(await pad.status("n0")) == "NotFound"


@story
async def test_an_inquiry_is_answered_again_until_the_power_goes() -> None:
    pad = Pad()
    await pad.start()
    body = {"LoyaltyAccountReq": account()}
    first = await pad.ask("BalanceInquiry", body, "b1")
    assert repeated(await pad.status("b1"), "BalanceInquiry") == first
    await pad.redeemed("s1")
    pad.cut()
    assert condition(await pad.status("b1")) == "NotFound"
    reference = (await pad.status())["MessageReference"]
    assert reference["ServiceID"] == "s1"  # the last that is known, and it says which
