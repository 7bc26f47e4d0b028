"""Tokens of a real OAuth server, which a gateway in front of the platform checks.

A token has 3 KB and is a JWT. The gateway is nginx: it asks the OAuth server about each
request's token, and calls the platform with a token of its own.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.system.servers.front import Front
from host_tests.system.wire.shop import Call, MicroPythonDevice, Shop, settings_of
from tools.emulator.testing import RunningEmulator


def _sold(far: Front, peer: Peer) -> list[Call]:
    """An echo and a redemption, straight to where the URLs say."""

    async def play() -> list[Call]:
        shop = Shop(MicroPythonDevice(peer, settings_of(far, 0)))
        try:
            return [await shop.call("echo"), await shop.call("redeem")]
        finally:
            await shop.close()

    return asyncio.run(play())


def test_a_sale_with_a_token_of_three_kilobytes_costs_one_copy(
    gateway: Front, platform: RunningEmulator, micropython: Peer
) -> None:
    calls = _sold(gateway, micropython)
    books = Books(platform)
    for call in calls:
        assert (call.outcome, call.copies, call.fetched) == ("approved", 1, 1)
    books.check(calls[1])


def test_a_client_with_a_wrong_secret_is_refused_and_nothing_is_sent(
    gateway: Front, platform: RunningEmulator, micropython: Peer
) -> None:
    calls = _sold(replace(gateway, client_secret="wrong"), micropython)
    for call in calls:
        assert (call.outcome, call.copies) == ("not_sent", 0)
        assert re.search("HTTP 40[01]", call.reason)
    assert not platform.requests()
