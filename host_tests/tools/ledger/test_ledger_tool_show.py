"""What `tools.ledger show` says an entry came to."""

import pytest

from tools.ledger.entries import LedgerEntry
from tools.ledger.show import row_of


@pytest.mark.parametrize(
    ("state", "counted_cents", "shown"),
    [
        ("approved", 4000, "40.00"),
        ("approved", 3000, "30.00"),
        ("approved", 0, "0.00"),  # the reply said that nothing was redeemed
        ("unknown", 0, "40.00"),
        ("declined", 0, "40.00"),
        ("open", 0, "40.00"),
    ],
)
def test_an_approval_shows_what_counts_and_anything_else_what_was_asked(
    state, counted_cents, shown
):
    entry = LedgerEntry(
        sequence=1,
        op="redeem",
        outcome=state,
        unix_s=1795276800,
        offset_min=-300,
        trace_id="000100000001",
        idempotency_key="",
        collector="*******2006",
        redeem_cents=4000,
        reverses="",
        response_code="0000",
        confirmation="",
        miles=0,
        cents=counted_cents,
        revision=0,
        decision="",
        mismatch=False,
    )
    assert row_of("device", entry)[6] == shown
