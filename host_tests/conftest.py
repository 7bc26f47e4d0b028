"""Fixtures that every room of the tests may use."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from host_tests.kit.peer import CircuitPythonPeer, Peer

# Rooms whose tests mostly wait: for a device that starts, a wire that is mute, a printer, a page.
# They begin early and beside those that compute, so that both cores always have something to do.
WAITING = ("boards/", "browser/", "link/", "pinpad/", "system/")
# Several browsers at once would starve each other, and real servers are started once; a fault on
# the wire needs nobody's company.
FOLDERS = ("host_tests/browser/", "host_tests/system/servers/")
EACH_APART = "host_tests/system/wire/"
IN_FULL = os.environ.get("PROVE") == "1"
# A run tries the same examples each time: it fails for what was changed alone. `make prove`
# tries others. How long an example takes says more of the machine than of the test.
settings.register_profile(
    "milepad",
    deadline=None,
    derandomize=not IN_FULL,
    max_examples=400 if IN_FULL else 30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
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


def unit_of(node_id: str) -> str:
    """What one process does in one go: a file, whose tests share what is dear to start."""
    for folder in FOLDERS:
        if node_id.startswith(folder):
            return folder
    if node_id.startswith(EACH_APART):
        return node_id.split("[", maxsplit=1)[0]  # a test with all its parameters
    return node_id.split("::", maxsplit=1)[0]


def mixed(node_ids: Iterable[str]) -> dict[str, float]:
    """{unit: its place in the run}: those that wait are spread over the first two thirds."""
    units = dict.fromkeys(unit_of(each) for each in node_ids)
    rooms = tuple("host_tests/" + room for room in WAITING)
    waiting = [unit for unit in units if unit.startswith(rooms)]
    computing = [unit for unit in units if not unit.startswith(rooms)]
    places = {unit: n / len(computing) for n, unit in enumerate(computing)}
    return places | {unit: n / len(waiting) * 2 / 3 for n, unit in enumerate(waiting)}


def pytest_configure() -> None:
    """A run in the background has its Ctrl-C ignored, and so would whatever it starts."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `prove` waits for `make prove`; under CI nothing is skipped in silence."""
    if not IN_FULL:
        waiting = [item for item in items if item.get_closest_marker("prove")]
        config.hook.pytest_deselected(items=waiting)
        items[:] = [item for item in items if not item.get_closest_marker("prove")]
    if os.environ.get("CI") == "true":
        for item in items:
            if any(item.iter_markers("skip")) or any(item.iter_markers("skipif")):
                raise pytest.UsageError(f"{item.nodeid}: a skip is a failure under CI=true")
    places = mixed(item.nodeid for item in items)
    items.sort(key=lambda item: places[unit_of(item.nodeid)])


def pytest_collection_finish() -> None:
    """What the collected tests are made of stays to the end: no collection of garbage looks at it.

    The firmware collects after each workflow, as devices have to, and a fixture above after
    each module; with twelve thousand tests that took half a second each time.
    """
    gc.collect()
    gc.freeze()


class Units(LoadScopeScheduling):
    """Gives each unit to whoever is free, in the order in which they were sorted."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Units | None:
    """See `Units`."""
    return Units(config, log) if config.getvalue("dist") == "loadscope" else None
