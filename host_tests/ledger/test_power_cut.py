"""Power cuts after, and in the middle of, every block operation on MicroPython's filesystems."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from host_tests.kit.peer import Peer
from tools.bench.ledger import MAX_BLOCKS_ERASED, MAX_BYTES_PROGRAMMED, measure

PROVE = ("host_tests.ledger.on_micropython.power_cut", "prove")
# Few small files make each boot short; PROVE=1 adds the number that a device has.
SLOTS = [12, 44] if os.environ.get("PROVE") else [12]


@pytest.fixture(scope="module")
def micropython() -> Iterator[Peer]:
    """A journal of a shift needs more heap than other calls."""
    peer = Peer(heap="16M")
    yield peer
    peer.close()


@pytest.mark.parametrize("slots", SLOTS)
def test_littlefs_keeps_every_promise_at_every_cut(micropython: Peer, slots: int) -> None:
    proof = micropython.call(*PROVE, "littlefs", slots)
    assert proof["faults"] == []
    assert proof["cuts"] > 80


def test_fat_keeps_every_promise_at_every_cut(micropython: Peer) -> None:
    proof = micropython.call(*PROVE, "fat", 0)
    assert proof["faults"] == []
    assert proof["cuts"] > 100


def test_2000_entries_fit_into_256_kib_at_the_budgeted_cost() -> None:
    figures = measure(2000, blocks=64)
    assert figures["entries"] == 2000
    assert figures["bytes"] <= MAX_BYTES_PROGRAMMED
    assert figures["erases"] <= MAX_BLOCKS_ERASED
