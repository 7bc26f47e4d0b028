"""The virtual board: a chip's process, its console on a pseudo-terminal, its resets.

Every reset is a new process, so nothing but the flash survives one. A pulled cable is the
end of the program: the board lives on the cable's power.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import os
import pty
import select
import signal
import subprocess
import time
import tty
from collections.abc import Iterable, Mapping
from pathlib import Path

from tools.virtual_board.raw_repl import Action, Repl

CHIP = Path(__file__).with_name("chip.py")
_PIECE = 4096
_HEAD = 5
_KEPT_BYTES = 1 << 16  # what a console that nobody reads holds
_SIGNAL_S = 0.5  # a program that has not noticed one interrupt would be ended by the next


class Board:
    """One board. `port` is the name under which programs open its cable."""

    def __init__(self, command: list[str], config: Mapping[str, object]) -> None:
        self._command = command
        self._config = config
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.port = os.ttyname(self._slave)
        self.received_bytes = 0
        self._repl = Repl(b'MicroPython on a virtual board\r\nType "help()"\r\n')
        self._to_cable = b""
        self._answer = b""
        self._fresh = True
        self._bites_s = math.inf
        self._signal_s = -math.inf
        self._start("power", run_main=True)

    def _start(self, cause: str, run_main: bool) -> None:
        """Power, or a reset: a new process on the same flash."""
        code_end, self._codes = _pipe()
        self._answers, answer_end = _pipe()
        settings = {
            **self._config,
            "code_fd": code_end,
            "answer_fd": answer_end,
            "run_main": run_main,
            "reset_cause": cause,
        }
        self._process = subprocess.Popen(
            [*self._command, str(CHIP), json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            pass_fds=(code_end, answer_end),
            env={**os.environ, "MICROPYPATH": ""},
        )
        os.close(code_end)
        os.close(answer_end)
        for stream in (self._process.stdout, self._process.stdin):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
        self._fresh, self._is_up = True, False
        self._signal_s = -math.inf
        self._answer = b""

    def _stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdout, self._process.stdin):
            if stream is not None:
                stream.close()
        os.close(self._codes)
        os.close(self._answers)

    def close(self) -> None:
        """Pulls the cable: the chip is dead, and whoever has the port open is told."""
        self._stop()
        os.close(self._slave)
        os.close(self._master)

    def step(self) -> None:
        """Waits for something to happen and does what follows from it."""
        left_s = self._bites_s - time.monotonic()
        if left_s <= 0:
            self._reset("watchdog")
            return
        output = self._output()
        writers = [self._master] if self._to_cable else []
        ready, _, _ = select.select(
            [self._master, output, self._answers],
            writers,
            [],
            None if left_s == math.inf else left_s,
        )
        if writers:
            self._flush()
        if output in ready and not self._relay_output():
            self._reset("power")  # the chip died: power it again
            return
        if self._answers in ready:
            self._take_answers()
        if self._master in ready:
            self._take_input()

    def _output(self) -> int:
        if self._process.stdout is None:
            raise RuntimeError("the chip has no output")
        return self._process.stdout.fileno()

    def _say(self, raw: bytes) -> None:
        self._to_cable = (self._to_cable + raw)[-_KEPT_BYTES:]
        self._flush()

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._to_cable:
                self._to_cable = self._to_cable[os.write(self._master, self._to_cable) :]

    def _relay_output(self) -> bool:
        """What the chip printed; False when it has ended."""
        with contextlib.suppress(BlockingIOError):
            while raw := os.read(self._output(), _PIECE):
                self._say(raw.replace(b"\n", b"\r\n"))
            return False
        return True

    def _take_answers(self) -> None:
        self._answer += os.read(self._answers, _PIECE)
        while len(self._answer) >= _HEAD:
            end = _HEAD + int.from_bytes(self._answer[1:_HEAD], "big")
            if len(self._answer) < end:
                return
            kind, raw = self._answer[:1], self._answer[_HEAD:end]
            self._answer = self._answer[end:]
            self._take_answer(kind, raw)

    def _take_answer(self, kind: bytes, raw: bytes) -> None:
        if kind == b"R":
            self._reset("program")
        elif kind == b"U":
            self._is_up = True
            if self._repl.is_interrupted:
                self._interrupt()
        elif kind == b"W":
            self._bites_s = time.monotonic() + int.from_bytes(raw, "big") / 1000
        else:
            self._relay_output()
            fresh, self._fresh = self._fresh, False
            self._signal_s = -math.inf
            self._do(self._repl.done(raw.replace(b"\n", b"\r\n"), fresh))

    def _take_input(self) -> None:
        try:
            raw = os.read(self._master, _PIECE)
        except BlockingIOError:
            return
        self.received_bytes += len(raw)
        self._do(self._repl.feed(raw))

    def _reset(self, cause: str) -> None:
        """A hard one: the watchdog sleeps again, and `main.py` runs."""
        self._stop()
        self._repl = Repl(self._repl.banner)
        self._bites_s = math.inf
        self._start(cause, run_main=True)

    def _interrupt(self) -> None:
        now_s = time.monotonic()
        if self._is_up and now_s > self._signal_s + _SIGNAL_S:  # before that, it would kill
            self._signal_s = now_s
            self._process.send_signal(signal.SIGINT)

    def _do(self, actions: Iterable[Action]) -> None:
        for kind, raw in actions:
            if kind == "say":
                self._say(raw)
            elif kind == "interrupt":
                self._interrupt()
            elif kind == "soft_reset":
                self._stop()
                self._start("program", run_main=not self._repl.is_raw)
            elif kind == "input" and self._process.stdin is not None:
                with contextlib.suppress(BlockingIOError, BrokenPipeError):
                    self._process.stdin.write(raw)
            elif kind in ("raw", "friendly"):
                letter = b"X" if kind == "raw" else b"F"
                _write_all(self._codes, letter + len(raw).to_bytes(4, "big") + raw)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends no other child inherits by accident."""
    ends = os.pipe()
    for end in ends:
        fcntl.fcntl(end, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    return ends


def _write_all(target: int, raw: bytes) -> None:
    while raw:
        raw = raw[os.write(target, raw) :]
