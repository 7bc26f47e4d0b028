"""Entries such as a till makes all day, for the scripts beside this one."""

from milepad.base.transaction import Result, Transaction

NOW_S = 1769765999


def intent_of(trace_id, number):
    """A redemption; every tenth one is a reversal. `number` tells them apart."""
    reverse = number % 10 == 9
    return Transaction(
        op="reverse" if reverse else "redeem",
        trace_id=trace_id,
        idempotency_key=f"3f2b8c1e-5a77-4c09-9e41-{number:012x}",
        unix_s=NOW_S + number * 60,
        offset_min=-300,
        collector_number="84095202006",
        card_entry_mode="SCAN",
        basket_cents=0 if reverse else 4335,
        redeem_cents=4000,
        redemption_number=str(10000000000 + number) if reverse else "",
        request_crc32=0x89ABCDEF,
    )


def result_of(number, outcome="approved"):
    """The result that belongs to it."""
    return Result(
        outcome=outcome,
        response_code="0000" if outcome == "approved" else "",
        confirmation_number=str(20000000000 + number) if outcome == "approved" else "",
        miles=380,
        cents=4000,
        unix_s=NOW_S + number * 60 + 2,
        copies_sent=1 if outcome == "approved" else 2,
    )


def earning_of(number, **changes):
    """An ISSUE that the platform works out; `number` tells them apart."""
    values = {
        "op": "issue",
        "trace_id": f"0042{number:08d}",
        "idempotency_key": f"3f2b8c1e-5a77-4c09-9e41-{number:012x}",
        "unix_s": NOW_S + number * 60,
        "offset_min": -300,
        "collector_number": "84095202006",
        "card_entry_mode": "SCAN",
        "basket_cents": 2822,
        "pre_tax_cents": 2497,
        "request_crc32": 0x89ABCDEF,
        "version": 3,
    }
    values.update(changes)
    return Transaction(**values)
