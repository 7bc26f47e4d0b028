"""A till takes a redemption back: the sale that it names, whole, on the card that redeemed."""

from typing import Any

import pytest

from host_tests.kit.pad import Pad, account, loyalty, original
from host_tests.kit.shop import OTHER_CARD
from host_tests.kit.virtual_time import story


def condition(found: Any) -> str:
    return str(found["Response"].get("ErrorCondition", ""))


@story
async def test_a_refund_names_the_redemption_and_gives_it_back_whole() -> None:
    pad = Pad()
    await pad.start()
    trace_id = (await pad.redeemed())["POIData"]["POITransactionID"]["TransactionID"]
    found = await pad.ask(
        "Loyalty", loyalty("RedemptionRefund", "40.00", **original(trace_id))
    )
    assert found["Response"]["Result"] == "Success"
    assert found["LoyaltyResult"][0]["LoyaltyAmount"]["Value"] == 40.0
    again = await pad.ask("Reversal", original(trace_id))
    assert condition(again) == "NotAllowed"
    assert "refunded=true" in again["Response"]["AdditionalResponse"]
    await pad.sees("REFUNDED")


@story
async def test_a_reversal_is_of_the_whole() -> None:
    pad = Pad()
    await pad.start()
    trace_id = (await pad.redeemed())["POIData"]["POITransactionID"]["TransactionID"]
    part = {**original(trace_id), "ReversedAmount": "10.00"}
    assert condition(await pad.ask("Reversal", part)) == "NotAllowed"
    found = await pad.ask("Reversal", {**original(trace_id), "ReversedAmount": "40.00"})
    assert found["ReversedAmount"] == 40.0


@story
async def test_a_refund_of_what_is_not_there_is_not_found() -> None:
    pad = Pad()
    await pad.start()
    assert condition(await pad.ask("Reversal", original("000000000000"))) == "NotFound"


@pytest.mark.parametrize(
    ("data", "wanted", "note"),
    [
        (account(OTHER_CARD), "InvalidCard", "card=other"),
        (account(mode="Keyed"), "NotAllowed", "card=keyed"),
        (account(), "", ""),
    ],
)
@story
async def test_a_refund_is_for_the_card_that_redeemed(
    data: dict[str, Any], wanted: str, note: str
) -> None:
    pad = Pad()
    await pad.start()
    trace_id = (await pad.redeemed())["POIData"]["POITransactionID"]["TransactionID"]
    named = original(trace_id)
    found = await pad.ask("Loyalty", loyalty("RedemptionRefund", "", data=data, **named))
    assert condition(found) == wanted
    assert note in found["Response"].get("AdditionalResponse", "")
    assert len(pad.entries) == (1 if wanted else 2)
