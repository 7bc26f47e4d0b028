"""A till's sale earns: with its lines, beside a redemption, queued, and taken back."""

import json
from typing import Any

import pytest

from host_tests.kit.pad import Pad, account, loyalty, original
from host_tests.kit.session import Issued
from host_tests.kit.virtual_time import story
from milepad.base.errors import QUEUE_FULL, StorageError

ISSUANCE = {"family": "amrp", "taxes": [["HST", "13"]], "location_code": "L001"}
ITEMS = [
    {"ItemID": 1, "ProductCode": "4011", "ProductLabel": "BANANAS", "ItemAmount": "18.36"},
    {"ItemID": 2, "ProductCode": "12", "ItemAmount": "20.00", "Quantity": "2"},
]


def condition(found: Any) -> str:
    return str(found["Response"].get("ErrorCondition", ""))


def pad_that_earns(**script: Any) -> Pad:
    return Pad(profile={"issuance": ISSUANCE}, **script)


def sent(pad: Pad) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in pad.session.issued()]


def award(total: str = "43.35", **more: Any) -> dict[str, Any]:
    return loyalty("Award", total, data=account(), **more)


@story
async def test_a_sale_with_its_lines_earns_what_the_platform_says() -> None:
    pad = pad_that_earns()
    await pad.start()
    pad.session.issuing["issue"] = [Issued(200, 12)]
    found = await pad.ask("Loyalty", award(SaleItem=ITEMS))
    assert found["Response"]["Result"] == "Success"
    (points,) = found["LoyaltyResult"]
    assert points["LoyaltyAmount"] == {"LoyaltyUnit": "Point", "Value": 12}
    (body,) = sent(pad)
    assert (body["basketPreTaxAmount"], body["basketPostTaxAmount"]) == (38.36, 43.35)
    await pad.sees("EARNED 12")
    await pad.sees("TILL")
    assert len(pad.printer.slips) == 1


@pytest.mark.parametrize("items", [[], [{"ItemID": 1, "ItemAmount": "99.00"}]])
@story
async def test_without_lines_that_tie_the_shop_s_rates_tell_the_total_before_tax(
    items: list,
) -> None:
    pad = pad_that_earns()
    await pad.start()
    await pad.ask("Loyalty", award(SaleItem=items))
    (body,) = sent(pad)
    assert body["basketPreTaxAmount"] == 38.36
    assert not body.get("items")


@story
async def test_one_that_waits_in_the_queue_is_a_success_and_stays_the_same_answer() -> None:
    pad = pad_that_earns()
    await pad.start()
    pad.session.issuing["issue"] = [None]
    first = await pad.ask("Loyalty", award(), "a1")
    assert first["Response"]["Result"] == "Success"
    assert "outcome=open" in first["Response"]["AdditionalResponse"]
    await pad.sees("WILL BE ADDED")
    pad.cut()
    again = (await pad.status("a1"))["RepeatedMessageResponse"]
    assert again["RepeatedResponseMessageBody"]["LoyaltyResponse"] == first
    await pad.start()
    assert await pad.ask("Loyalty", award(), "a1") == first


@story
async def test_one_that_is_refused_is_no_success() -> None:
    pad = pad_that_earns()
    await pad.start()
    pad.session.issuing["issue"] = [Issued(400)]
    found = await pad.ask("Loyalty", award())
    assert condition(found) == "Refusal"
    await pad.sees("NOT EARNED")


@story
async def test_a_full_queue_is_told_and_nothing_is_kept() -> None:
    pad = pad_that_earns()
    await pad.start()

    def full(*_: Any) -> None:
        raise StorageError(QUEUE_FULL)

    pad.device.earnings.queue.keep = full
    found = await pad.ask("Loyalty", award(), "a1")
    assert condition(found) == "DeviceOut"
    assert "storage=queue_full" in found["Response"]["AdditionalResponse"]
    pad.cut()
    again = (await pad.status("a1"))["RepeatedMessageResponse"]
    assert again["RepeatedResponseMessageBody"]["LoyaltyResponse"] == found


@story
async def test_beside_a_redemption_its_card_earns_on_the_rest() -> None:
    pad = pad_that_earns()
    await pad.start()
    redeemed = await pad.redeemed()
    trace_id = redeemed["POIData"]["POITransactionID"]["TransactionID"]
    found = await pad.ask("Loyalty", loyalty("Award", "3.35", **original(trace_id)))
    assert found["Response"]["Result"] == "Success"
    earning = pad.entries[-1]
    assert earning.redemption_number == pad.entries[0].result.confirmation_number
    assert earning.collector_number == pad.entries[0].collector_number
    assert earning.basket_cents == 335


@story
async def test_a_keyed_number_may_earn() -> None:
    pad = pad_that_earns()
    await pad.start()
    body = loyalty("Award", data=account(mode="Keyed"))
    assert (await pad.ask("Loyalty", body))["Response"]["Result"] == "Success"


@story
async def test_where_sales_do_not_earn_it_is_said() -> None:
    pad = Pad()
    await pad.start()
    assert condition(await pad.ask("Loyalty", award())) == "UnavailableService"


async def earned(pad: Pad) -> dict[str, Any]:
    await pad.start()
    found = await pad.ask("Loyalty", award(SaleItem=ITEMS))
    return original(found["POIData"]["POITransactionID"]["TransactionID"])


@story
async def test_a_part_is_taken_back_and_then_the_rest_and_then_nothing() -> None:
    pad = pad_that_earns()
    named = await earned(pad)
    part = loyalty("AwardRefund", "10.00", **named)
    assert (await pad.ask("Loyalty", part))["Response"]["Result"] == "Success"
    rest = loyalty("AwardRefund", "", **named)
    assert (await pad.ask("Loyalty", rest))["Response"]["Result"] == "Success"
    assert condition(await pad.ask("Loyalty", rest, "r3")) == "NotAllowed"
    back = [each for each in pad.entries if each.op == "return"]
    assert [each.basket_cents for each in back] == [1000, 3335]
    assert sum(each.pre_tax_cents for each in back) == 3836


@story
async def test_more_than_is_left_is_not_taken_back() -> None:
    pad = pad_that_earns()
    named = await earned(pad)
    found = await pad.ask("Loyalty", loyalty("AwardRefund", "43.36", **named))
    assert condition(found) == "PaymentRestriction"
    assert found["Response"]["AdditionalResponse"] == "left=43.35"


@pytest.mark.parametrize("kind", ["AwardRefund", "Reversal"])
@story
async def test_nothing_is_not_all(kind: str) -> None:
    pad = pad_that_earns()
    named = await earned(pad)
    if kind == "Reversal":
        found = await pad.ask("Reversal", named | {"ReversedAmount": "0.00"})
    else:
        found = await pad.ask("Loyalty", loyalty(kind, "0.00", **named))
    assert condition(found) == "PaymentRestriction"
    assert not [each for each in pad.entries if each.op == "return"]


@pytest.mark.parametrize("kind", ["Award", "Redemption"])
@story
async def test_another_currency_than_the_programme_s_is_refused(kind: str) -> None:
    pad = pad_that_earns()
    await pad.start()
    body = loyalty(kind, value="40.00", data=account(), Currency="USD")
    found = await pad.ask("Loyalty", body)
    assert condition(found) == "MessageFormat"
    assert found["Response"]["AdditionalResponse"] == "member=Currency"
    assert not pad.entries


@story
async def test_a_reversal_takes_an_award_back_whole() -> None:
    pad = pad_that_earns()
    named = await earned(pad)
    found = await pad.ask("Reversal", named)
    assert found["Response"]["Result"] == "Success"
    assert pad.entries[-1].basket_cents == 4335


@story
async def test_an_award_that_nobody_made_is_not_found() -> None:
    pad = pad_that_earns()
    await pad.start()
    found = await pad.ask("Loyalty", loyalty("AwardRefund", **original("004200000000")))
    assert condition(found) == "NotFound"


@story
async def test_a_diagnosis_tells_how_many_earnings_wait() -> None:
    pad = pad_that_earns()
    await pad.start()
    pad.device.earnings.waiting = lambda: (3, 0)
    found = await pad.ask("Diagnosis")
    assert "queue=3" in found["Response"]["AdditionalResponse"]


RULES = {
    "base": {"dollars_per_mile": "10.00", "code": "STANDARD", "description": "Base"},
}


@story
async def test_a_shop_s_own_rules_say_how_many_and_what_is_taken_back() -> None:
    issuance = {**ISSUANCE, "family": "partner", "offers": "offers.toml"}
    pad = Pad(profile={"issuance": issuance}, offers=RULES)
    await pad.start()
    found = await pad.ask("Loyalty", award(SaleItem=ITEMS))
    assert found["LoyaltyResult"][0]["LoyaltyAmount"]["Value"] == 3
    named = original(found["POIData"]["POITransactionID"]["TransactionID"])
    back = await pad.ask("Loyalty", loyalty("AwardRefund", "20.00", **named))
    assert back["LoyaltyResult"][0]["LoyaltyAmount"]["Value"] == 1
    (sale, taken) = sent(pad)
    assert sale["issuances"][0]["milesAmount"] == 3
    assert taken["issuances"][0]["milesAmount"] == 1


@story
async def test_a_sale_that_earns_nothing_by_the_shop_s_rules_is_said_so() -> None:
    issuance = {**ISSUANCE, "family": "partner", "offers": "offers.toml"}
    pad = Pad(profile={"issuance": issuance}, offers=RULES)
    await pad.start()
    found = await pad.ask("Loyalty", award("3.35"))
    assert condition(found) == "NotAllowed"
    assert found["Response"]["AdditionalResponse"] == "why=no_miles"


@story
async def test_rules_that_are_missing_are_told_and_stop_nothing() -> None:
    issuance = {**ISSUANCE, "family": "partner", "offers": "offers.toml"}
    pad = Pad(profile={"issuance": issuance}, offers={"base": 1})
    await pad.start()
    assert condition(await pad.ask("Loyalty", award())) == "UnavailableDevice"
    assert condition(await pad.ask("Diagnosis")) == ""
