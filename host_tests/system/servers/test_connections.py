"""Connections as real servers keep and end them: one copy leaves, and it is approved."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.system.servers.conftest import GetFront
from host_tests.system.servers.front import Front
from host_tests.system.wire.shop import Call, Shop, shop
from tools.emulator.testing import RunningEmulator

OPS = ["redeem", "reverse"]


async def _closed(bench: Shop) -> None:
    """Waits until the server has closed what is kept."""
    while bench.relay.is_open:
        await asyncio.sleep(0.02)


async def _sale(bench: Shop) -> list[Call]:
    """An echo, a redemption, and its reversal."""
    calls = [await bench.approved("echo"), await bench.approved("redeem")]
    number = calls[-1].confirmation
    return [*calls, await bench.approved("reverse", confirmation=number)]


def _sold(far: Front, peer: Peer) -> list[Call]:
    async def play() -> list[Call]:
        async with shop(far, peer) as bench:
            return await _sale(bench)

    return asyncio.run(play())


def _check_one_copy(platform: RunningEmulator, call: Call) -> None:
    books = Books(platform)
    books.check(call)
    assert (call.outcome, call.copies, len(books.copies(call.request))) == (
        "approved",
        1,
        1,
    )


def test_a_server_that_keeps_connections_serves_a_sale_over_one(
    front: GetFront, platform: RunningEmulator, micropython: Peer
) -> None:
    calls = _sold(front("kept"), micropython)
    assert [(call.copies, call.opened) for call in calls] == [(1, 1)] * 3
    assert len(platform.ledger()) == 2


def test_a_server_that_serves_one_request_a_connection_costs_no_copy(
    front: GetFront, platform: RunningEmulator, micropython: Peer
) -> None:
    calls = _sold(front("once"), micropython)
    assert [(call.copies, call.opened) for call in calls] == [(1, 2), (1, 3), (1, 4)]
    assert len(platform.ledger()) == 2


@pytest.mark.parametrize("op", OPS)
def test_a_connection_that_the_server_closed_after_a_second_costs_no_copy(
    front: GetFront, platform: RunningEmulator, micropython: Peer, op: str
) -> None:
    async def play() -> Call:
        async with shop(front("impatient"), micropython) as bench:
            more = await bench.prepared(op)
            opened = (await bench.approved("echo")).opened
            await _closed(bench)
            call = await bench.call(op, **more)
            assert call.opened == opened + 1
            return call

    _check_one_copy(platform, asyncio.run(play()))


@pytest.mark.parametrize("op", OPS)
def test_a_reload_between_offer_and_redemption_costs_no_copy(
    front: GetFront, platform: RunningEmulator, micropython: Peer, op: str
) -> None:
    far = front("kept")

    async def play() -> Call:
        async with shop(far, micropython) as bench:
            more = await bench.prepared(op)
            await bench.approved("echo")
            far.server.reload()
            await _closed(bench)
            return await bench.call(op, **more)

    call = asyncio.run(play())
    _check_one_copy(platform, call)
    assert call.opened == 2


@pytest.mark.parametrize("op", OPS)
def test_a_reload_while_the_platform_thinks_costs_no_copy(
    front: GetFront, platform: RunningEmulator, micropython: Peer, op: str
) -> None:
    far = front("kept")

    async def play() -> Call:
        async with shop(far, micropython) as bench:
            more = await bench.prepared(op)
            platform.faults(op, "delay", seconds=1)
            task = asyncio.ensure_future(bench.call(op, **more))
            while not await asyncio.to_thread(platform.requests, op):
                await asyncio.sleep(0.02)
            far.server.reload()
            call = await task
            await _closed(bench)  # none of the old ones is left for a neighbour
            return call

    _check_one_copy(platform, asyncio.run(play()))
