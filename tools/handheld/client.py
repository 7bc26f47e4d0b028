"""Drives the headless handheld as any program would: a process, JSON lines in, JSON lines out.

Used by the demo and by system tests. Waiting looks at what has happened since the last
thing that was done, so that a screen that came and went is not missed.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

from tools.folders import ROOT
from tools.handheld.inputs import KEYS

DEFAULT_TIMEOUT_S = 60.0  # a busy machine takes long; what does not come is the fault


class HandheldError(Exception):
    """What was waited for did not come; the text holds what came instead."""


class SlipText(NamedTuple):
    """A finished print job."""

    lines: list[str]
    escpos: bytes

    @property
    def text(self) -> str:
        """All lines, joined."""
        return "\n".join(self.lines)


class HandheldClient:
    """One headless handheld in a process of its own; use it as a context manager.

    `options` are further command line words; `events` is everything that came, in order.
    """

    def __init__(
        self,
        profile: Path | None,
        flash: Path,
        options: Sequence[str] = (),
        on_event: Callable[[dict[str, Any]], None] | None = None,
    ):
        words = ["--headless", "--flash", str(flash), *options]
        if profile is not None:
            words += ["--profile", str(profile)]
        self.events: list[dict[str, Any]] = []
        self._on_event = on_event
        self._news = threading.Condition()
        self._ended = False
        self._mark = 0  # waiting begins at this event
        self._slip_mark = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.handheld", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,  # it ends with its input, not by a Ctrl-C
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        if self._process.stdout is None:
            raise RuntimeError("the handheld has no output")
        for line in self._process.stdout:
            event = json.loads(line)
            if self._on_event is not None:
                self._on_event(event)
            with self._news:
                self.events.append(event)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def send(self, event: dict[str, Any]) -> None:
        """Any event of the contract."""
        stdin = self._process.stdin
        if stdin is None:
            raise RuntimeError("the handheld has no input")
        with self._news:
            self._mark = self._current_screen()
        try:
            stdin.write(json.dumps(event).encode("ascii") + b"\n")
            stdin.flush()
        except BrokenPipeError:
            raise HandheldError(self._story("the handheld has ended")) from None

    def key(self, name: str) -> None:
        """One key by its name."""
        self.send({"key": name})

    def press(self, *keys: str) -> None:
        """Key names, or digits to press one by one: `press("4335", "ENTER")`."""
        for name in keys:
            if name in KEYS:
                self.key(name)
                continue
            for digit in name:
                self.key(digit)

    def scan(self, text: str) -> None:
        """A barcode."""
        self.send({"scan": text})

    def swipe(self, track1: str | None = None, track2: str | None = None) -> None:
        """A card; at least one track."""
        tracks = {"track1": track1, "track2": track2}
        self.send(
            {"swipe": {name: text for name, text in tracks.items() if text is not None}}
        )

    def wifi(self, up: bool) -> None:
        """The access point goes away or comes back."""
        self.send({"wifi": up})

    def paper(self, present: bool) -> None:
        """The printer runs out of paper or is refilled."""
        self.send({"paper": present})

    def cut(self) -> None:
        """Cuts the power, and waits until it is off."""
        self.send({"cut": True})
        self._wait(
            lambda event: event.get("power") == "off", "power off", DEFAULT_TIMEOUT_S
        )

    def power(self) -> None:
        """Gives the power back, and waits until it is on."""
        self.send({"power": True})
        self._wait(lambda event: event.get("power") == "on", "power on", DEFAULT_TIMEOUT_S)

    @property
    def screen(self) -> list[str]:
        """What the display shows now."""
        with self._news:
            at = self._current_screen()
            shown: list[str] = self.events[at]["screen"] if at < len(self.events) else []
            return shown

    @property
    def slips(self) -> list[SlipText]:
        """Every slip so far."""
        with self._news:
            return [_slip(event) for event in self.events if "slip" in event]

    @property
    def complaints(self) -> list[str]:
        """What the chips did not like."""
        with self._news:
            texts = [event["log"] for event in self.events if "log" in event]
        return [text for text in texts if text.startswith("complaint:")]

    def wait_screen(self, text: str, timeout_s: float = DEFAULT_TIMEOUT_S) -> list[str]:
        """The first screen that holds `text`, of the present one and those to come."""

        def holds(event: dict[str, Any]) -> bool:
            return "screen" in event and any(text in line for line in event["screen"])

        found: list[str] = self._wait(holds, f"a screen with {text!r}", timeout_s)["screen"]
        return found

    def wait_queue(self, count: int, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """So many earnings wait to be sent, now or later."""
        with self._news:
            told = [event["queue"]["count"] for event in self.events if "queue" in event]
        if (told[-1:] or [0]) != [count]:
            self._wait(
                lambda event: event.get("queue", {}).get("count") == count,
                f"a queue of {count}",
                timeout_s,
                moves=False,
            )

    def wait_sound(self, name: str, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """A sound since the last thing that was done."""
        self._wait(
            lambda event: event.get("sound") == name, f"the sound {name!r}", timeout_s
        )

    def wait_slip(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> SlipText:
        """The next slip that was not waited for yet."""
        event = self._wait(lambda event: "slip" in event, "a slip", timeout_s, slip=True)
        return _slip(event)

    def wait_till(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> dict[str, Any]:
        """Where a till reaches the pad: `mode`, and `port` or `path`."""
        event = self._wait(
            lambda event: "till" in event, "a till port", timeout_s, moves=False
        )
        found: dict[str, Any] = event["till"]
        return found

    def close(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> int:
        """Quits; returns the program's exit code."""
        if self._process.stdin is not None:
            try:
                self._process.stdin.write(b'{"quit": true}\n')
                self._process.stdin.close()
            except (OSError, ValueError):
                pass  # it has ended already, or was closed before
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join(timeout_s)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code

    def _current_screen(self) -> int:
        """The index of the newest screen; the number of events when there is none."""
        for at in range(len(self.events) - 1, -1, -1):
            if "screen" in self.events[at]:
                return at
        return len(self.events)

    def _wait(
        self,
        wanted: Callable[[dict[str, Any]], bool],
        name: str,
        timeout_s: float,
        slip: bool = False,
        moves: bool = True,
    ) -> dict[str, Any]:
        """`moves`: a screen that came before this event is not waited for any more."""
        deadline_s = time.monotonic() + timeout_s
        seen = self._slip_mark if slip else self._mark
        with self._news:
            while True:
                for at, event in enumerate(self.events[seen:], seen):
                    if wanted(event):
                        if slip:
                            self._slip_mark = at + 1
                        elif moves:
                            self._mark = at
                        return event
                if not wanted({"power": "on"}) and self._died(seen):
                    raise HandheldError(
                        self._story(f"{name} cannot come: the firmware is gone")
                    )
                seen = len(self.events)
                left_s = deadline_s - time.monotonic()
                if self._ended or left_s <= 0:
                    raise HandheldError(
                        self._story(f"{name} did not come within {timeout_s:g} s")
                    )
                self._news.wait(left_s)

    def _died(self, start: int) -> bool:
        new = self.events[start:]
        return any(event.get("log", "").startswith("the firmware stopped") for event in new)

    def _story(self, fault: str) -> str:
        """The fault, and the last things that happened before it."""
        end = " (the handheld has ended)" if self._ended else ""
        last = [json.dumps(event, ensure_ascii=False) for event in self.events[-12:]]
        return "\n  ".join([f"{fault}{end}; the last events were", *last])


def _slip(event: dict[str, Any]) -> SlipText:
    return SlipText(event["slip"]["lines"], base64.b64decode(event["slip"]["escpos"]))
