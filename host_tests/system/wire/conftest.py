"""One platform for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.kit.peer import Peer
from host_tests.system.wire.shop import TOKEN_LIFETIME_S
from tools.emulator.testing import RunningEmulator, running_emulator

# A Friday morning in Toronto, well away from the hour at which the day turns.
START = "2026-01-30T15:00:00Z"


@pytest.fixture(scope="session")
def shared_platform() -> Iterator[RunningEmulator]:
    # A mile buys a unit, so that thousands of sales fit in one account; and nothing is
    # cancelled by itself, so that the ledger shows what a copy has done.
    with running_emulator(
        clock=START,
        unit_miles=1,
        daily_cap_dollars=10_000_000,
        self_cancel_s=-1,
        token_lifetime=TOKEN_LIFETIME_S,
    ) as emulator:
        yield emulator


@pytest.fixture
def platform(shared_platform: RunningEmulator) -> RunningEmulator:
    shared_platform.reset()
    shared_platform.set_clock(START)
    return shared_platform


@pytest.fixture(params=["cpython", "micropython"])
def python(request: pytest.FixtureRequest) -> Peer | None:
    """Where the device runs: None is CPython, in this process."""
    if request.param == "cpython":
        return None
    peer: Peer = request.getfixturevalue("micropython")
    return peer


# The rule of copies does not know a redemption from a reversal, nor one Python the other.
_BY_DEFAULT = {"cpython": "reverse", "micropython": "redeem"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """By default CPython takes each case for a reversal and MicroPython for a redemption;
    the other half waits for `make prove`."""
    for item in items:
        if item.path.parent != Path(__file__).parent:
            continue
        params = getattr(getattr(item, "callspec", None), "params", {})
        usual = _BY_DEFAULT.get(params.get("python", ""), "")
        if usual and params.get("op") in {*_BY_DEFAULT.values()} - {usual}:
            item.add_marker(pytest.mark.prove)
