"""A connection that is cut while the device connects and shakes hands: nothing has left."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.kit.relay import Direction, Ending
from host_tests.system.wire.shop import Call, Shop, shop
from tools.emulator.testing import RunningEmulator

OPS = ["redeem", "reverse"]
_STRIDE = 61


async def _proof(bench: Shop, direction: Direction) -> int:
    """Bytes before the device has seen the platform's proof and finishes the handshake.

    What it sends to finish may have the request right behind it.
    """
    await bench.relay.end_all("FIN")
    bench.relay.watch()
    await bench.approved("echo")
    ways = [way for way, _ in bench.relay.pieces]
    proof = bench.relay.pieces[: ways.index("request", ways.index("reply"))]
    return sum(len(raw) for way, raw in proof if way == direction)


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("ending", ["FIN", "RST"])
@pytest.mark.parametrize("direction", ["request", "reply"])
def test_a_cut_handshake_is_no_copy_and_the_next_one_approves(
    platform: RunningEmulator,
    python: Peer | None,
    op: str,
    ending: Ending,
    direction: Direction,
) -> None:
    calls: list[Call] = []

    async def play() -> None:
        async with shop(platform, python) as bench:
            await bench.approved("echo")
            size = await _proof(bench, direction)
            for point in [*range(0, size - 8, _STRIDE), size - 8]:
                more = await bench.prepared(op)
                await bench.relay.end_all("FIN")
                bench.relay.cut_after(direction, point, ending)
                calls.append(await bench.call(op, **more))
                assert not bench.relay.mend()

    asyncio.run(play())
    books = Books(platform)
    for call in calls:
        books.check(call)
        assert (call.outcome, call.copies, len(books.copies(call.request))) == (
            "approved",
            1,
            1,
        )
