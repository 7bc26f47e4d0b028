"""Replies as real servers change them, and what they say while the platform does not."""

from __future__ import annotations

import asyncio
import ssl

import httpx
import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.kit.until import LONG_S
from host_tests.system.servers.conftest import GetFront
from host_tests.system.servers.front import Front
from host_tests.system.servers.sites import LONG_HEADERS
from host_tests.system.wire.shop import Call, shop
from tools.emulator.testing import RunningEmulator


def _asked(far: Front, url: str) -> httpx.Response:
    """What a client of the web gets there, which takes whatever a server likes to send."""
    form = {
        "grant_type": "client_credentials",
        "client_id": far.client_id,
        "client_secret": far.client_secret,
    }
    context = ssl.create_default_context(cafile=far.ca)
    with httpx.Client(verify=context, trust_env=False, timeout=LONG_S) as client:
        return client.post(url, data=form)


def _called(far: Front, peer: Peer, op: str) -> Call:
    async def play() -> Call:
        async with shop(far, peer) as bench:
            return await bench.call(op)

    return asyncio.run(play())


@pytest.mark.parametrize("site", ["long heads", "gzip"])
def test_a_reply_that_a_server_has_dressed_is_read(
    front: GetFront, platform: RunningEmulator, micropython: Peer, site: str
) -> None:
    call = _called(front(site), micropython, "redeem")
    books = Books(platform)
    books.check(call)
    assert (call.outcome, call.copies) == ("approved", 1)
    (copy,) = books.copies(call.request)
    assert copy["headers"]["accept-encoding"] == "identity"


def test_the_servers_do_what_these_tests_are_about(
    front: GetFront, platform: RunningEmulator
) -> None:
    dressed = _asked(front("long heads"), front("long heads").token_url).headers
    assert {name: len(dressed[name]) for name in LONG_HEADERS} == LONG_HEADERS
    zipped = _asked(front("gzip"), front("gzip").token_url)
    assert zipped.headers["content-encoding"] == "gzip"
    page = _asked(front("platform down"), front("platform down").url + "/checkout/")
    assert page.status_code in (502, 503)
    assert page.headers["content-type"] == "text/html"


def test_a_page_of_a_server_whose_platform_is_down_leaves_the_outcome_open(
    front: GetFront, platform: RunningEmulator, micropython: Peer
) -> None:
    """Two copies reached the server, and what became of them behind it nobody knows."""
    call = _called(front("platform down"), micropython, "redeem")
    Books(platform).check(call)
    assert (call.outcome, call.copies) == ("unknown", 2)
    assert not platform.ledger()


def test_without_a_token_for_the_same_reason_nothing_is_sent(
    front: GetFront, platform: RunningEmulator, micropython: Peer
) -> None:
    call = _called(front("all down"), micropython, "redeem")
    Books(platform).check(call)
    assert call.outcome == "not_sent"


def test_a_server_that_loses_patience_after_the_commitment_is_asked_again(
    front: GetFront, platform: RunningEmulator, micropython: Peer
) -> None:
    """Its 504 is a page too; the second copy brings the answer of the first."""
    platform.faults("redeem", "delay", seconds=60)
    call = _called(front("hasty"), micropython, "redeem")
    books = Books(platform)
    books.check(call)
    assert (call.outcome, call.copies, len(books.copies(call.request))) == (
        "approved",
        2,
        2,
    )
    assert len(platform.ledger()) == 1
