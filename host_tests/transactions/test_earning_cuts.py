"""Power cuts at every block operation of earnings, on MicroPython's own filesystems."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from host_tests.kit.peer import Peer

PROVE = ("host_tests.transactions.on_micropython.earning_cuts", "prove")


@pytest.fixture(scope="module")
def micropython() -> Iterator[Peer]:
    """A journal of a day needs more heap than other calls."""
    peer = Peer(heap="32M")
    yield peer
    peer.close()


@pytest.mark.parametrize("kind", ["littlefs", "fat"])
def test_no_earning_is_lost_and_none_is_sent_as_two_at_any_cut(
    micropython: Peer, kind: str
) -> None:
    proof = micropython.call(*PROVE, kind)
    assert proof["faults"] == []
    assert proof["cuts"] > 60
    assert (proof["kept"], proof["committed"], proof["copies"]) == (8, 6, 10)
