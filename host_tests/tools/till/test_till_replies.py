"""Whatever a pad answers: a reply that a till can use whole, or one refusal."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.till.replies import MessageError, read, repeated

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.sampled_from(["", "x", "Monetary", "Point", "40.00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def reply_with(**body: Any) -> dict[str, Any]:
    head = {"MessageCategory": "Loyalty", "ServiceID": "1"}
    return {
        "MessageHeader": head,
        "LoyaltyResponse": {"Response": {"Result": "Success"}, **body},
    }


@st.composite
def replies(draw: Any) -> Any:
    amount = {"LoyaltyUnit": "Monetary", "Value": draw(ANYTHING)}
    results = [draw(ANYTHING | st.just({"LoyaltyAmount": amount}))]
    return reply_with(
        LoyaltyResult=draw(ANYTHING | st.just(results)),
        PaymentReceipt=draw(ANYTHING | st.just([{"OutputContent": draw(ANYTHING)}])),
        POIData=draw(ANYTHING),
        RepeatedMessageResponse=draw(ANYTHING),
    )


@given(replies() | ANYTHING)
def test_any_answer_is_a_reply_or_none(document: Any) -> None:
    with contextlib.suppress(MessageError):
        reply = read(document)
        assert all(isinstance(each, int) for each in reply.amounts.values())
        assert isinstance(reply.receipts, list)
        assert isinstance(reply.transaction_id, str)
        repeated(reply)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("40.001"), "40.00", True, None])
def test_a_discount_that_cannot_be_read_is_none_of_zero(value: Any) -> None:
    amount = {"LoyaltyUnit": "Monetary", "Value": value}
    with pytest.raises(MessageError):
        read(reply_with(LoyaltyResult=[{"LoyaltyAmount": amount}]))
