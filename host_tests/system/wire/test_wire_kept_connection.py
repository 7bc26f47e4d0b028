"""A kept connection that went stale is replaced: it never costs the retry.

One copy leaves, one arrives, and it is approved; so a fault that follows can still be met
with the one retry.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Iterator

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.kit.relay import Ending
from host_tests.kit.until import LONG_S
from host_tests.system.wire.shop import (
    Call,
    CPythonDevice,
    Shop,
    settings_of,
    shop,
)
from tools.emulator.testing import RunningEmulator, running_emulator

OPS = ["redeem", "reverse"]


def check_one_copy(platform: RunningEmulator, call: Call) -> None:
    """One copy left, on a second connection, and was approved."""
    books = Books(platform)
    books.check(call)
    assert (call.outcome, call.copies, len(books.copies(call.request))) == (
        "approved",
        1,
        1,
    )


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("ending", ["FIN", "RST"])
def test_a_connection_that_the_network_closed_is_noticed(
    platform: RunningEmulator, python: Peer | None, op: str, ending: Ending
) -> None:
    async def play() -> Call:
        async with shop(platform, python) as bench:
            await bench.approved("echo")
            more = await bench.prepared(op)
            await bench.relay.end_all(ending)
            return await bench.call(op, **more)

    call = asyncio.run(play())
    check_one_copy(platform, call)
    assert call.opened == 2


@pytest.mark.parametrize("op", OPS)
def test_a_connection_that_the_platform_hung_up_is_noticed(
    platform: RunningEmulator, python: Peer | None, op: str
) -> None:
    async def play() -> Call:
        async with shop(platform, python) as bench:
            more = await bench.prepared(op)
            platform.faults("echo", "hang_up")
            await bench.approved("echo")
            while bench.relay.is_open:
                await asyncio.sleep(0.01)
            return await bench.call(op, **more)

    call = asyncio.run(play())
    check_one_copy(platform, call)
    assert call.opened == 2


@pytest.mark.parametrize("op", OPS)
def test_the_retry_is_still_there_after_a_stale_connection(
    platform: RunningEmulator, python: Peer | None, op: str
) -> None:
    async def play() -> Call:
        async with shop(platform, python) as bench:
            await bench.approved("echo")
            more = await bench.prepared(op)
            platform.faults(op, "drop_after_commit")
            await bench.relay.end_all("FIN")
            return await bench.call(op, **more)

    call = asyncio.run(play())
    books = Books(platform)
    books.check(call)
    assert (call.outcome, len(books.copies(call.request))) == ("approved", 2)


@pytest.mark.parametrize("op", OPS)
def test_a_close_is_noticed_even_if_the_loop_had_no_time_to_read_it(
    platform: RunningEmulator, op: str
) -> None:
    """CPython reads ahead of the device, in its loop, which other tasks may hold up."""

    async def play() -> Call:
        device = CPythonDevice(settings_of(platform, platform.port))
        bench = Shop(device)
        more = await bench.prepared(op)
        platform.faults("echo", "hang_up")
        await bench.approved("echo")
        connection = device._device.connection._stream._sock
        if connection.fileno() != -1:  # else the loop was quicker
            select.select(
                [connection], [], [], LONG_S
            )  # not awaited: the loop stands still
        call = await bench.call(op, **more)
        await bench.close()
        return call

    call = asyncio.run(play())
    check_one_copy(platform, call)
    assert call.opened == 2


@pytest.fixture(scope="module")
def impatient_platform() -> Iterator[RunningEmulator]:
    with running_emulator(keep_alive_s=1) as emulator:
        yield emulator


@pytest.mark.parametrize("op", OPS)
def test_a_connection_beyond_the_keep_alive_of_the_server_is_noticed(
    impatient_platform: RunningEmulator, python: Peer | None, op: str
) -> None:
    async def play() -> Call:
        async with shop(impatient_platform, python) as bench:
            more = await bench.prepared(op)
            opened = (await bench.approved("echo")).opened
            while bench.relay.is_open:
                await asyncio.sleep(0.02)
            call = await bench.call(op, **more)
            assert call.opened == opened + 1
            return call

    check_one_copy(impatient_platform, asyncio.run(play()))


@pytest.mark.parametrize("op", OPS)
def test_a_connection_that_idled_longer_than_the_profile_allows_is_not_used_again(
    platform: RunningEmulator, python: Peer | None, op: str
) -> None:
    async def play() -> Call:
        async with shop(platform, python, idle_ms=0) as bench:
            more = await bench.prepared(op)
            await asyncio.sleep(0.01)
            return await bench.call(op, **more)

    check_one_copy(platform, asyncio.run(play()))
