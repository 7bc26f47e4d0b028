"""A device's root certificates in one file are told apart; what is none is left to be refused."""

from __future__ import annotations

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from host_tests.kit.tls_server import der

ROOTS = [der(trustme.CA(key_type=kind)) for kind in trustme.KeyType]


@pytest.mark.parametrize("count", range(1, 5))
def test_roots_that_stand_one_after_the_other_are_told_apart(
    micropython: Peer, count: int
) -> None:
    roots = (ROOTS * 2)[:count]
    assert agree(micropython, "milepad.base.compat", "split_der", b"".join(roots)) == roots


@given(st.lists(st.sampled_from(ROOTS), max_size=3), st.binary(max_size=6))
def test_nothing_is_lost_and_nothing_is_no_root_at_all(
    micropython: Peer, roots: list[bytes], more: bytes
) -> None:
    raw = b"".join([*roots, more])
    parts = agree(micropython, "milepad.base.compat", "split_der", raw)
    assert parts and b"".join(parts) == raw
    assert parts[: len(roots)] == roots
