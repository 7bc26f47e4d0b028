"""Connections: cut after any byte, slow, several at once, and one that asks too much."""

import asyncio
import json
from typing import Any

import pytest

from host_tests.kit.pad import Pad, account, loyalty
from host_tests.kit.virtual_time import story
from milepad.pinpad.frames import pack
from milepad.pinpad.serial_line import Line
from milepad.pinpad.server import Connection

REDEMPTION = loyalty("Redemption", value="40.00", data=account())


class Wire:
    """Both ends of a connection: what the till sends, and what it gets, up to `room` bytes."""

    def __init__(self, *pieces: bytes, room: int = 1 << 20, stays: bool = False) -> None:
        self.pieces = list(pieces)
        self.stays = stays
        self.room = room
        self.got = b""

    async def read(self, count: int) -> bytes:
        await asyncio.sleep(0.01)
        if not self.pieces and self.stays:
            await asyncio.Event().wait()
        return self.pieces.pop(0) if self.pieces else b""

    def write(self, raw: bytes) -> None:
        taken = raw[: self.room - len(self.got)]
        self.got += taken

    async def drain(self) -> None:
        if len(self.got) == self.room:
            raise ConnectionResetError

    def messages(self) -> list[dict[str, Any]]:
        """What came whole."""
        found, raw = [], self.got
        while len(raw) >= 4 and len(raw) >= 4 + int.from_bytes(raw[:4], "big"):
            end = 4 + int.from_bytes(raw[:4], "big")
            (message,) = json.loads(raw[4:end]).values()
            found.append(message)
            raw = raw[end:]
        return found


def framed(pad: Pad, category: str, body: Any, service_id: str = "") -> bytes:
    message = pad.message(category, body, service_id)
    return pack(json.dumps({"SaleToPOIRequest": message}).encode())


def connect(pad: Pad, wire: Wire) -> asyncio.Task:
    return asyncio.create_task(Connection(pad.service, wire, wire, pad.log.append).run())


@story
async def test_a_request_that_is_cut_after_any_byte_begins_nothing() -> None:
    pad = Pad()
    await pad.start()
    raw = framed(pad, "Loyalty", REDEMPTION)
    for end in range(len(raw)):
        await connect(pad, Wire(raw[:end]))
        assert pad.service.current is None
    assert not pad.entries


@story
async def test_a_request_in_pieces_of_one_byte_is_one() -> None:
    pad = Pad()
    await pad.start()
    wire = Wire(*[bytes((each,)) for each in framed(pad, "Diagnosis", {})], stays=True)
    task = connect(pad, wire)
    await asyncio.sleep(10)
    assert wire.messages()[0]["DiagnosisResponse"]["Response"]["Result"] == "Success"
    task.cancel()


@story
async def test_a_response_that_is_cut_after_any_byte_is_there_again_by_status() -> None:
    pad = Pad()
    await pad.start()
    first = await pad.redeemed("s1")
    raw = framed(pad, "Loyalty", REDEMPTION, "s1")
    whole = Wire(raw, stays=True)
    task = connect(pad, whole)
    await asyncio.sleep(1)
    task.cancel()
    for room in range(0, len(whole.got), 7):
        wire = Wire(raw, room=room, stays=True)
        task = connect(pad, wire)
        await asyncio.sleep(1)
        task.cancel()
        assert not wire.messages()
        body = (await pad.status("s1"))["RepeatedMessageResponse"]
        assert body["RepeatedResponseMessageBody"]["LoyaltyResponse"] == first
    assert len(pad.entries) == 1


@story
async def test_a_slow_sender_is_dropped() -> None:
    pad = Pad()
    await pad.start()
    raw = framed(pad, "Diagnosis", {})
    task = connect(pad, Wire(raw[:10], stays=True))
    await asyncio.sleep(4)
    assert not task.done()
    await asyncio.sleep(2)
    assert task.done()
    assert "till: a connection was silent" in pad.log


@story
async def test_of_large_messages_one_is_taken_at_a_time() -> None:
    pad = Pad()
    await pad.start()
    head = (8192).to_bytes(4, "big")
    crowd = [
        connect(pad, Wire(head + b"[" * 400, b"[" * 500, stays=True)) for _ in range(3)
    ]
    await asyncio.sleep(0.1)
    item = {"ItemID": 1, "ProductLabel": "x" * 3000, "ItemAmount": "1.00"}
    large = Wire(framed(pad, "Loyalty", loyalty("Award", SaleItem=[item])), stays=True)
    small = Wire(framed(pad, "Login", {}), stays=True)
    tasks = [connect(pad, wire) for wire in (large, small)]
    await asyncio.sleep(1)
    assert (len(small.messages()), len(large.messages())) == (2, 0)
    await asyncio.sleep(16)  # each of the crowd has had its five seconds
    assert len(large.messages()) == 1
    assert all(each.done() for each in crowd)
    for task in tasks:
        task.cancel()


@story
async def test_a_till_that_is_silent_between_requests_stays_connected() -> None:
    pad = Pad()
    await pad.start()
    task = connect(pad, Wire(framed(pad, "Diagnosis", {}), stays=True))
    await asyncio.sleep(300)
    assert not task.done()
    await asyncio.sleep(400)
    assert task.done()


@story
async def test_one_that_never_says_a_word_keeps_no_place_from_a_till() -> None:
    pad = Pad()
    await pad.start()
    task = connect(pad, Wire(stays=True))
    await asyncio.sleep(9)
    assert not task.done()
    await asyncio.sleep(2)
    assert task.done()


@story
async def test_a_serial_line_may_be_silent_for_hours_and_is_served_then() -> None:
    pad = Pad()
    await pad.start()
    wire = Wire(stays=True)
    late = asyncio.Event()

    async def read(count: int) -> bytes:
        await late.wait()
        late.clear()
        return framed(pad, "Login", {})

    wire.read = read  # type: ignore[method-assign]
    task = asyncio.create_task(Line(pad.service, wire, wire, pad.log.append).run())
    for _ in range(2):
        await asyncio.sleep(7200)
        assert not task.done()
        late.set()
        await asyncio.sleep(1)
    found = wire.messages()
    assert [each["MessageHeader"]["MessageCategory"] for each in found].count("Login") == 2
    task.cancel()


@story
async def test_too_many_requests_at_a_time_end_a_connection() -> None:
    pad = Pad()
    await pad.start()
    raw = b"".join(framed(pad, "Loyalty", REDEMPTION, "s%d" % each) for each in range(5))
    wire = Wire(raw, stays=True)
    task = connect(pad, wire)
    await asyncio.sleep(1)
    assert task.done()
    assert "till: refused, too many requests at a time" in pad.log


@story
async def test_an_abort_on_the_same_connection_stops_its_dialogue() -> None:
    pad = Pad()
    await pad.start()
    about = {"MessageReference": {"ServiceID": "s1"}, "AbortReason": "x"}
    wire = Wire(
        framed(pad, "Loyalty", loyalty("Redemption"), "s1"),
        framed(pad, "TransactionStatus", {"MessageReference": {"ServiceID": "s1"}}),
        stays=True,
    )
    task = connect(pad, wire)
    await pad.sees("CARD")
    await asyncio.sleep(0.5)
    await connect(pad, Wire(framed(pad, "Abort", about)))
    await asyncio.sleep(1)
    status, loyalty_ = wire.messages()
    assert status["TransactionStatusResponse"]["Response"]["ErrorCondition"] == "InProgress"
    assert loyalty_["LoyaltyResponse"]["Response"]["ErrorCondition"] == "Aborted"
    task.cancel()


@pytest.mark.parametrize("raw", [b"{}", b"\xff", b'{"SaleToPOIRequest":{}}'])
@story
async def test_what_is_no_message_is_answered_by_an_event(raw: bytes) -> None:
    pad = Pad()
    await pad.start()
    wire = Wire(pack(raw), stays=True)
    task = connect(pad, wire)
    await asyncio.sleep(0.5)
    assert wire.messages()[0]["EventNotification"]["EventToNotify"] == "Reject"
    assert pad.service.refused == 1
    task.cancel()


@story
async def test_two_tills_at_once_get_each_their_own() -> None:
    pad = Pad()
    await pad.start()
    wires = [Wire(stays=True) for _ in range(2)]
    for at, wire in enumerate(wires):
        for number in range(6):
            message = pad.message("Diagnosis", {}, "d%d%d" % (at, number), "TILL%d" % at)
            wire.pieces.append(pack(json.dumps({"SaleToPOIRequest": message}).encode()))
    tasks = [connect(pad, wire) for wire in wires]
    await asyncio.sleep(60)
    for at, wire in enumerate(wires):
        found = wire.messages()
        assert {each["MessageHeader"]["SaleID"] for each in found} == {"TILL%d" % at}
        conditions = {
            each["DiagnosisResponse"]["Response"].get("ErrorCondition", "")
            for each in found
        }
        assert conditions <= {"", "Busy"}
        tasks[at].cancel()
