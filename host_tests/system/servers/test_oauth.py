"""Tokens of a real OAuth server, which a gateway in front of the platform checks.

A token has 3 KB and is a JWT. The gateway is nginx: it asks the OAuth server about each
request's token, and calls the platform with a token of its own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.system.servers.certificates import Authority
from host_tests.system.servers.front import Front
from host_tests.system.servers.nginx import Nginx
from host_tests.system.servers.oauth import CLIENT_ID, CLIENT_SECRET, running_oauth
from host_tests.system.servers.sites import Ports, Site
from host_tests.system.wire.shop import Call, MicroPythonDevice, Shop, settings_of
from tools import servers
from tools.emulator.testing import RunningEmulator


@pytest.fixture(scope="module")
def gateway(
    running_platform: RunningEmulator,
    authorities: dict[str, Authority],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    """The platform behind nginx, and the OAuth server, which is another host."""
    for name, is_here in (
        ("nginx", servers.front("nginx")),
        (servers.OAUTH, servers.oauth()),
    ):
        if is_here is None:
            pytest.skip(f"{name} could not be had: `make setup` says why")
    chain = authorities["ecdsa"].chain(1)
    port = running_platform.port
    with ExitStack() as stack:
        url = stack.enter_context(running_oauth(authorities["ecdsa"].chain(2).shown))
        ports = stack.enter_context(closing(Ports()))
        site = Site("gateway", chain.shown, port, port, bearer=running_platform.token())
        folder = tmp_path_factory.mktemp("gateway")
        server = Nginx(folder, [site], ports, f"{url}/verify")
        stack.callback(server.close)
        yield Front(
            server,
            ports.number("gateway"),
            str(chain.root),
            CLIENT_ID,
            CLIENT_SECRET,
            f"{url}/token",
        )


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
