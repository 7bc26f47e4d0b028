"""Tokens of a real OAuth server, which a gateway in front of the platform checks.

A token has 3 KB and is a JWT. The gateway is nginx: it asks the OAuth server about each
request's token, and calls the platform with a token of its own.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import replace

import httpx
import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.kit.until import LONG_S
from host_tests.system.servers.front import Front
from host_tests.system.servers.oauth import CLIENTS, RESOURCE
from host_tests.system.wire.shop import Call, MicroPythonDevice, Shop, settings_of
from tools.emulator.testing import RunningEmulator


def _sold(far: Front, peer: Peer, **more: str) -> list[Call]:
    """An echo and a redemption, straight to where the URLs say."""

    async def play() -> list[Call]:
        shop = Shop(MicroPythonDevice(peer, settings_of(far, 0) | more))
        try:
            return [await shop.call("echo"), await shop.call("redeem")]
        finally:
            await shop.close()

    return asyncio.run(play())


@pytest.mark.parametrize("token_auth", CLIENTS)
def test_a_sale_with_a_token_of_three_kilobytes_costs_one_copy(
    gateway: Front, platform: RunningEmulator, micropython: Peer, token_auth: str
) -> None:
    """However the client says its secret, which has signs that mean something in a form."""
    far = replace(gateway, client_id=CLIENTS[token_auth])
    calls = _sold(far, micropython, token_auth=token_auth, resource=RESOURCE)
    for call in calls:
        assert (call.outcome, call.copies, call.fetched) == ("approved", 1, 1)
    Books(platform).check(calls[1])


def test_the_token_of_these_tests_is_a_jwt_of_three_kilobytes(gateway: Front) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": gateway.client_id,
        "client_secret": gateway.client_secret,
        "resource": RESOURCE,
    }
    context = ssl.create_default_context(cafile=gateway.ca)
    with httpx.Client(verify=context, trust_env=False, timeout=LONG_S) as client:
        token = client.post(gateway.token_url, data=form).json()["access_token"]
    assert len(token.split(".")) == 3
    assert 3000 < len(token) < 4096


def test_a_token_for_another_resource_is_replaced_once_and_refused_again(
    gateway: Front, platform: RunningEmulator, micropython: Peer
) -> None:
    """The gateway's 401 is a page, and about the token: nothing reached the platform."""
    _, call = _sold(gateway, micropython)
    assert (call.outcome, call.code, call.copies) == ("declined", "", 2)
    assert not platform.requests()


def test_a_client_with_a_wrong_secret_is_refused_and_nothing_is_sent(
    gateway: Front, platform: RunningEmulator, micropython: Peer
) -> None:
    calls = _sold(replace(gateway, client_secret="wrong"), micropython, resource=RESOURCE)
    for call in calls:
        assert (call.outcome, call.copies) == ("not_sent", 0)
        assert re.search("HTTP 40[01]", call.reason)
    assert not platform.requests()
