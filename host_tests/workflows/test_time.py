"""What a till does before it knows the time, and how it writes the time on the wire."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from host_tests.kit.earning import checkout, key_5, shop_that_earns
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer, nothing_sent
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from milepad.base import compat
from milepad.base.timekeeper import Timekeeper

WINTER_S = 1780000000 + 200 * 86400  # 2026-12-14T20:26:40Z
SUMMER_S = 1780000000  # 2026-05-28T20:26:40Z


class Clock:
    """A chip's clock that has lost the time, and what the platform says of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
        self.rtc_s = 1609459200  # 2021, where an RP2350 begins
        self.date_s = 0  # of the platform's replies; 0: they have none
        monkeypatch.setattr(compat, "time", SimpleNamespace(time=lambda: self.rtc_s))
        self.keeper = Timekeeper(self.set, shop.log.append)
        shop.set_time(self.keeper)
        self._call = shop.session.call
        shop.session.call = self.call  # type: ignore[method-assign]

    def set(self, unix_s: int) -> None:
        self.rtc_s = unix_s

    async def call(self, request: Any, before_copy: Any = None, copies: int = 0) -> Any:
        outcome = await self._call(request, before_copy, copies)
        if outcome.reply is not None:
            self.keeper.note_platform(self.date_s)
        return outcome


async def refund(shop: Shop, number: str = CONFIRMATION) -> None:
    """Up to the end of the call."""
    await shop.to_refund_question(number)
    await shop.press("ENTER")


@story
async def test_the_first_sale_without_a_time_server_asks_the_platform_before_it_is_dated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    clock = Clock(monkeypatch, shop)
    clock.date_s = WINTER_S
    await shop.redeem()
    assert shop.session.ops() == ["echo", "inquire", "redeem"]
    (inquiry,) = shop.session.bodies("inquire")
    assert inquiry["dateTime"] == "2026-12-14T15:26:40-0500"
    assert shop.entries[0].unix_s == WINTER_S


@story
async def test_with_a_time_server_the_inquiry_itself_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    clock = Clock(monkeypatch, shop)
    clock.date_s = WINTER_S
    clock.keeper.note_ntp(WINTER_S + 365 * 86400)
    await shop.redeem()
    assert shop.session.ops() == ["inquire", "redeem"]
    assert shop.entries[0].unix_s == WINTER_S


@story
async def test_a_refund_is_never_dated_by_a_time_server_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    clock = Clock(monkeypatch, shop)
    clock.date_s = WINTER_S
    clock.keeper.note_ntp(WINTER_S + 90000)
    await refund(shop)
    await shop.sees(shop.terminal.text("go_on"))
    assert shop.session.ops() == ["echo", "reverse"]
    assert shop.entries[0].unix_s == WINTER_S


@story
async def test_a_platform_that_dates_nothing_is_asked_once_and_ntp_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    clock = Clock(monkeypatch, shop)
    clock.keeper.note_ntp(WINTER_S)
    for number in ("20000000001", "20000000002"):
        await refund(shop, number)
        await shop.sees(shop.terminal.text("go_on"))
        await shop.press("ENTER")
        assert await shop.ended() == ""
    assert shop.session.ops() == ["echo", "reverse", "reverse"]
    assert not clock.keeper.is_proven()


@story
async def test_without_any_time_nothing_dated_leaves_and_the_screen_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    Clock(monkeypatch, shop)
    await shop.to_card()
    await shop.swipe()
    await shop.sees("NOT SENT", "NO DISCOUNT", "CLOCK OR CERTIFICATE")
    await shop.press("CANCEL")
    assert await shop.ended() == ""
    await refund(shop)
    await shop.sees("NOT SENT", "CLOCK OR CERTIFICATE")
    assert set(shop.session.ops()) == {"echo"}
    assert [entry.outcome for entry in shop.entries] == ["not_sent"]


@story
async def test_without_a_network_the_cause_is_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop(echo=nothing_sent())
    clock = Clock(monkeypatch, shop)
    clock.keeper.note_ntp(WINTER_S)
    await refund(shop)
    await shop.sees("NOT SENT", "SERVICE UNREACHABLE")
    assert shop.session.ops() == []
    assert shop.entries[0].result.outcome == "not_sent"


@story
async def test_cancel_while_the_time_is_asked_for_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    Clock(monkeypatch, shop)
    shop.session.connect_s = 5
    await refund(shop)
    await shop.sees("REVERSING", "CANCEL=STOP")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.entries == []


@story
async def test_the_idle_screen_says_that_there_is_a_link_and_no_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop(profile={"platform": {"echo_s": 60}})
    clock = Clock(monkeypatch, shop)
    shop.begin("menu")
    await shop.sees("CHECKOUT", "NO TIME", within_s=40)
    clock.date_s = WINTER_S
    await shop.sees("CHECKOUT", "LINK OK", within_s=40)
    assert clock.keeper.is_proven()


@story
async def test_what_is_open_waits_for_the_time_and_is_not_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop(echo=nothing_sent())
    Clock(monkeypatch, shop).keeper.note_platform(WINTER_S)
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("WAITING FOR ANSWER")
    shop.cut()
    clock = Clock(monkeypatch, shop)
    shop.begin("recover")
    await shop.sees("WAITING FOR THE TIME")
    await asyncio.sleep(600)
    assert "UNRESOLVED" not in shop.screens
    assert shop.entries[0].outcome == "open"
    clock.keeper.note_ntp(WINTER_S + 60)
    clock.keeper.note_platform(WINTER_S + 60)
    await shop.sees("INTERRUPTED", "=FINISH")


@story
async def test_totals_without_a_time_are_those_of_the_latest_day_and_say_its_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    Clock(monkeypatch, shop).keeper.note_platform(WINTER_S)
    await shop.redeem()
    shop.session.script["echo"] = nothing_sent()
    Clock(monkeypatch, shop)
    await refund(shop)
    await shop.sees("NOT SENT")
    await shop.press("CANCEL")
    await shop.ended()
    shop.begin("reports")
    await shop.press("1")
    await shop.sees("12-14 NET     $40.00", "REDEEM 1      $40.00")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    slip = shop.printer.slips[-1]
    assert "2026-12-14" in slip
    assert "2021" not in slip, "the moment of printing is not known"


@pytest.mark.parametrize(
    ("now_s", "date_time", "offset_min"),
    [
        (SUMMER_S, "2026-05-28T16:26:40-0400", -240),
        (WINTER_S, "2026-12-14T15:26:40-0500", -300),
    ],
)
@story
async def test_every_dated_request_carries_the_stores_offset(
    monkeypatch: pytest.MonkeyPatch, now_s: int, date_time: str, offset_min: int
) -> None:
    shop = Shop()
    clock = Clock(monkeypatch, shop)
    clock.keeper.note_platform(now_s)
    await shop.redeem()
    await refund(shop)
    await shop.sees(shop.terminal.text("go_on"))
    for op in ("inquire", "redeem", "reverse"):
        assert [body["dateTime"] for body in shop.session.bodies(op)] == [date_time]
    assert {entry.offset_min for entry in shop.entries} == {offset_min}
    for entry in shop.entries:  # a copy that is built again says the same
        assert (
            f'"dateTime":"{date_time}"'
            in shop.device.transactions.identical.request(entry).body.decode()
        )


@pytest.mark.parametrize(
    ("zone", "date_time"),
    [
        ("NST3:30NDT,M3.2.0,M11.1.0", "2026-12-14T16:56:40-0330"),  # St. John's
        ("IST-5:30", "2026-12-15T01:56:40+0530"),
    ],
)
@story
async def test_an_offset_of_half_an_hour_is_carried_whole(
    monkeypatch: pytest.MonkeyPatch, zone: str, date_time: str
) -> None:
    shop = Shop(profile={"time": {"zone": zone}})
    Clock(monkeypatch, shop).keeper.note_platform(WINTER_S)
    await shop.redeem()
    (body,) = shop.session.bodies("redeem")
    assert body["dateTime"] == date_time


@pytest.mark.parametrize(
    "fault", [OverflowError(), ValueError("x"), TypeError(), MemoryError()], ids=repr
)
@story
async def test_no_fault_of_writing_an_outcome_takes_it_off_the_screen(
    fault: Exception,
) -> None:
    shop = Shop()

    def conclude(sequence: int, result: object) -> None:
        raise fault

    shop.ledger.conclude = conclude  # type: ignore[method-assign]
    await shop.redeem()
    assert CONFIRMATION in shop.screens
    assert len(shop.ledger.open_entries()) == 1  # the next start asks
    assert f"ledger: {type(fault).__name__}" in shop.log


@pytest.mark.parametrize("now_s", [-5, 0, 0xFFFFFFFF, 1 << 33, 1 << 70])
@story
async def test_an_outcome_is_written_whatever_the_clock_says(
    monkeypatch: pytest.MonkeyPatch, now_s: int
) -> None:
    shop = Shop(redeem=answer("redeem", "0000"))
    clock = Clock(monkeypatch, shop)
    clock.keeper.note_platform(WINTER_S)
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("WAITING FOR ANSWER")
    clock.rtc_s = now_s
    await shop.sees("APPROVED", CONFIRMATION)
    (entry,) = shop.ledger.entries()
    assert entry.outcome == "approved"


@pytest.mark.parametrize("is_checkout", [True, False])
@story
async def test_without_the_time_nothing_earns_which_is_told_and_the_sale_goes_on(
    monkeypatch: pytest.MonkeyPatch, is_checkout: bool
) -> None:
    unreachable = nothing_sent()
    shop = shop_that_earns(echo=unreachable)
    Clock(monkeypatch, shop)
    if is_checkout:
        await checkout(shop)
        await shop.sees("NOT SENT", "NO DISCOUNT")
        await shop.press("CANCEL")
    else:
        await key_5(shop)
        await shop.swipe()
    rows = await shop.sees("TIME IS NOT KNOWN")
    assert rows[1:3] == ["CONNECT TO THE WI-FI", "NOTHING IS ADDED"]
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.entries == [] and shop.printer.slips == []
