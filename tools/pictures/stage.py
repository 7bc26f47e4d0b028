"""Plays on the simulated handheld, and keeps every screen and slip that came."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from milepad import words
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.handheld.client import HandheldClient
from tools.handheld.inputs import KEYS
from tools.pictures import plays
from tools.pictures.messages import LANGUAGES, Language
from tools.pictures.plays import Play
from tools.profile import Sections, template

_QUIET_S = 0.45
_LONGEST_S = 30.0
_LOOK_S = 0.05
_STOOD_S = 0.35  # longer than half a screen is ever told
_BUSY = (
    "printing",
    "starting",
    "wait_hold",
    "wait_connecting",
    "wait_waiting",
    "waiting_time",
)
_AT_ONCE = 9  # devices, each with a platform of its own
_WAY_BACK = ("CANCEL", "ENTER", "CANCEL", "CANCEL", "ENTER", "CANCEL", "0", "CANCEL")
_IDLE = "menu_checkout"


def _words(rows: list[str]) -> list[str]:
    """A screen without the dots that go on while the device waits."""
    return [row for row in rows if row.strip(". ")]


@dataclass
class Seen:
    """What came, in order: rows of screens that stood, and the print jobs as bytes."""

    screens: list[list[str]] = field(default_factory=list)
    slips: list[bytes] = field(default_factory=list)
    _drawn: list[str] = field(default_factory=list)
    _since_s: float = 0.0

    def take(self, event: dict[str, Any]) -> None:
        """An event of the handheld; a screen counts that was not drawn over at once."""
        if "screen" not in event:
            return
        if _words(event["screen"]) != _words(self._drawn):
            self.end()
            self._since_s = time.monotonic()
        self._drawn = event["screen"]

    def end(self) -> None:
        """The screen that stands there goes."""
        stood = time.monotonic() - self._since_s > _STOOD_S
        if stood and any(row.strip() for row in self._drawn):
            self.screens.append(self._drawn)


class Stage:
    """One handheld in one language, and whoever holds it."""

    def __init__(
        self, emulator: RunningEmulator, till: HandheldClient, language: Language
    ) -> None:
        self._emulator = emulator
        self._till = till
        self._ahead_s = 0
        table = words.table(language)
        self._busy = [table[key].partition("\n")[0] for key in _BUSY]
        self._idle = (table[_IDLE], table["till_menu"])

    def play(self, line: str) -> None:
        """One play of `plays`, from the idle screen back to it."""
        for word in line.split():
            self._do(word)
        for key in _WAY_BACK:
            if any(idle in row for idle in self._idle for row in self._till.screen):
                return
            self._do(key)
        screen = " | ".join(self._till.screen)
        raise RuntimeError(f"no way back to the idle screen from {screen} after: {line}")

    def _do(self, word: str) -> None:
        name, _, value = word.partition(":")
        switch = {"+": True, "-": False}.get(word[-1:])
        if word in ("cut", "power"):
            (self._till.cut if word == "cut" else self._till.power)()
        elif word.startswith("@"):  # what follows comes while the device is at it
            self._till.press(word[1:])
            time.sleep(_QUIET_S)
            return
        elif word == "slip":
            self._till.send({"scan_slip": True})
        elif switch is not None and word[:-1].isalpha():
            self._till.send({word[:-1]: switch})
        elif name == "scan":
            self._till.scan(value)
        elif name == "swipe":
            self._till.swipe(track2=value)
        elif name == "fault":
            self._order(*value.split(":"))
        elif word.startswith("{"):
            self._till.send(json.loads(word))
        elif name == "later":
            self._later(int(value))
        elif word in KEYS or word.isdigit():
            self._till.press(word)
        else:
            raise ValueError(f"no such word in a play: {word}")
        self.settle()

    def _later(self, seconds: int) -> None:
        """So much time passes everywhere: the device learns it when it starts next."""
        self._emulator.advance_clock(seconds)
        self._ahead_s += seconds
        self._till.send({"ntp": {"unix_s": int(time.time()) + self._ahead_s}})

    def _order(self, op: str, fault: str, value: str = "") -> None:
        more: dict[str, Any] = {}
        if fault == "delay":
            more = {"seconds": float(value)}
        elif fault == "code":
            more = {"code": value}
        elif value:
            more = {"count": int(value)}
        self._emulator.faults(op, fault, **more)

    def settle(self) -> None:
        """Until nothing has happened for a while and the device is at nothing."""
        end_s = time.monotonic() + _LONGEST_S
        seen, since_s = -1, time.monotonic()
        while time.monotonic() < end_s:
            count = len(self._till.events)
            if count != seen or self._is_busy():
                seen, since_s = count, time.monotonic()
            elif time.monotonic() - since_s > _QUIET_S:
                return
            time.sleep(_LOOK_S)

    def _is_busy(self) -> bool:
        text = "\n".join(self._till.screen)
        return not text.strip() or any(each in text for each in self._busy)


def _profile(emulator: RunningEmulator, language: Language, sections: Sections) -> str:
    cashier = {"cashier": {"language": language, "idle_s": 600}}
    return template.for_platform(emulator, {**cashier, **sections})


def _watch(language: Language, folder: Path, play: Play) -> Seen:
    seen = Seen()
    profile = folder / "profile.toml"
    with running_emulator(magic=True) as emulator:
        profile.write_text(_profile(emulator, language, play.sections), "utf-8")
        with HandheldClient(profile, folder / "flash.img", (), seen.take) as till:
            stage = Stage(emulator, till, language)
            till.wait_screen(words.text(play.begins, language))
            stage.settle()
            for line in play.lines:
                emulator.clear()
                stage.play(line)
            seen.end()
            seen.slips = [slip.escpos for slip in till.slips]
    return seen


def watch(folder: Path) -> dict[Language, Seen]:
    """All that the plays bring about. HandheldError, RuntimeError where one cannot go on.

    A device waits most of its time, so several play at once.
    """
    parts: dict[Language, list[Future[Seen]]] = {each: [] for each in LANGUAGES}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number, play in enumerate(plays.PLAYS):
            for language in LANGUAGES:
                home = folder / f"{language}-{number}"
                home.mkdir()
                parts[language].append(pool.submit(_watch, language, home, play))
    return {language: _joined(each) for language, each in parts.items()}


def _joined(parts: Iterable[Future[Seen]]) -> Seen:
    """What came at several devices, in the order of their plays."""
    seen = Seen()
    for part in parts:
        seen.screens += part.result().screens
        seen.slips += part.result().slips
    return seen
