"""A board on a serial port, through mpremote's own transport: one connection for a whole run.

Nothing that is sent stands in an argument list, and no text of an error holds any of it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import termios
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

from tools.deploy import scripts
from tools.deploy.errors import DeployError, one_line

_SILENCE_S = 5  # the longest pause within an answer of the REPL itself
_PROMPT_TRIES = 3  # one Ctrl-C may come while the board starts, when nothing takes it
_PROMPT_S = 3
_PIECE_BYTES = 768
_FULL = f"OSError: [Errno {errno.ENOSPC}]"


class Who(NamedTuple):
    """What runs on a board: `mpy` is the version of .mpy that it loads, 0 for none."""

    python: str
    version: str
    mpy: int
    platform: str


class Port:
    """A `Target`, and what else can be asked of a board that has a Python prompt."""

    def __init__(self, name: str) -> None:
        """Stops what runs there."""
        self.name = name
        self._transport = self._opened()
        try:
            self._prepare()
        except DeployError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opened(self) -> SerialTransport:
        try:
            return SerialTransport(self.name, timeout=_SILENCE_S)
        except (TransportError, OSError, termios.error):
            raise DeployError(f"{self.name}: {_why_not(self.name)}") from None

    def _prepare(self) -> None:
        with self._clear_errors():
            self._enter()
        self.run(scripts.TOOLS)

    def _enter(self) -> None:
        """Stops what runs, however often that takes. Raises TransportError."""
        for _ in range(_PROMPT_TRIES - 1):
            with contextlib.suppress(TransportError):
                self._transport.enter_raw_repl(timeout_overall=_PROMPT_S)
                return
        self._transport.enter_raw_repl(timeout_overall=_PROMPT_S)

    def close(self) -> None:
        """Gives the port back."""
        with contextlib.suppress(OSError, termios.error):
            self._transport.close()

    @contextlib.contextmanager
    def _clear_errors(self) -> Iterator[None]:
        """mpremote prints what it did not understand: that would not be one clear line."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                yield
        except TransportExecError as fault:
            raise DeployError(f"{self.name}: {_device_fault(fault)}") from None
        except TransportError:
            raise DeployError(
                f"{self.name}: no answer from a MicroPython prompt: press the board's reset "
                "button and try again, or put MicroPython on it first (its README.md)"
            ) from None
        except (serial.SerialException, OSError, termios.error, IndexError):
            raise DeployError(
                f"{self.name}: the connection broke off: plug the cable in and run the same "
                "command again; it goes on where it stopped"
            ) from None

    def run(self, script: str, timeout_s: float = 30) -> list[str]:
        """Runs a script in the board's one namespace; its lines that stand behind the mark."""
        with self._clear_errors():
            raw, problem = self._transport.exec_raw(script, timeout=timeout_s)
            if problem:
                raise TransportExecError(raw, problem.decode("utf-8", "replace"))
        lines = raw.decode("utf-8", "replace").splitlines()
        return [
            line.removeprefix(scripts.MARK)
            for line in lines
            if line.startswith(scripts.MARK)
        ]

    def who(self) -> Who:
        """What runs there."""
        for line in self.run(scripts.WHO):
            words = line.split()
            if len(words) == 4 and words[2].isdecimal():
                return Who(words[0], words[1], int(words[2]), words[3])
        raise DeployError(f"{self.name}: the board does not say what runs on it")

    def sums(self, paths: Iterable[str]) -> dict[str, str]:
        """As `Target` has it; computed by the board, from what its flash gives back."""
        found = {}
        for path in paths:
            for line in self.run(f"_sums({'/' + path!r})", timeout_s=120):
                value, _, name = line.partition(" ")
                found[name.lstrip("/")] = value
        return found

    def write(self, path: str, raw: bytes) -> None:
        """As `Target` has it: under another name first, then renamed."""
        target = repr("/" + path)
        self.run(f"_begin({target})")
        for at in range(0, len(raw), _PIECE_BYTES):
            text = b64encode(raw[at : at + _PIECE_BYTES]).decode("ascii")
            self.run(f"_=_file.write(_bytes('{text}'))")
        self.run(f"_end({target})")

    def rename(self, path: str, new_path: str) -> None:
        """As `Target` has it."""
        self.run(f"os.rename({'/' + path!r}, {'/' + new_path!r})")

    def remove(self, path: str) -> None:
        """As `Target` has it."""
        self.run(f"_remove({'/' + path!r})")

    def restart(self) -> None:
        """As `Target` has it; the port may go away with that."""
        with contextlib.suppress(DeployError), self._clear_errors():
            self._transport.exec_raw_no_follow(scripts.RESTART)


def _why_not(name: str) -> str:
    if os.name == "posix" and not Path(name).exists():
        return (
            "there is no such port; `.venv/bin/mpremote connect list` shows what is there"
        )
    if os.name == "posix" and not os.access(name, os.R_OK | os.W_OK):
        return "this user may not open it; on Linux: sudo usermod -aG dialout $USER"
    return "it cannot be opened: close the other program that uses it"


def _device_fault(fault: TransportExecError) -> str:
    text = one_line(fault.error_output) or "a script failed on the board"
    if text.startswith(_FULL) or text.endswith("ENOSPC"):
        return "the board's flash is full: remove files that are not Milepad's"
    return f"the board says {text}"
