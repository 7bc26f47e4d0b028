"""A till redeems: the pad has card, customer and confirmation, the till gets what was moved."""

from typing import Any

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.pad import Pad, account, loyalty
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.virtual_time import story


def condition(found: Any) -> str:
    return str(found["Response"].get("ErrorCondition", ""))


@pytest.mark.parametrize("is_abort", [False, True])
@story
async def test_who_stops_where_the_collector_chooses_has_stopped_it(is_abort: bool) -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("Loyalty", loyalty("Redemption", data=account()), "s1")
    await pad.sees("UP/DOWN")
    if is_abort:
        await pad.ask("Abort", {"MessageReference": {"ServiceID": "s1"}})
    else:
        await pad.press("CANCEL")
    assert condition(await task) == ("Aborted" if is_abort else "Cancel")
    assert not pad.entries


@story
async def test_forty_dollars_that_the_till_names_are_redeemed_once() -> None:
    pad = Pad()
    await pad.start()
    found = await pad.redeemed()
    assert found["Response"]["Result"] == "Success"
    entry = pad.entries[0]
    money, miles = found["LoyaltyResult"]
    assert money["LoyaltyAmount"] == {
        "LoyaltyUnit": "Monetary",
        "Currency": "CAD",
        "Value": 40.0,
    }
    assert miles["LoyaltyAmount"] == {"LoyaltyUnit": "Point", "Value": 380}
    assert money["LoyaltyAcquirerData"]["ApprovalCode"] == CONFIRMATION
    assert found["POIData"]["POITransactionID"]["TransactionID"] == entry.trace_id
    assert pad.session.bodies("redeem")[0]["dollarRedeemRequest"] == "40.00"
    await pad.sees("TILL")
    assert len(pad.printer.slips) == 1
    assert "$40.00" in pad.printer.slips[0]


@story
async def test_no_answer_holds_the_card_s_number() -> None:
    pad = Pad()
    await pad.start()
    found = await pad.redeemed()
    assert CARD not in str(found)
    assert "*******2006" in str(found)


@story
async def test_without_an_amount_the_collector_chooses_on_the_pad() -> None:
    pad = Pad()
    await pad.start()
    task = pad.asks("Loyalty", loyalty("Redemption"))
    await pad.sees("CARD", "$43.35")
    await pad.swipe()
    await pad.sees("REDEEM", "UP/DOWN")
    await pad.press("DOWN", "ENTER")
    found = await task
    assert found["LoyaltyResult"][0]["LoyaltyAmount"]["Value"] == 30.0
    assert pad.session.bodies("redeem")[0]["dollarRedeemRequest"] == "30.00"


@pytest.mark.parametrize(
    ("value", "wanted", "note"),
    [
        ("45.00", "NotAllowed", "unit=10.00"),
        ("50.00", "PaymentRestriction", "max=40.00"),
        ("0.00", "NotAllowed", "unit=10.00"),
        ("4o", "MessageFormat", "member=Value"),
    ],
)
@story
async def test_an_amount_that_is_no_offer_is_refused(
    value: str, wanted: str, note: str
) -> None:
    pad = Pad()
    await pad.start()
    found = await pad.ask("Loyalty", loyalty("Redemption", value=value, data=account()))
    assert condition(found) == wanted
    assert found["Response"]["AdditionalResponse"] == note
    assert not pad.entries


@pytest.mark.parametrize(
    ("name", "value"), [("LoyaltyUnit", "Dollars"), ("Currency", "USD")]
)
@story
async def test_an_amount_of_another_kind_is_refused(name: str, value: str) -> None:
    pad = Pad()
    await pad.start()
    body = loyalty("Redemption", value="40.00", data=account())
    body["LoyaltyData"][0]["LoyaltyAmount"][name] = value
    found = await pad.ask("Loyalty", body)
    assert condition(found) == "MessageFormat"
    assert found["Response"]["AdditionalResponse"] == "member=" + name
    assert not pad.entries


@pytest.mark.parametrize(
    ("value", "wanted", "note"),
    [
        ("380", "", ""),
        ("381", "NotAllowed", "unit=95"),
        ("475", "PaymentRestriction", "max=40.00"),
        ("0", "NotAllowed", "unit=95"),
        ("380.0", "MessageFormat", "member=Value"),
        ("000000380", "MessageFormat", "member=Value"),
    ],
)
@story
async def test_an_amount_in_miles_is_one_in_whole_units(
    value: str, wanted: str, note: str
) -> None:
    pad = Pad()
    await pad.start()
    body = loyalty("Redemption", value=value, data=account())
    body["LoyaltyData"][0]["LoyaltyAmount"]["LoyaltyUnit"] = "Point"
    task = pad.asks("Loyalty", body)
    if not wanted:
        await pad.sees("REDEEM", "ENTER=YES")
        await pad.press("ENTER")
    found = await task
    assert condition(found) == wanted
    assert note in found["Response"].get("AdditionalResponse", "")
    redeemed = pad.session.bodies("redeem")
    assert [each["dollarRedeemRequest"] for each in redeemed] == ["40.00"] * (not wanted)


@story
async def test_a_keyed_number_may_not_redeem() -> None:
    pad = Pad()
    await pad.start()
    body = loyalty("Redemption", value="40.00", data=account(mode="Keyed"))
    assert condition(await pad.ask("Loyalty", body)) == "NotAllowed"
    assert "inquire" not in pad.session.ops()


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (account("12345"), "InvalidCard"),
        ({"LoyaltyAccountID": {"LoyaltyID": CARD}}, "MessageFormat"),
        ({"LoyaltyAccountID": {"LoyaltyID": CARD, "EntryMode": "Tapped"}}, "MessageFormat"),
        ({"CardAcquisitionReference": {"TransactionID": "none"}}, "NotFound"),
    ],
)
@story
async def test_a_card_that_is_none_is_refused(data: dict, wanted: str) -> None:
    pad = Pad()
    await pad.start()
    body = loyalty("Redemption", value="40.00", data=data)
    assert condition(await pad.ask("Loyalty", body)) == wanted


@story
async def test_the_customer_says_no() -> None:
    pad = Pad()
    await pad.start()
    body = loyalty("Redemption", value="40.00", data=account())
    task = pad.asks("Loyalty", body)
    await pad.sees("ENTER=YES")
    await pad.press("CANCEL")
    assert condition(await task) == "Cancel"
    assert not pad.entries


@pytest.mark.parametrize("code", ["0025", "0002", "0005", "0006", "0065", "0067", "0092"])
@story
async def test_a_refused_inquiry_is_told_with_its_code(code: str) -> None:
    pad = Pad(inquire=answer("inquire", code))
    await pad.start()
    found = await pad.ask("Loyalty", loyalty("Redemption", data=account()))
    assert found["Response"]["Result"] == "Failure"
    assert f"responseCode={code}" in found["Response"]["AdditionalResponse"]
    assert not pad.entries


@pytest.mark.parametrize(
    ("outcome", "wanted", "told"),
    [
        (answer("redeem", "0051"), "Refusal", "outcome=declined"),
        (silence(), "UnreachableHost", "outcome=unknown"),
        (nothing_sent(), "UnreachableHost", "outcome=not_sent"),
    ],
)
@story
async def test_a_redemption_that_failed_is_told_with_its_outcome(
    outcome: Any, wanted: str, told: str
) -> None:
    pad = Pad(redeem=outcome)
    await pad.start()
    found = await pad.redeemed("s1")
    assert condition(found) == wanted
    assert told in found["Response"]["AdditionalResponse"]
    assert "LoyaltyAmount" not in str(found)
    again = await pad.status("s1")
    body = again["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
    assert body["LoyaltyResponse"] == found


@story
async def test_a_till_that_prints_gets_the_slip_and_the_pad_prints_none() -> None:
    pad = Pad()
    await pad.start()
    sale = {"SaleTerminalData": {"SaleCapabilities": ["PrinterReceipt"]}}
    body = loyalty("Redemption", value="40.00", data=account(), sale=sale)
    task = pad.asks("Loyalty", body)
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    found = await task
    lines = found["PaymentReceipt"][0]["OutputContent"]["OutputText"]
    assert any("$40.00" in line["Text"] for line in lines)
    await pad.sees("TILL")
    assert not pad.printer.slips


@story
async def test_in_practice_nothing_is_moved() -> None:
    pad = Pad()
    await pad.start()
    await pad.ask("Login", {"OperatorID": "7", "TrainingModeFlag": True})
    found = await pad.ask("Loyalty", loyalty("Redemption", data=account()))
    assert condition(found) == "NotAllowed"


@story
async def test_a_basket_above_the_shop_s_limit_is_refused() -> None:
    pad = Pad()
    await pad.start()
    found = await pad.ask("Loyalty", loyalty("Redemption", "1000.01", data=account()))
    assert condition(found) == "PaymentRestriction"


@story
async def test_a_second_try_of_a_sale_without_an_answer_is_asked_about() -> None:
    pad = Pad(redeem=[silence()])
    await pad.start()
    await pad.redeemed()
    body = loyalty("Redemption", value="40.00", data=account())
    task = pad.asks("Loyalty", body)
    await pad.sees("NO ANSWER", "TRACE")
    await pad.press("00")
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    assert (await task)["Response"]["Result"] == "Success"


def without_memory(*_: Any) -> Any:
    raise MemoryError


@story
async def test_without_the_memory_for_it_nothing_is_begun_and_the_pad_serves_on() -> None:
    pad = Pad()
    await pad.start()
    inquire, pad.device.transactions.inquire = (
        pad.device.transactions.inquire,
        without_memory,
    )  # type: ignore[method-assign]
    body = loyalty("Redemption", value="40.00", data=account())
    found = await pad.ask("Loyalty", body)
    assert condition(found) == "UnavailableDevice"
    assert found["Response"]["AdditionalResponse"] == "memory=full"
    pad.device.transactions.inquire = inquire  # type: ignore[method-assign]
    assert (await pad.redeemed())["Response"]["Result"] == "Success"


@story
async def test_where_memory_ends_with_a_transaction_under_way_the_pad_starts_anew() -> None:
    pad = Pad()
    await pad.start()
    pad.device.transactions.submit = without_memory  # type: ignore[method-assign]
    body = loyalty("Redemption", value="40.00", data=account())
    task = pad.asks("Loyalty", body, "s1")
    await pad.sees("ENTER=YES")
    await pad.press("ENTER")
    assert condition(await task) == "InProgress"
    assert await pad.ended() == "MemoryError"
    pad.cut()
    again = (await pad.status("s1"))["RepeatedMessageResponse"]
    assert condition(again["RepeatedResponseMessageBody"]["LoyaltyResponse"]) == "Aborted"
    assert not pad.entries
