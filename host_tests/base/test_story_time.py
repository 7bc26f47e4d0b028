"""The tests' own time is a story's alone: none of it is left for the next test."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from host_tests.kit.virtual_time import START_S, virtually
from milepad.base import compat


async def the_time() -> int:
    return compat.unix_time()


def test_a_story_begins_at_its_own_time() -> None:
    assert virtually(the_time()) == START_S + 1000
    assert abs(compat.unix_time() - time.time()) < 60


def test_a_clock_that_a_story_was_given_is_gone_with_it() -> None:
    with pytest.MonkeyPatch.context() as patch:

        async def work() -> int:
            patch.setattr(compat, "time", SimpleNamespace(time=lambda: 5))
            return compat.unix_time()

        assert virtually(work()) == 5
    assert abs(compat.unix_time() - time.time()) < 60
