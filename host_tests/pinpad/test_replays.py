"""What was recorded on the network comes again after the pad's power: nothing moves twice, and
nothing that its till was told had not been done is done later.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from host_tests.kit.media import FakeFiles
from host_tests.kit.pad import Pad, account, loyalty, original
from host_tests.kit.stores import SmallLittlefsStore
from host_tests.kit.virtual_time import story
from milepad.base import clock
from milepad.pinpad.kept import Kept, Record
from milepad.pinpad.protection import Protection
from milepad.pinpad.service import Service
from tools.till import protection
from tools.till.protection import Key

KEY = Key.from_passphrase("milepad till 1", "till")
ISSUANCE = {"family": "amrp", "taxes": [["HST", "13"]], "location_code": "L001"}
AWARD = loyalty("Award", data=account())


class ProtectedPad(Pad):
    """On littlefs; whoever is on its network has `recorded` every message of its till."""

    def __init__(self) -> None:
        self.till_flash = FakeFiles()
        self.recorded: dict[str, bytes] = {}
        super().__init__(profile={"issuance": ISSUANCE})

    def set_time(self, time: Any) -> None:
        super().set_time(time)
        raw = KEY.hmac + KEY.cipher + KEY.mask
        kept = Kept(SmallLittlefsStore(self.till_flash, "/till"))
        self.service = Service(self.device, Protection(raw, "till", 1), kept)
        self.device.till = self.service
        self.service.settle()

    def record(self, category: str, body: Any, service_id: str) -> bytes:
        """What travels of a request."""
        message = self.message(category, body, service_id)
        text = json.dumps({"SaleToPOIRequest": message})
        sealed = protection.protect(message["MessageHeader"], text, KEY)
        raw = json.dumps({"SaleToPOIRequest": sealed}).encode()
        return self.recorded.setdefault(service_id, raw)

    async def ask(
        self, category: str, body: Any = None, service_id: str = "", sale_id: str = ""
    ) -> Any:
        number = service_id or "q%d" % len(self.recorded)
        return await self.sent(self.record(category, body or {}, number))

    async def sent(self, raw: bytes) -> Any:
        """The body of the response to what travels; None where it has none."""
        answer = await self.service.take(raw)
        if answer is None:
            return None
        (found,) = json.loads(answer).values()
        if "NexoBlob" not in found:
            return found["EventNotification"]
        (found,) = json.loads(protection.unprotect(found, KEY)).values()
        (body,) = [each for name, each in found.items() if name != "MessageHeader"]
        return body

    async def replayed(self, service_id: str) -> Any:
        """Power goes and comes back, and the request is sent again by somebody else."""
        self.cut()
        await self.start()
        while not self.service.is_free:
            await asyncio.sleep(0.1)
        return await self.sent(self.recorded[service_id])

    def moved(self) -> tuple[int, int, int]:
        ops = self.session.ops()
        return ops.count("redeem"), ops.count("reverse"), len(self.session.issued())


def condition(found: Any) -> str:
    return str(found["Response"].get("ErrorCondition", ""))


async def started() -> ProtectedPad:
    pad = ProtectedPad()
    await pad.start()
    return pad


@story
async def test_within_a_life_a_message_that_came_before_is_refused() -> None:
    pad = await started()
    await pad.ask("Loyalty", AWARD, "a1")
    assert (await pad.sent(pad.recorded["a1"]))["EventToNotify"] == "Reject"


@story
async def test_what_has_moved_miles_moves_none_again_after_a_cut() -> None:
    pad = await started()
    redeemed = await pad.redeemed("s1")
    trace_id = redeemed["POIData"]["POITransactionID"]["TransactionID"]
    answers = {"s1": redeemed}
    answers["r1"] = await pad.ask("Reversal", original(trace_id), "r1")
    answers["a1"] = await pad.ask("Loyalty", AWARD, "a1")
    trace_id = answers["a1"]["POIData"]["POITransactionID"]["TransactionID"]
    part = loyalty("AwardRefund", "10.00", **original(trace_id))
    answers["b1"] = await pad.ask("Loyalty", part, "b1")
    before = pad.moved()
    assert before == (1, 1, 2)
    for service_id, answer in answers.items():
        assert await pad.replayed(service_id) == answer
    assert pad.moved() == before


@story
async def test_what_the_pad_was_too_busy_for_is_not_done_later() -> None:
    pad = await started()
    await pad.press("ENTER", "1")
    assert condition(await pad.ask("Loyalty", AWARD, "a1")) == "Busy"
    assert condition(await pad.replayed("a1")) == "Busy"
    assert pad.moved() == (0, 0, 0)


@story
async def test_what_came_before_a_login_is_not_done_later() -> None:
    pad = await started()
    await pad.ask("Logout")
    assert condition(await pad.ask("Loyalty", AWARD, "a1")) == "LoggedOut"
    assert condition(await pad.replayed("a1")) == "LoggedOut"
    assert pad.moved() == (0, 0, 0)


@story
async def test_what_was_aborted_while_it_waited_is_not_done_later() -> None:
    pad = await started()
    first = pad.asks("Loyalty", AWARD, "a1")
    while pad.service.current is None:
        await asyncio.sleep(0)
    about = {"MessageReference": {"MessageCategory": "Loyalty", "ServiceID": "a1"}}
    await pad.ask("Abort", about)
    assert condition(await first) == "Aborted"
    assert condition(await pad.replayed("a1")) == "Aborted"
    assert pad.moved() == (0, 0, 0)


@pytest.mark.parametrize("asked", ["TransactionStatus", "Abort"])
@pytest.mark.parametrize("has_cut", [True, False])
@story
async def test_what_a_till_has_given_up_before_it_came_is_never_done(
    asked: str, has_cut: bool
) -> None:
    pad = await started()
    held_up = pad.record("Loyalty", AWARD, "a1")  # and did not reach the pad
    about = {"MessageReference": {"MessageCategory": "Loyalty", "ServiceID": "a1"}}
    found = await pad.ask(asked, about)
    assert found is None or condition(found) == "NotFound"
    late = await pad.replayed("a1") if has_cut else await pad.sent(held_up)
    assert condition(late) == "Aborted"
    assert pad.moved() == (0, 0, 0)
    assert condition(await pad.ask("Loyalty", AWARD, "a2")) == ""  # the till asks anew
    assert pad.moved() == (0, 0, 1)


@story
async def test_asking_about_another_till_s_request_does_not_stop_it() -> None:
    pad = await started()
    about = {"MessageReference": {"SaleID": "TILL2", "ServiceID": "a1"}}
    await pad.ask("TransactionStatus", about)
    assert pad.service.memory.withdrawn.find(("TILL2", "a1")) == ""


DAY_S = 86400


@pytest.mark.parametrize(
    ("days_ago", "has_forgotten", "why"),
    [
        (0, True, ""),
        (2, True, ""),
        (3, True, "sale=old"),
        (20000, True, "sale=old"),
        (20000, False, ""),
        (-900, True, ""),  # a till's clock that is fast
    ],
)
@story
async def test_a_sale_that_is_older_than_the_pad_remembers_moves_nothing(
    days_ago: int, has_forgotten: bool, why: str
) -> None:
    pad = await started()
    today = pad.device.time.now_s() // DAY_S
    for day in (today - 9, today - 2):
        record = Record()
        record.service_id, record.unix_s = "d%d" % day, day * DAY_S + 3600
        pad.service.kept.begin(record)
        pad.service.kept.finish(record)
        if has_forgotten:
            forget_all(pad, but=record)
    moment = clock.civil((today - days_ago) * DAY_S)
    found = await pad.ask("Loyalty", award_of("%04d-%02d-%02dT%02d:%02d:%02d" % moment))
    assert why in found["Response"].get("AdditionalResponse", "")
    assert pad.moved() == (0, 0, 0 if why else 1)


@story
async def test_a_request_to_a_pad_that_has_forgotten_the_time_is_kept_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pad = await started()
    monkeypatch.setattr(pad.device.time, "is_set", lambda: False)
    await pad.ask("Loyalty", award_of(""))
    assert pad.service.kept.last_of("TILL1").unix_s == 0


def forget_all(pad: ProtectedPad, but: Record) -> None:
    """The pad's 1,000 records have come and gone, all but that one."""
    kept = pad.service.kept
    kept.store.mark_exported(but.number - 1)
    scan = kept.store.scan
    kept.store.scan = lambda first: scan(max(first, but.number))  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "moment", ["yesterday", "", "2019-1-1", "20190101T000000Z", "é" * 40]
)
@story
async def test_a_time_that_cannot_be_read_is_not_judged(moment: str) -> None:
    pad = await started()
    pad.service.kept.since_s = pad.device.time.now_s  # type: ignore[method-assign]
    await pad.ask("Loyalty", award_of(moment))
    assert pad.moved() == (0, 0, 1)


def award_of(moment: str) -> dict[str, Any]:
    identity = {"TransactionID": "4711", "TimeStamp": moment}
    return loyalty("Award", data=account(), sale={"SaleTransactionID": identity})


@story
async def test_the_latest_that_were_withdrawn_are_known() -> None:
    pad = await started()
    withdrawn = pad.service.memory.withdrawn
    for number in range(200):
        withdrawn.add(("TILL1", "n%d" % number), "Busy")
    again = Kept(SmallLittlefsStore(pad.till_flash, "/till"))
    pad.service.memory.__init__(again)  # type: ignore[misc]
    withdrawn = pad.service.memory.withdrawn
    told = [withdrawn.find(("TILL1", "n%d" % number)) for number in range(200)]
    assert told == [""] * 72 + ["Busy"] * 128
