"""After a power cut: the open request is finished, voided, or said to be unresolved."""

from __future__ import annotations

import pytest

from host_tests.workflows.shop import (
    CONFIRMATION,
    Shop,
    answer,
    nothing_sent,
    silence,
    story,
)
from milepad.base.errors import StorageError


async def cut(shop: Shop, op: str = "redeem") -> None:
    """Power goes while a request is on its way, and comes back."""
    if op == "redeem":
        await shop.to_offer()
    else:
        await shop.to_refund_question()
    await shop.press("ENTER")
    await shop.sees("WAITING FOR ANSWER")
    assert shop._task is not None
    shop._task.cancel()
    shop._task = None
    shop.boot()
    shop.session.arrived.clear()
    shop.begin("recover")


@story
async def test_finish_sends_the_identical_copy_and_gives_the_discount():
    shop = Shop()
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("WAITING FOR ANSWER")
    first = shop.session.arrived[-1]
    shop._task.cancel()
    shop._task = None
    shop.boot()
    shop.begin("recover")
    await shop.sees("INTERRUPTED", "REDEMPTION", "$40.00", "ENTER=FINISH", "CANCEL=VOID")
    await shop.press("ENTER")
    await shop.sees("APPROVED", CONFIRMATION, "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    again = shop.session.arrived[-1]
    assert (again.body, again.idempotency_key) == (first.body, first.idempotency_key)
    (entry,) = shop.entries
    assert (entry.result.outcome, entry.result.copies_sent) == ("approved", 2)
    assert CONFIRMATION in shop.printer.slips[0]


@story
async def test_void_takes_the_redemption_back():
    shop = Shop()
    await cut(shop)
    await shop.sees("INTERRUPTED")
    await shop.press("CANCEL")
    await shop.sees("VOIDED: NO DISCOUNT", "380 MILES RETURNED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.ops() == ["redeem", "reverse"]
    assert "APPROVED" not in shop.screens
    (slip,) = shop.printer.slips
    assert "VOIDED" in slip and "NO DISCOUNT" in slip and "APPROVED" not in slip
    assert [entry.intent.op for entry in shop.entries] == ["redeem", "reverse"]


@pytest.mark.parametrize(
    ("op", "second"), [("redeem", "NO DISCOUNT"), ("reverse", "DO NOT REFUND YET")]
)
@pytest.mark.parametrize(
    ("outcome", "title"), [(nothing_sent, "NOT SENT"), (silence, "NO ANSWER")]
)
@story
async def test_what_is_not_to_be_given_fits_the_operation(op, second, outcome, title):
    shop = Shop(**{op: [answer(op, "0000"), outcome()]})
    await cut(shop, op)
    await shop.sees("INTERRUPTED")
    await shop.press("ENTER")
    await shop.sees(title, second)
    await shop.press("ENTER")
    if outcome is nothing_sent:
        await shop.sees("INTERRUPTED")  # nothing left: the question stands again
        assert shop.ledger.open_entries()
    else:
        assert await shop.ended() == ""
        assert shop.entries[-1].state == "unresolved"


@story
async def test_a_cashier_who_comes_back_too_late_sends_nothing(monkeypatch):
    # The platform may have forgotten the idempotency key: the copy would be a second sale.
    shop = Shop(profile={"cashier": {"finish_s": 900}})
    await cut(shop)
    await shop.sees("INTERRUPTED", "ENTER=FINISH")
    late_s = shop.till.time.now_s() + 901
    monkeypatch.setattr(shop.till.time, "now_s", lambda: late_s)
    await shop.press("ENTER")
    await shop.sees("INTERRUPTED", "UNRESOLVED", "NO DISCOUNT")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.arrived == []
    assert shop.entries[0].state == "unresolved"


@story
async def test_a_second_copy_is_the_last_one():
    shop = Shop()
    await cut(shop)
    await shop.sees("INTERRUPTED")
    shop._task.cancel()
    shop._task = None
    shop.ledger.note(shop.ledger.open_entries()[0].sequence, 2, "")
    shop.begin("recover")
    await shop.sees("INTERRUPTED", "UNRESOLVED")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.arrived == []


@pytest.mark.parametrize("how", ["cancelled", "not sent", "refused"])
@story
async def test_a_void_that_fails_leaves_the_redemption_standing_with_its_slip(how):
    # Miles are gone and stay gone: without the number nobody could take them back.
    reversal = {"not sent": nothing_sent(), "refused": answer("reverse", "0080")}
    shop = Shop(reverse=reversal.get(how, []))
    await cut(shop)
    await shop.sees("INTERRUPTED")
    await shop.press("CANCEL")
    await shop.sees("REVERSING", "CONNECTING", "CANCEL=STOP")
    if how == "cancelled":
        await shop.press("CANCEL")
    else:
        await shop.sees("NOT SENT" if how == "not sent" else "0080")
        await shop.press("ENTER")
    await shop.sees("APPROVED", CONFIRMATION, "GIVE $40.00 OFF", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert CONFIRMATION in shop.printer.slips[-1]


@story
async def test_a_void_without_an_answer_promises_nothing():
    shop = Shop(reverse=silence())
    await cut(shop)
    await shop.sees("INTERRUPTED")
    await shop.press("CANCEL")
    await shop.sees("NO ANSWER", "DO NOT REFUND YET", "ENTER=GO ON")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert "GIVE" not in shop.screens


@story
async def test_a_finish_that_is_cancelled_before_its_copy_leaves_may_be_chosen_again():
    shop = Shop()
    await cut(shop)
    await shop.sees("INTERRUPTED")
    async with shop.session._lock:  # an echo is under way; the copy waits behind it
        shop.session.may_cancel = True
        await shop.press("ENTER")
        await shop.sees("CANCEL=STOP")
        await shop.press("CANCEL")
        await shop.sees("INTERRUPTED", "ENTER=FINISH")
    assert shop.session.arrived == []
    await shop.press("ENTER")
    await shop.sees("APPROVED", CONFIRMATION)
    await shop.press("ENTER")
    assert await shop.ended() == ""


@story
async def test_a_copy_that_cannot_be_noted_does_not_leave_and_the_cashier_is_told():
    shop = Shop()
    await cut(shop)
    await shop.sees("INTERRUPTED")
    amend, shop.store.amend = shop.store.amend, failing
    await shop.press("ENTER")
    await shop.sees("STORAGE FAILED", "CALL FOR SERVICE")
    assert shop.session.arrived == []
    shop.store.amend = amend
    await shop.press("ENTER")
    await shop.sees("INTERRUPTED", "ENTER=FINISH")
    await shop.press("ENTER")
    await shop.sees("APPROVED", CONFIRMATION)
    await shop.press("ENTER")
    assert await shop.ended() == ""


def failing(number: int, raw: bytes) -> None:
    raise StorageError("The storage is read-only.")
