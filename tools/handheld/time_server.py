"""The time server of the desk: there, absent, late, or with a time of its own.

A board asks it through the virtual network; it tells the board's side what it answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tools.handheld import frames

LATE_S = 10.0  # after that a server that was "late" answers


class TimeServer:
    """`send` takes a frame for the firmware's process."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._answer: object = True
        self._ahead_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def set(self, answer: object) -> None:
        """What it does: True, "absent", "late", or {"unix_s": N} and on from there."""
        self._answer = answer
        if isinstance(answer, dict):
            self._ahead_s = answer["unix_s"] - time.time()
        self._tell()

    def power_up(self) -> None:
        """The board starts: nobody is there to be told anything before it is ready."""
        self._stop()

    def board_ready(self) -> None:
        """After each power-up. A board knows the usual server by itself."""
        if self._answer is not True:
            self._tell()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tell(self) -> None:
        self._stop()
        if isinstance(self._answer, dict):
            now_s = max(0, int(time.time() + self._ahead_s))
            raw = b"=" + now_s.to_bytes(8, "big")
        else:
            raw = b"1" if self._answer is True else b"0"
        self._send(frames.pack(frames.NTP, raw))
        if self._answer == "late":
            loop = asyncio.get_running_loop()
            on_time = frames.pack(frames.NTP, b"1")
            self._timer = loop.call_later(LATE_S, self._send, on_time)
