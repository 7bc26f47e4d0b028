"""What the headless program is run with: one platform a worker, and a shop's profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.until import LONG_S
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.handheld.client import HandheldClient, HandheldError
from tools.profile import template

START = "2026-01-30T15:00:00Z"  # a Friday morning in Toronto
FAST = {
    # As long as a busy machine takes: hardly a test waits for a deadline.
    "platform": {"connect_s": 10, "reply_s": 10, "echo_s": 0},
    "printer": {"store_copy": False, "baud": 115200},
}


def profile_text(platform: Any, *changes: Mapping[str, Mapping[str, object]]) -> str:
    """A profile that sells and prints at once, and `changes` in it."""
    merged: dict[str, dict[str, object]] = {k: dict(v) for k, v in FAST.items()}
    for each in changes:
        for section, values in each.items():
            merged.setdefault(section, {}).update(values)
    return template.for_platform(platform, merged)


class Handheld(HandheldClient):
    """The program, with a printer that takes no time for a line, so that a slip takes a few tenths
    of a second in place of three, and keys that are waited for as a person does: until the
    click is heard. None is pressed again: the simulated keypad sees each, however late.
    """

    def __init__(self, profile: Path | None, flash: Path, options: Sequence[str] = ()):
        super().__init__(profile, flash, ("--line-ms", "0", *options))

    def key(self, name: str) -> None:
        before = self._clicks()
        self.send({"key": name})
        with self._news:
            self._news.wait_for(lambda: self._ended or self._clicks() > before, LONG_S)
        if self._clicks() == before:
            raise HandheldError(self._story(f"{name} was never heard"))

    def _clicks(self) -> int:
        return sum(event.get("sound") == "key" for event in list(self.events))


@pytest.fixture(scope="session")
def running_platform() -> Iterator[RunningEmulator]:
    with running_emulator(clock=START, self_cancel_s=-1) as emulator:
        yield emulator


@pytest.fixture
def platform(running_platform: RunningEmulator) -> RunningEmulator:
    """The worker's, as new."""
    running_platform.reset()
    running_platform.set_clock(START)
    return running_platform
