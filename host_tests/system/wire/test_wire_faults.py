"""The retry rule against every fault of the platform: what arrives, and what it comes to.

Real firmware, real TLS, the real emulator. A result such as "unknown 2" is the outcome of
the call and the number of copies that arrived at the platform.

`make test` strikes once and twice, on CPython a reversal and on MicroPython a redemption
(see conftest), and takes pairs of faults for the two by turns; `make prove` takes the whole
cross product and faults for ever, which strike the same two copies as those that strike twice.
"""

from __future__ import annotations

import asyncio
from itertools import chain, product
from typing import Any

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.kit.ports import own_port
from host_tests.system.wire.shop import Call, Shop, shop
from tools.emulator.testing import RunningEmulator, running_emulator

OPS = ["redeem", "reverse"]
DELAY: dict[str, Any] = {"fault": "delay", "seconds": 60}


def _fault(name: str, **more: Any) -> dict[str, Any]:
    return {"fault": name} | more


def _code(code: str, **more: Any) -> dict[str, Any]:
    return _fault("code", code=code, **more)


# The fault; what a call comes to when it strikes once, twice, and for ever.
TABLE = [
    # No usable answer: one more copy, and the platform knows it by its key.
    (_fault("drop_before_commit"), "approved 2", "unknown 2", "unknown 2"),
    (_fault("drop_after_commit"), "approved 2", "unknown 2", "unknown 2"),
    (DELAY, "approved 2", "unknown 2", "unknown 2"),
    (_fault("reset"), "approved 2", "unknown 2", "unknown 2"),
    (_fault("reset", after_commit=True), "approved 2", "unknown 2", "unknown 2"),
    (_fault("garbage"), "approved 2", "unknown 2", "unknown 2"),
    (_fault("garbage", after_commit=True), "approved 2", "unknown 2", "unknown 2"),
    (_fault("html_502"), "approved 2", "unknown 2", "unknown 2"),
    (_fault("html_502", after_commit=True), "approved 2", "unknown 2", "unknown 2"),
    (_fault("truncate", bytes=0), "approved 2", "unknown 2", "unknown 2"),
    (_fault("truncate", bytes=100), "approved 2", "unknown 2", "unknown 2"),
    (_fault("truncate", bytes=400), "approved 2", "unknown 2", "unknown 2"),
    (_fault("wrong_shape"), "approved 2", "unknown 2", "unknown 2"),
    (_fault("wrong_shape", after_commit=True), "approved 2", "unknown 2", "unknown 2"),
    (_fault("oversized", after_commit=True), "approved 2", "unknown 2", "unknown 2"),
    (_fault("missing_code", status=500), "approved 2", "unknown 2", "unknown 2"),
    (_fault("missing_code", status=503), "approved 2", "unknown 2", "unknown 2"),
    # A request that the platform could not read to its end.
    (_fault("cut_request", bytes=0), "approved 1", "unknown 0", "unknown 0"),
    (_fault("cut_request", bytes=30), "approved 2", "unknown 2", "unknown 2"),
    (_fault("cut_request", bytes=700), "approved 2", "unknown 2", "unknown 2"),
    # The platform says itself that it timed out or failed: one more copy.
    (_code("0008"), "approved 2", "unknown 0008 2", "unknown 0008 2"),
    (_code("0096"), "approved 2", "unknown 0096 2", "unknown 0096 2"),
    # The token: another one and the same bytes again.
    (_fault("expire_token"), "approved 2", "declined 2", "declined 2"),
    (_fault("missing_code", status=401), "approved 2", "declined 2", "declined 2"),
    (_fault("missing_code", status=403), "approved 2", "declined 2", "declined 2"),
    # An answer, which is final whatever HTTP says.
    (_fault("hang_up"), "approved 1", "approved 1", "approved 1"),
    (_code("0000", status=500), "approved 1", "approved 1", "approved 1"),
    (_code("0001"), "approved 0001 1", "approved 0001 1", "approved 0001 1"),
    (_code("0002"), "declined 0002 1", "declined 0002 1", "declined 0002 1"),
    (_code("0005"), "declined 0005 1", "declined 0005 1", "declined 0005 1"),
    (_code("0006"), "declined 0006 1", "declined 0006 1", "declined 0006 1"),
    (_code("0009"), "declined 0009 1", "declined 0009 1", "declined 0009 1"),
    (_code("0025"), "declined 0025 1", "declined 0025 1", "declined 0025 1"),
    (_code("0035"), "declined 0035 1", "declined 0035 1", "declined 0035 1"),
    (_code("0051"), "declined 0051 1", "declined 0051 1", "declined 0051 1"),
    (_code("0057"), "declined 0057 1", "declined 0057 1", "declined 0057 1"),
    (_code("0065"), "declined 0065 1", "declined 0065 1", "declined 0065 1"),
    (_code("0066"), "declined 0066 1", "declined 0066 1", "declined 0066 1"),
    (_code("0067"), "declined 0067 1", "declined 0067 1", "declined 0067 1"),
    (_code("0080"), "declined 0080 1", "declined 0080 1", "declined 0080 1"),
    (_code("0092"), "declined 0092 1", "declined 0092 1", "declined 0092 1"),
    # Answered, but not what became of the miles; not one of the reasons for another copy.
    (_code("9999"), "unknown 9999 1", "unknown 9999 1", "unknown 9999 1"),
    (_fault("missing_code"), "unknown 1", "unknown 1", "unknown 1"),
    (_fault("missing_code", after_commit=True), "unknown 1", "unknown 1", "unknown 1"),
    (_fault("missing_code", status=408), "unknown 1", "unknown 1", "unknown 1"),
]
COUNTS = [1, 2, None]  # once, twice, for ever
_IN_FULL = pytest.mark.prove


def name(order: dict[str, Any]) -> str:
    """A fault as a test's name says it."""
    values = [key if value is True else str(value) for key, value in order.items()]
    return "-".join(values)


def late(orders: list[dict[str, Any]]) -> dict[str, list[int]]:
    """The copies whose replies are late on purpose, for PatientClient."""
    struck = [each["fault"] for each in orders for _ in range(each.get("count", 1) or 2)]
    return {"copy": [at for at, fault in enumerate(struck, 1) if fault == "delay"]}


def played(
    platform: RunningEmulator,
    peer: Peer | None,
    op: str,
    series: list[list[dict[str, Any]]],
) -> list[str]:
    """Calls `op` once for each list of faults, ordered together; what each came to."""

    def order_faults(orders: list[dict[str, Any]]) -> None:
        platform.clear()
        for order in orders:
            platform.faults(op, **order)

    async def one(bench: Shop, orders: list[dict[str, Any]]) -> str:
        # In a thread, so that the relay goes on: what the platform closes is seen to close.
        await asyncio.to_thread(platform.clear)
        more = await bench.prepared(op)
        await asyncio.to_thread(order_faults, orders)
        call = await bench.call(op, **more, late=late(orders))
        return await asyncio.to_thread(result, platform, call)

    async def play() -> list[str]:
        async with shop(platform, peer) as bench:
            return [await one(bench, orders) for orders in series]

    return asyncio.run(play())


def result(platform: RunningEmulator, call: Call) -> str:
    """A call as the table writes it, after it was held against the platform's books."""
    books = Books(platform)
    books.check(call)
    code = "" if call.code == "0000" and call.outcome == "approved" else call.code
    return " ".join(f"{call.outcome} {code} {len(books.copies(call.request))}".split())


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("columns", [(0, 1), pytest.param((2,), marks=_IN_FULL)])
@pytest.mark.parametrize("row", TABLE, ids=[name(row[0]) for row in TABLE])
def test_a_fault_costs_at_most_one_more_identical_copy(
    platform: RunningEmulator,
    python: Peer | None,
    op: str,
    columns: tuple[int, ...],
    row: tuple[dict[str, Any], str, str, str],
) -> None:
    order, *told = row
    series = [[order | {"count": COUNTS[column]}] for column in columns]
    expected = [told[column] for column in columns]
    assert played(platform, python, op, series) == expected


# What a copy comes to, for the device.
KINDS = {
    "silence": [
        _fault("drop_before_commit"),
        _fault("drop_after_commit"),
        _fault("reset"),
        _fault("garbage"),
        _fault("html_502", after_commit=True),
        _fault("truncate", bytes=100),
        _fault("wrong_shape"),
        DELAY,
    ],
    "time-out": [_code("0008"), _code("0096")],
    "bad token": [_fault("expire_token")],
    "refusal": [_code("0051"), _code("0065")],  # the first copy may be its reason
    "lasting refusal": [_code("0025"), _code("0035")],  # it held before the first copy too
    "outage": [_code("0092")],
    "unnamed code": [_code("9999")],
    "no code": [_fault("missing_code")],
    "answer": [_fault("hang_up")],
}

# First copy, second copy: the outcome, and how many copies arrived.
PAIRS = {
    ("silence", "silence"): "unknown 2",
    ("silence", "time-out"): "unknown 2",
    ("silence", "bad token"): "unknown 2",
    ("silence", "refusal"): "unknown 2",
    ("silence", "lasting refusal"): "declined 2",
    ("silence", "outage"): "unknown 2",  # it says nothing about the first copy
    ("silence", "unnamed code"): "unknown 2",  # nor does this
    ("silence", "no code"): "unknown 2",
    ("silence", "answer"): "approved 2",
    ("time-out", "silence"): "unknown 2",
    ("time-out", "time-out"): "unknown 2",
    ("time-out", "bad token"): "unknown 2",
    ("time-out", "refusal"): "unknown 2",
    ("time-out", "lasting refusal"): "declined 2",
    ("time-out", "outage"): "unknown 2",
    ("time-out", "unnamed code"): "unknown 2",
    ("time-out", "no code"): "unknown 2",
    ("time-out", "answer"): "approved 2",
    ("bad token", "silence"): "unknown 2",
    ("bad token", "time-out"): "unknown 2",
    ("bad token", "bad token"): "declined 2",
    ("bad token", "refusal"): "declined 2",
    ("bad token", "lasting refusal"): "declined 2",
    ("bad token", "outage"): "declined 2",
    ("bad token", "unnamed code"): "unknown 2",
    ("bad token", "no code"): "unknown 2",
    ("bad token", "answer"): "approved 2",
    ("refusal", "any"): "declined 1",
    ("lasting refusal", "any"): "declined 1",
    ("outage", "any"): "declined 1",
    ("unnamed code", "any"): "unknown 1",
    ("no code", "any"): "unknown 1",
    ("answer", "any"): "approved 1",
}
_COMMITTING = ("drop_after_commit", "delay", "truncate")


def is_possible(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Not every pair is: a platform that has committed the first copy does not refuse the
    second, and a late reply is to the device one that never comes: a few pairs will do."""
    committed = first["fault"] in _COMMITTING or first.get("after_commit")
    if committed and second in KINDS["refusal"] + KINDS["lasting refusal"]:
        return False
    few = [DELAY, _fault("drop_before_commit"), _code("0008"), _fault("expire_token")]
    return DELAY not in (first, second) or (first in few and second in few)


def pairs(kinds: tuple[str, str], in_full: bool) -> list[list[dict[str, Any]]]:
    """The pairs of faults of two kinds; by default one of each stands for `any`."""
    first, second = kinds
    some = [faults[: None if in_full else 1] for faults in KINDS.values()]
    seconds = chain.from_iterable(some) if second == "any" else KINDS[second]
    every = product(KINDS[first], seconds)
    return [[dict(a), dict(b)] for a, b in every if is_possible(a, b)]


@pytest.mark.parametrize("in_full", [False, pytest.param(True, marks=_IN_FULL)])
@pytest.mark.parametrize("kinds", PAIRS, ids=" then ".join)
def test_what_two_faults_in_a_row_come_to_follows_from_their_kinds(
    platform: RunningEmulator, kinds: tuple[str, str], in_full: bool
) -> None:
    every = pairs(kinds, in_full)
    for turn, op in enumerate(OPS):
        series = every if in_full else every[turn::2]
        results = played(platform, None, op, series)
        found = {
            f"{name(first)} then {name(second)}": _without_code(text)
            for (first, second), text in zip(series, results, strict=True)
        }
        assert found == dict.fromkeys(found, PAIRS[kinds])


def _without_code(text: str) -> str:
    words = text.split()
    return f"{words[0]} {words[-1]}"


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("after_commit", [False, True])
def test_a_reply_nested_too_deep_is_no_json_or_has_no_code(
    platform: RunningEmulator, python: Peer | None, op: str, after_commit: bool
) -> None:
    """MicroPython reads it without recursion and finds no code, which is not retried."""
    series = [[_fault("deep", after_commit=after_commit, count=count)] for count in (1, 2)]
    too_deep, no_code = ["approved 2", "unknown 2"], ["unknown 1"] * 2
    possible = [no_code] if python else [no_code, too_deep]  # as deep as CPython goes
    assert played(platform, python, op, series) in possible


@pytest.mark.parametrize("op", OPS)
def test_a_platform_that_failed_only_to_say_so_is_asked_again_and_approves(
    platform: RunningEmulator, op: str
) -> None:
    series = [[_code(code, after_commit=True)] for code in ("0008", "0096")]
    assert played(platform, None, op, series) == ["approved 2", "approved 2"]


@pytest.mark.parametrize("op", OPS)
def test_a_copy_that_is_served_late_commits_nothing_beside_the_second(
    platform: RunningEmulator, op: str
) -> None:
    async def play() -> Call:
        async with shop(platform) as bench:
            await bench.approved("echo")
            more = await bench.prepared(op)
            platform.clear()
            bench.relay.hold()  # on the kept connection, not a handshake
            call = await bench.call(op, late={"copy": [1]}, **more)
            (second,) = platform.requests(op)
            assert second["code"] == "0000"
            bench.relay.release()
            while [each["code"] for each in platform.requests(op)] != ["0000"] * 2:
                await asyncio.sleep(0.02)
            return call

    call = asyncio.run(play())
    assert result(platform, call) == "approved 2"


@pytest.mark.parametrize("op", OPS)
def test_no_second_copy_leaves_when_the_flash_cannot_note_it(
    platform: RunningEmulator, python: Peer | None, op: str
) -> None:
    async def play() -> Call:
        async with shop(platform, python) as bench:
            more = await bench.prepared(op)
            platform.clear()
            platform.faults(op, "drop_after_commit")
            return await bench.call(op, flash="broken", **more)

    call = asyncio.run(play())
    assert call.noted == [2]
    assert result(platform, call) == "unknown 1"


def test_a_redemption_that_cancelled_itself_is_committed_anew_by_the_second_copy() -> None:
    """The platform takes back what it could not report; the copy that follows is live."""

    async def play(platform: RunningEmulator) -> Call:
        async with shop(platform) as bench:
            await bench.approved("echo")
            platform.clear()
            platform.faults("redeem", "drop_after_commit")
            return await bench.call("redeem")

    with running_emulator(self_cancel_s=0) as platform:
        assert result(platform, asyncio.run(play(platform))) == "approved 2"
        assert [each["cancelled"] for each in platform.ledger()] == [True, False]


async def _babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 this is no TLS\r\n" * 3)
    try:
        await reader.read()
    finally:  # the loop may end first
        writer.close()


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.read()
    finally:  # the loop may end first
        writer.close()


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize(
    "peer", [None, _babble, _say_nothing], ids=["none", "no TLS", "mute"]
)
def test_nothing_leaves_for_a_peer_that_cannot_prove_to_be_the_platform(
    platform: RunningEmulator, python: Peer | None, op: str, peer: Any
) -> None:
    async def play() -> Call:
        async with shop(platform, python) as bench:
            await bench.approved("echo")
            more = await bench.prepared(op)
            platform.clear()
            bench.relay.far_port = port
            await bench.relay.end_all("RST")
            if peer is None:
                return await bench.call(op, **more)
            async with await asyncio.start_server(peer, "127.0.0.1", port):
                return await bench.call(op, connect_ms=200, **more)

    with own_port() as port:
        call = asyncio.run(play())
    assert result(platform, call) == "not_sent 0"
    assert call.fetched == 1
