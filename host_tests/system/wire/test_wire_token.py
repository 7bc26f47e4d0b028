"""The bearer token: refused, expired, not to be had, or a lie; and never told to anyone.

A refused token costs no retry, but its copy is a copy: the cap of two holds for both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.system.wire.shop import (
    TOKEN_LIFETIME_S,
    Call,
    Shop,
    shop,
)
from tools.emulator.testing import RunningEmulator

OPS = ["redeem", "reverse"]

Script = Callable[[Shop, dict[str, Any]], Awaitable[Call]]


def played(
    platform: RunningEmulator,
    peer: Peer | None,
    op: str,
    script: Script,
) -> tuple[Call, Books]:
    """What `script` did with an order that is ready to go; held against the books."""

    async def play() -> Call:
        async with shop(platform, peer) as bench:
            more = await bench.prepared(op)
            await asyncio.to_thread(platform.clear)
            return await script(bench, more)

    call = asyncio.run(play())
    books = Books(platform)
    books.check(call)
    return call, books


def bearers(books: Books, call: Call) -> list[str]:
    """The token of each copy that arrived."""
    return [each["headers"]["authorization"] for each in books.copies(call.request)]


def tokens(books: Books) -> int:
    """How many token requests arrived."""
    return len(books.of("token"))


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ([("expire_token", 1)], ("approved", 2)),
        ([("drop_after_commit", 1), ("expire_token", 1)], ("unknown", 2)),
        ([("expire_token", 2)], ("declined", 2)),
        ([("expire_token", None)], ("declined", 2)),
    ],
    ids=["the first copy", "the second copy", "both", "every one"],
)
def test_a_refused_token_is_replaced_once(
    platform: RunningEmulator,
    python: Peer | None,
    op: str,
    faults: list[tuple[str, int | None]],
    expected: tuple[str, int],
) -> None:
    async def script(bench: Shop, more: dict[str, Any]) -> Call:
        await bench.approved("echo")
        for fault, count in faults:
            platform.faults(op, fault, count=count)
        return await bench.call(op, **more)

    call, books = played(platform, python, op, script)
    assert (call.outcome, len(books.copies(call.request))) == expected
    # A second copy goes out with another token if the first was refused for its own.
    first, second = bearers(books, call)
    assert (first != second) == (faults[0][0] == "expire_token")


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize(
    ("device_knows", "copies"), [(True, 1), (False, 2)], ids=["known", "unknown"]
)
def test_a_token_that_expires_between_calls_is_replaced(
    platform: RunningEmulator,
    python: Peer | None,
    op: str,
    device_knows: bool,
    copies: int,
) -> None:
    """Before anything leaves, if the device's clock says so; else with the first copy."""

    async def script(bench: Shop, more: dict[str, Any]) -> Call:
        await bench.approved("echo")
        platform.clear()
        platform.advance_clock(TOKEN_LIFETIME_S)
        return await bench.call(
            op, time_ahead_s=TOKEN_LIFETIME_S if device_knows else 0, **more
        )

    call, books = played(platform, python, op, script)
    assert (call.outcome, len(books.copies(call.request))) == ("approved", copies)
    assert tokens(books) == 1


# What the token endpoint does, how often; what a call comes to that needs a token first:
# outcome, copies that arrived, token requests that arrived.
LIES: list[tuple[dict[str, Any], str, int, int]] = [
    ({"fault": "drop_before_commit"}, "approved", 1, 2),
    ({"fault": "drop_before_commit", "count": None}, "not_sent", 0, 2),
    ({"fault": "reset"}, "approved", 1, 2),
    ({"fault": "reset", "count": None}, "not_sent", 0, 2),
    ({"fault": "delay", "seconds": 60}, "approved", 1, 2),
    ({"fault": "delay", "seconds": 60, "count": None}, "not_sent", 0, 2),
    ({"fault": "garbage"}, "approved", 1, 2),
    ({"fault": "garbage", "count": None}, "not_sent", 0, 2),
    ({"fault": "html_502"}, "approved", 1, 2),
    ({"fault": "html_502", "count": None}, "not_sent", 0, 2),
    ({"fault": "truncate", "bytes": 150}, "approved", 1, 2),
    ({"fault": "oversized"}, "approved", 1, 2),
    ({"fault": "code", "code": "server_error"}, "approved", 1, 2),
    ({"fault": "code", "code": "server_error", "count": None}, "not_sent", 0, 2),
    ({"fault": "code", "code": "access_denied"}, "not_sent", 0, 1),
    ({"fault": "code", "code": "too_many_requests"}, "not_sent", 0, 1),
    ({"fault": "wrong_shape"}, "not_sent", 0, 1),
    ({"fault": "deep"}, "not_sent", 0, 1),
    ({"fault": "missing_code"}, "not_sent", 0, 1),
    ({"fault": "hang_up"}, "approved", 1, 1),
    # A token that is dead on arrival is refused with the first copy, and replaced.
    ({"fault": "expire_token"}, "approved", 2, 2),
    ({"fault": "expire_token", "count": 2}, "declined", 2, 2),
    ({"fault": "expire_token", "count": None}, "declined", 2, 2),
]


def lie_name(row: tuple[dict[str, Any], str, int, int]) -> str:
    return "-".join(str(value) for value in row[0].values())


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize(
    ("lie", "kind", "copies", "asked"), LIES, ids=[lie_name(row) for row in LIES]
)
def test_without_a_token_nothing_leaves_and_with_one_all_is_well(
    platform: RunningEmulator,
    python: Peer | None,
    op: str,
    lie: dict[str, Any],
    kind: str,
    copies: int,
    asked: int,
) -> None:
    number = ""
    if op == "reverse":
        number = platform.call("redeem").json()["txnConfirmationNumber"]
    platform.clear()
    platform.faults("token", **lie)

    async def play() -> Call:
        late = {"token": [1, 2][: lie.get("count", 1)]} if lie["fault"] == "delay" else {}
        async with shop(platform, python, late=late) as bench:
            return await bench.call(op, confirmation=number)

    call = asyncio.run(play())
    books = Books(platform)
    books.check(call)
    assert (call.outcome, len(books.copies(call.request)), tokens(books)) == (
        kind,
        copies,
        asked,
    )


@pytest.mark.parametrize("op", OPS)
def test_nothing_leaves_while_a_silent_token_endpoint_is_waited_for(
    platform: RunningEmulator, python: Peer | None, op: str
) -> None:
    """A platform that accepts connections and never shakes hands."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        finally:  # the loop may end first
            writer.close()

    async def play() -> Call:
        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        async with shop(platform, python, connect_ms=300) as bench, server:
            bench.relay.far_port = server.sockets[0].getsockname()[1]
            return await bench.call(op, confirmation="1")

    call = asyncio.run(play())
    Books(platform).check(call)
    assert (call.outcome, call.fetched) == ("not_sent", 2)


@pytest.mark.parametrize(
    ("collector", "code"), [("81000000059", "0002"), ("81234567898", "0025")]
)
@pytest.mark.parametrize("op", OPS)
def test_a_401_about_the_collector_keeps_the_token_and_is_final(
    platform: RunningEmulator,
    python: Peer | None,
    op: str,
    collector: str,
    code: str,
) -> None:
    async def script(bench: Shop, more: dict[str, Any]) -> Call:
        call = await bench.call(op, collector=collector, **more)
        await bench.approved("echo")
        return call

    call, books = played(platform, python, op, script)
    assert (call.outcome, call.code, call.copies) == ("declined", code, 1)
    assert books.copies(call.request)[0]["status"] == 401
    moving = [each for each in books.arrived if each["op"] != "token"]
    assert len({each["headers"]["authorization"] for each in moving}) == 1


def test_no_outcome_ever_tells_a_token_or_the_secret(
    platform: RunningEmulator, python: Peer | None
) -> None:
    """Whatever the token endpoint or an operation does, `reason` is fit for the log."""
    said: list[str] = []
    used: set[str] = set()

    async def one(op: str, fault: dict[str, Any]) -> None:
        async with shop(platform, python) as bench:
            platform.faults(op, **fault)
            said.append(repr(await bench.call("redeem")))
        for each in platform.requests():
            used.add(each["headers"].get("authorization", "").rpartition(" ")[2])
        platform.clear()

    async def play() -> None:
        for lie, *_ in LIES:
            if lie["fault"] != "delay" and "count" not in lie:
                await one("token", lie)
                if lie["fault"] != "code":
                    await one("redeem", lie)

    asyncio.run(play())
    used.discard("")
    assert len(used) > 10
    for text in said:
        assert platform.client_secret not in text
        assert not [token for token in used if token in text or token[-20:] in text]
