"""A device that earns, on either kind of flash, in a story's own time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from host_tests.kit.earner import Earner
from host_tests.kit.virtual_time import StoryClock
from milepad.base import compat


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[StoryClock]:
    found = StoryClock()
    monkeypatch.setattr(compat, "time", found)
    yield found


@pytest.fixture(params=["littlefs", "cells"])
def earner(request: pytest.FixtureRequest, clock: StoryClock) -> Earner:
    return Earner(is_ring=request.param == "cells")
