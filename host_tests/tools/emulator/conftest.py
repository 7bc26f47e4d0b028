"""One emulator for all tests of this room, as at the beginning for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.emulator.cash.platform import Platform
from tools.emulator.clock import PlatformClock, parse_moment
from tools.emulator.settings import Settings
from tools.emulator.store import Store
from tools.emulator.testing import RunningEmulator, running_emulator

# A Friday morning in Toronto, well away from the hour at which the day turns.
START = "2026-01-30T15:00:00Z"


@pytest.fixture(scope="session")
def shared_emulator() -> Iterator[RunningEmulator]:
    with running_emulator(clock=START) as emulator:
        yield emulator


@pytest.fixture
def emulator(shared_emulator: RunningEmulator) -> RunningEmulator:
    shared_emulator.reset()
    shared_emulator.set_clock(START)
    return shared_emulator


@pytest.fixture(scope="session")
def shared_magician() -> Iterator[RunningEmulator]:
    with running_emulator(clock=START, magic=True) as emulator:
        yield emulator


@pytest.fixture
def magician(shared_magician: RunningEmulator) -> RunningEmulator:
    """One that obeys magic amounts."""
    shared_magician.reset()
    return shared_magician


class StillClock(PlatformClock):
    """A clock that moves only when told to."""

    def __init__(self, text: str = START) -> None:
        self.unix_s = parse_moment(text).timestamp()

    def unix(self) -> float:
        return self.unix_s


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def make_platform(tmp_path: Path, clock: StillClock) -> Iterator[Callable[..., Platform]]:
    """Platforms with given settings over one store."""
    store = Store(tmp_path / "emulator.db")

    def make(**settings: object) -> Platform:
        return Platform(Settings(**settings), clock, store)  # type: ignore[arg-type]

    yield make
    store.close()


@pytest.fixture
def platform(make_platform: Callable[..., Platform]) -> Platform:
    return make_platform()
