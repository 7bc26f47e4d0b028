"""A simulated PIN pad with a till link over TCP, MicroPython in it, and a platform."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from host_tests.kit import till
from host_tests.system.handheld.conftest import make_till, platform, running_platform
from tools.handheld.client import HandheldClient

__all__ = ["make_till", "platform", "running_platform"]


def till_port(pad: HandheldClient) -> int:
    """Where the pad says that a till reaches it."""
    events = [event["till"] for event in list(pad.events) if "till" in event]
    return int(events[-1]["port"])


def logs(pad: HandheldClient, text: str) -> bool:
    """Whether a line of the log holds that text, within two seconds."""
    deadline_s = time.monotonic() + 2
    while time.monotonic() < deadline_s:
        if any(text in event.get("log", "") for event in list(pad.events)):
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(scope="module")
def shared_pad(make_till: object) -> HandheldClient:
    return make_till(till={"mode": "tcp", **till.KEY_NAMES})  # type: ignore[operator]


@pytest.fixture
def pad(shared_pad: HandheldClient, platform: object) -> HandheldClient:
    shared_pad.wait_screen("TILL")
    return shared_pad


@pytest.fixture
def till1(pad: HandheldClient) -> Iterator[till.Till]:
    one = till.Till(till_port(pad))
    yield one
    one.close()
