"""Whatever a till sends: an answer or a refusal, and the pad stands at its idle screen again."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.cashier import CARD
from host_tests.kit.pad import Pad, account, loyalty, original
from host_tests.kit.virtual_time import virtually
from milepad.pinpad import conditions

ISSUANCE = {"family": "amrp", "taxes": [["HST", "13"]]}
ITEM = {"ItemID": 1, "ProductCode": "1", "ItemAmount": "38.36", "Quantity": "2"}
SALE = {"OperatorID": "1", "OperatorLanguage": "fr", "SaleTerminalData": {}}
TEMPLATES: list[tuple[str, Any]] = [
    ("Login", {"OperatorID": "1", "OperatorLanguage": "en", "TrainingModeFlag": False}),
    ("Diagnosis", {"HostDiagnosisFlag": True}),
    ("TransactionStatus", {"MessageReference": {"ServiceID": "x", "SaleID": "TILL1"}}),
    ("Abort", {"MessageReference": {"ServiceID": "x"}, "AbortReason": "y"}),
    ("CardAcquisition", {"CardAcquisitionTransaction": {"TotalAmount": "43.35"}}),
    ("BalanceInquiry", {"LoyaltyAccountReq": account()}),
    ("GetTotals", {"TotalDetails": ["SaleID"]}),
    ("Loyalty", loyalty("Redemption", value="40.00", data=account(), sale=SALE)),
    ("Loyalty", loyalty("Award", data=account(), SaleItem=[ITEM])),
    ("Loyalty", loyalty("RedemptionRefund", "40.00", **original("004200000000"))),
    ("Loyalty", loyalty("AwardRefund", "43.35", **original("004200000000"))),
    ("Reversal", {**original("004200000000"), "ReversedAmount": "40.00"}),
    ("Payment", {"SaleData": {}}),
]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "x", "é" * 300, "1" * 40, CARD, "40.00", "Redemption", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.just("a") | st.just("Value"), inner)
    ),
    max_leaves=4,
)


def places(value: Any) -> list[list[Any]]:
    """Every way down to a member."""
    found: list[list[Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in pairs:
        found.append([name])
        if isinstance(each, (dict, list)):
            found += [[name, *rest] for rest in places(each)]
    return found


@st.composite
def messages(draw: Any) -> tuple[str, dict[str, Any]]:
    category, body = copy.deepcopy(draw(st.sampled_from(TEMPLATES)))
    for _ in range(draw(st.integers(1, 3))):
        ways = places(body)
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        holder = body
        for name in way:
            holder = holder[name]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = draw(JUNK)
    return category, body


def checked(category: str, raw: bytes | None) -> None:
    if raw is None:
        assert category == "Abort"
        return
    ((kind, message),) = json.loads(raw).items()
    if kind == "SaleToPOIRequest":
        assert message["EventNotification"]["EventToNotify"] == "Reject"
        return
    response = message[category + "Response"]["Response"]
    assert response["Result"] in ("Success", "Failure")
    assert response.get("ErrorCondition", "") in conditions.ALL
    assert CARD not in json.dumps(message)


async def played(category: str, body: Any) -> None:
    pad = Pad(profile={"issuance": ISSUANCE})
    await pad.start()
    message = pad.message(category, body)
    raw = json.dumps({"SaleToPOIRequest": message}, ensure_ascii=False)
    answer = await asyncio.wait_for(pad.service.take(raw.encode("utf-8", "replace")), 600)
    checked(category, answer)
    await asyncio.sleep(300)
    assert not pad.over, "the idle screen is gone"
    assert pad.screen[0].startswith(("READY", "PRÊT")), pad.screen
    assert "redeem" not in pad.session.ops()  # nobody has said yes
    assert not any(CARD in line for line in pad.log)


@given(messages())
def test_a_mutated_request_is_answered_or_refused(asked: tuple[str, Any]) -> None:
    virtually(played(*asked))
