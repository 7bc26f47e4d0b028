"""Fixtures that every room of the tests may use."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from host_tests.kit.peer import CircuitPythonPeer, Peer

# Tests that share what is dear to start stay in one process: those of a module, or of a folder,
# of which five at once would starve each other. xdist's own marks for this are lost with
# pytest 9.2, which keeps a test's id where xdist does not look.
TOGETHER = (
    "host_tests/browser/",
    "host_tests/link/circuitpython/test_wire_rules.py",
    "host_tests/boards/test_guide.py",
    "host_tests/system/handheld/test_page.py",
    "host_tests/system/handheld/test_page_till.py",
    "host_tests/system/handheld/test_scenarios.py",
)
IN_FULL = os.environ.get("PROVE") == "1"
settings.register_profile(
    "milepad",
    deadline=None,
    max_examples=400 if IN_FULL else 30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("milepad")


@pytest.fixture(scope="session")
def micropython() -> Iterator[Peer]:
    """A MicroPython process that evaluates the same calls as CPython."""
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture(scope="session")
def circuitpython() -> Iterator[Peer]:
    """The same with the names of CircuitPython only."""
    peer = CircuitPythonPeer()
    yield peer
    peer.close()


def _open_files() -> int:
    """How many descriptors this process has open."""
    return len(os.listdir("/dev/fd"))


# What is left open is collected, and so complains, where it was left. A stranger would fail
# for it otherwise, whenever the garbage happens to be collected. These fixtures are the first
# of their scope, so the last to end.


@pytest.fixture(autouse=True)
def nothing_left_open_by_a_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Looks for garbage after a test that has more open at its end than at its beginning."""
    before = _open_files()
    yield
    # pytest would hold what a test was given until its module's fixtures have ended.
    request.node.funcargs.clear()
    if _open_files() > before:
        gc.collect()


@pytest.fixture(autouse=True, scope="module")
def nothing_left_open_by_a_module() -> Iterator[None]:
    """The same for what its tests share."""
    yield
    gc.collect()


@pytest.fixture(autouse=True, scope="session")
def nothing_left_open_by_the_run() -> Iterator[None]:
    """The same for what all tests share."""
    yield
    gc.collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `prove` waits for `make prove`; under CI nothing is skipped in silence."""
    if not IN_FULL:
        waiting = [item for item in items if item.get_closest_marker("prove")]
        config.hook.pytest_deselected(items=waiting)
        items[:] = [item for item in items if item not in waiting]
    if os.environ.get("CI") == "true":
        for item in items:
            if any(item.iter_markers("skip")) or any(item.iter_markers("skipif")):
                raise pytest.UsageError(f"{item.nodeid}: a skip is a failure under CI=true")


class Together(LoadScopeScheduling):
    """Gives each test to whoever is free, and what stands in `TOGETHER` as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in TOGETHER if nodeid.startswith(each)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """See `Together`."""
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None
