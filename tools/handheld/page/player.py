"""Plays scenarios and saved sessions on the page's handheld, for a person who watches.

A scenario is a file of JSON lines as the headless program takes them: a `scenario` that says
what it is, and sentences (`say`) before what happens. It begins on the idle screen of a
handheld that has all it needs, and ends at the first screen that does not come.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from milepad import words
from milepad.base.vocabulary import LANGUAGES
from tools.handheld.device import Device
from tools.handheld.events import Event, EventError, Outgoing, parse
from tools.handheld.page import refusals
from tools.handheld.page.refusals import Refused

FOLDER = Path(__file__).with_name("scenarios")
MOST_CHARACTERS = 256 * 1024
_PATIENT_S = 60.0  # a busy machine may take so long
_READ_S = 2.2  # a sentence, at speed 1
_MOVE_S = 0.45  # a hand to the next key
_BY_HAND = ("key", "swipe", "swipe_bits", "scan", "scan_slip")
_TABLES = {each: words.table(each) for each in LANGUAGES}
_IDLE = {
    table[key]: language
    for language, table in _TABLES.items()
    for key in ("menu_checkout", "till")
}
_INTERRUPTED = [table["interrupted"] for table in _TABLES.values()]
_LATER = "0"
_LOOK_S = 0.7
_MOST_KEYS = 12
_AT_REST = (
    ("faults", "clear"),
    ("wifi", True),
    ("paper", True),
    ("cover", True),
    ("battery", 100),
)


@dataclass(frozen=True)
class Scenario:
    """What is to be played; `about` is what its first line says."""

    name: str
    about: dict[str, Any]
    events: list[Event]
    sentences: list[dict[str, str]] = field(default_factory=list)

    @property
    def is_till_s(self) -> bool:
        """Whether it is played at a PIN pad, by its till."""
        return bool(self.about.get("till"))

    def described(self) -> dict[str, Any]:
        """As `ready` lists it."""
        titles = {key: self.about[key] for key in ("title", "about")}
        return {"name": self.name, **titles, "steps": len(self.sentences)}


def read(name: str, text: str) -> Scenario:
    """A scenario or session from its lines. Refused names the line that is none."""
    if len(text) > MOST_CHARACTERS:
        raise Refused("too_long", most=MOST_CHARACTERS // 1024)
    events = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                events.append(parse(line.encode("utf-8", "replace")))
            except EventError as fault:
                raise Refused("no_line", f"line {number}: {fault}", line=number) from None
    about: dict[str, Any] = {}
    for each in events:
        if each.name == "scenario":
            about = each.value
    kept = [each for each in events if each.name not in ("scenario", "quit")]
    return Scenario(name, about, kept, [each.value for each in kept if each.name == "say"])


def scenarios() -> Iterator[Scenario]:
    """Those that come with the page, in their order."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        yield read(path.stem.partition("-")[2], path.read_text("utf-8"))


class Player:
    """Plays one thing at a time. `do` makes an event happen, `tell` gets what plays."""

    def __init__(
        self,
        device: Device,
        do: Callable[[Event], Awaitable[None]],
        tell: Callable[[Outgoing], None],
    ) -> None:
        self._device = device
        self._do = do
        self._tell = tell
        self._task: asyncio.Task[None] | None = None
        self._going = asyncio.Event()
        self._state: dict[str, Any] = {"playing": None, "last": None}

    async def play(self, scenario: Scenario, speed: float) -> None:
        """Begins to play, from the idle screen; whatever played before is stopped."""
        await self.stop()
        self._state = {
            "playing": scenario.name,
            "last": scenario.name,
            "state": "playing",
            "paused": False,
            "step": 0,
            "sentences": scenario.sentences,
            "reason": None,
        }
        self._going.set()
        self._told()
        self._task = asyncio.create_task(self._play(scenario, speed))

    async def stop(self) -> None:
        """A person takes over, in the middle of whatever it is."""
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self._end("stopped")

    def pause(self, waits: bool) -> None:
        """What plays waits before its next event, or goes on; the device runs all the while."""
        if self._state["playing"] is None:
            return
        (self._going.clear if waits else self._going.set)()
        self._state["paused"] = waits
        self._told()

    def _told(self) -> None:
        self._tell({"scenario": dict(self._state)})

    def _end(self, state: str, reason: dict[str, Any] | None = None) -> None:
        self._state |= {"playing": None, "state": state, "reason": reason}
        self._told()

    async def _play(self, scenario: Scenario, speed: float) -> None:
        try:
            if scenario.about:
                await self._prepare(scenario.about.get("language", "en-CA"))
            await self._all(scenario.events, speed)
        except EventError as fault:
            self._end("failed", refusals.of(fault).told)
        except Exception:
            self._end("failed", Refused("not_played").told)
            raise
        else:
            self._end("done")

    async def _all(self, events: list[Event], speed: float) -> None:
        step = -1
        for event in events:
            await self._going.wait()
            if event.name == "say":
                step += 1
                self._state["step"] = step
                self._told()
                await _pause(_READ_S, speed)
            elif event.name == "wait" and isinstance(event.value, dict):
                await self._wait(event.value["screen"], event.value.get("s", _PATIENT_S))
            elif event.name == "wait":
                await asyncio.sleep(event.value)
            else:
                await _pause(_MOVE_S if event.name in _BY_HAND else 0, speed)
                await self._do(event)
        await _pause(_READ_S, speed)

    async def _wait(self, text: str, longest_s: float) -> None:
        if not await self._device.screens.wait(text, longest_s):
            raise Refused("no_screen", text=text)

    async def _prepare(self, language: str) -> None:
        """Everything is there, and the handheld shows its idle screen in that language."""
        for name, value in _AT_REST:
            await self._do(Event(name, value))
        if not self._device.is_on:
            await self._do(Event("power", True))
        if await self._to_idle() != language:
            await self._do(Event("language", language))
            await self._to_idle()

    async def _to_idle(self) -> str:
        """Presses what leads there, as a person would; the language that it is in."""
        screens = self._device.screens
        key = "CANCEL"
        for _ in range(_MOST_KEYS):
            await screens.pause(_LOOK_S)
            for text, language in _IDLE.items():
                if screens.show(text):
                    return language
            before = screens.lines
            is_interrupted = any(map(screens.show, _INTERRUPTED))
            await self._do(Event("key", _LATER if is_interrupted else key))
            await screens.pause(_LOOK_S)
            if screens.lines == before:
                key = "ENTER" if key == "CANCEL" else "CANCEL"
        raise Refused("no_idle")


async def _pause(seconds: float, speed: float) -> None:
    if speed > 0:
        await asyncio.sleep(seconds / speed)
