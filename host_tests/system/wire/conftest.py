"""One platform for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

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


_IN_FULL = (
    "test_a_fault_costs_at_most_one_more_identical_copy",
    "test_without_a_token_nothing_leaves_and_with_one_all_is_well",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each fault of a reversal on MicroPython waits for `make prove`.

    By default CPython takes them all for both operations, MicroPython for a redemption.
    """
    for item in items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        again = params.get("python") == "micropython" and params.get("op") == "reverse"
        if again and getattr(item, "originalname", "") in _IN_FULL:
            item.add_marker(pytest.mark.prove)
