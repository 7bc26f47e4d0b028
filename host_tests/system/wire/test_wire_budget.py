"""What a shift costs on the wire: set-ups of connections, round trips, token requests."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.system.wire.shop import Call, shop
from milepad.link import client
from tools.emulator.testing import RunningEmulator

CHECKOUTS = 20


def test_a_shift_sets_up_one_connection_and_asks_for_one_token(
    platform: RunningEmulator, python: Peer | None
) -> None:
    before = platform.connections()

    async def play() -> int:
        async with shop(platform, python) as bench:
            for _ in range(CHECKOUTS):
                await bench.approved("inquire")
                await bench.approved("redeem")
                await bench.approved("echo")
            return bench.relay.connections

    assert asyncio.run(play()) == 1
    after = platform.connections()
    assert after["handshakes"] - before["handshakes"] == 1
    arrived = [each["op"] for each in Books(platform).arrived]
    assert arrived == ["token", *["inquire", "redeem", "echo"] * CHECKOUTS]


def test_gaps_below_the_profiles_limit_keep_the_connection(
    platform: RunningEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps_ms = 0
    ticks_ms = client.ticks_ms
    monkeypatch.setattr(client, "ticks_ms", lambda: ticks_ms() + gaps_ms)

    async def play() -> int:
        nonlocal gaps_ms
        async with shop(platform, idle_ms=55_000) as bench:
            for _ in range(CHECKOUTS):
                await bench.approved("inquire")
                await bench.approved("redeem")
                gaps_ms += 45_000
            return bench.relay.connections

    assert asyncio.run(play()) == 1


@pytest.mark.parametrize("op", ["inquire", "redeem", "reverse"])
def test_with_a_warm_connection_a_call_is_one_record_and_one_round_trip(
    platform: RunningEmulator, python: Peer | None, op: str
) -> None:
    async def play() -> Call:
        async with shop(platform, python) as bench:
            await bench.approved("echo")
            more = await bench.prepared(op)
            bench.relay.watch()
            call = await bench.approved(op, **more)
            assert bench.relay.round_trips() == 1
            assert len(bench.relay.records("request")) == 1
            return call

    call = asyncio.run(play())
    assert call.opened == 1
    assert len(Books(platform).of(op)) == 1
