"""Versions, keys and chains as servers have them: verified, and no sale where that fails."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.peer import Peer
from host_tests.system.servers.conftest import TLS_CASES, GetFront, tls_name
from host_tests.system.servers.front import Front
from host_tests.system.wire.shop import Call, shop
from tools.emulator.testing import RunningEmulator


def _echoed(far: Front, peer: Peer | None) -> Call:
    async def play() -> Call:
        async with shop(far, peer) as bench:
            return await bench.call("echo")

    return asyncio.run(play())


@pytest.mark.parametrize(("version", "key", "intermediates"), TLS_CASES)
def test_a_chain_up_to_the_root_is_verified(
    front: GetFront,
    platform: RunningEmulator,
    micropython: Peer,
    version: str,
    key: str,
    intermediates: int,
) -> None:
    call = _echoed(front(tls_name(version, key, intermediates)), micropython)
    assert (call.outcome, call.copies) == ("approved", 1)


def test_a_server_may_show_the_root_too(
    front: GetFront, platform: RunningEmulator, micropython: Peer
) -> None:
    assert _echoed(front("root too"), micropython).outcome == "approved"


def test_a_chain_without_its_intermediate_is_refused(
    front: GetFront, platform: RunningEmulator, micropython: Peer
) -> None:
    call = _echoed(front("leaf alone"), micropython)
    assert (call.outcome, call.copies) == ("not_sent", 0)
    assert not platform.requests()


def test_an_rsa_server_of_tls_1_2_may_sign_with_pss(
    front: GetFront, platform: RunningEmulator
) -> None:
    """On CPython: host_tests/README.md says why not on the desktop's MicroPython."""
    assert _echoed(front("1.2 with PSS"), None).outcome == "approved"
