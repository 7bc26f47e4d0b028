"""What the pad tells a till by itself, once it has logged in."""

import asyncio
import json
from typing import Any

from host_tests.kit.pad import Pad, account, loyalty
from host_tests.kit.session import answer
from host_tests.kit.virtual_time import story
from milepad.base.errors import FULL, StorageError


class Listener:
    """A till's end: what it was told, as (what, details)."""

    def __init__(self, pad: Pad) -> None:
        self.pad = pad
        self.told: list[tuple[str, str]] = []

    def __call__(self, raw: bytes) -> None:
        message = json.loads(raw)["SaleToPOIRequest"]
        assert message["MessageHeader"]["MessageType"] == "Notification"
        assert message["MessageHeader"]["SaleID"] == "TILL1"
        found = message["EventNotification"]
        self.told.append((found["EventToNotify"], found["EventDetails"]))

    async def login(self) -> None:
        raw = json.dumps({"SaleToPOIRequest": self.pad.message("Login", {})}).encode()
        assert await self.pad.service.take(raw, self)


async def logged_in(**script: Any) -> tuple[Pad, Listener]:
    pad = Pad(**script)
    await pad.start()
    till = Listener(pad)
    await till.login()
    return pad, till


@story
async def test_a_pad_that_has_started_says_so_at_the_first_login() -> None:
    _pad, till = await logged_in()
    await till.login()
    assert till.told == [("Initialised", "")]


@story
async def test_the_network_goes_and_comes_back() -> None:
    pad, till = await logged_in()
    await asyncio.sleep(2)
    pad.hardware.wifi = False
    await pad.sees("NO WI-FI")
    pad.hardware.wifi = True
    await pad.sees("LINK")
    assert till.told[1:] == [("NetworkDisconnected", ""), ("NetworkConnected", "")]


@story
async def test_an_abort_that_was_carried_out_is_completed() -> None:
    pad, till = await logged_in()
    task = pad.asks("Loyalty", loyalty("Redemption"), "s1")
    await pad.sees("CARD")
    await pad.ask("Abort", {"MessageReference": {"ServiceID": "s1"}})
    await task
    assert till.told[1:] == [("Completed", "s1")]


@story
async def test_a_ledger_that_takes_nothing_is_out_of_order() -> None:
    pad, till = await logged_in()

    def full(*_: Any) -> int:
        raise StorageError(FULL)

    pad.ledger.begin = full  # type: ignore[method-assign,assignment]
    found = await pad.redeemed()
    assert found["Response"]["ErrorCondition"] == "DeviceOut"
    assert till.told[1:] == [("OutOfOrder", "full")]


@story
async def test_who_has_hung_up_is_told_nothing() -> None:
    pad, till = await logged_in(inquire=answer("inquire", "0025"))
    pad.service.disconnected(till)
    pad.service.notify("Completed")
    await pad.ask("Loyalty", loyalty("Redemption", data=account()))
    assert len(till.told) == 1


@story
async def test_one_till_s_login_is_no_news_to_another() -> None:
    pad, till = await logged_in()
    raw = json.dumps({"SaleToPOIRequest": pad.message("Login", {}, sale_id="TILL2")})
    told: list[bytes] = []
    await pad.service.take(raw.encode(), told.append)
    assert len(told) == 1
    assert len(till.told) == 1


@story
async def test_a_till_that_may_not_ask_is_told_nothing() -> None:
    pad = Pad(profile={"till": {"sale_ids": ["TILL2"]}})
    await pad.start()
    till = Listener(pad)
    await till.login()
    pad.service.notify("Completed")
    assert till.told == []
