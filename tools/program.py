"""How the programs here begin and end: standard streams, signals, exit status.

A standard descriptor that was closed would be given to the next file that is opened, which
would then hold what was meant for the terminal. So each of 0 to 2 is open before anything
else is. It does not say what a program does; `run` calls that.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

from tools import interrupt

_FAILED = 1
_SIGNALLED = 128  # and the signal's number, as shells have it


STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class OutputError(Exception):
    """Standard output takes nothing any more; one line says why."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(f"the output cannot be written: {fault.strerror}")


class Stopped(BaseException):
    """A signal ends the program; on its way out it puts the terminal right."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Parser(argparse.ArgumentParser):
    """For the set-up, which runs before anything is installed; others have `shell`.

    A complaint is one line instead of the whole usage.
    """

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def run(name: str, main: Callable[[], int]) -> int:
    """Runs a program under `name`; its exit status. Nothing is left to be written."""
    open_streams()
    try:
        interrupt.raise_again()
        code = main()
    except SystemExit as end:  # --help, or bad arguments
        code = end.code if isinstance(end.code, int) else 0
    except OutputError as fault:
        code = _FAILED
        complain(name, fault)
    except KeyboardInterrupt:
        code = _interrupted(name, signal.SIGINT)
    except Stopped as stop:
        code = _interrupted(name, stop.number)
    interrupt.stop_at_once()
    return _flushed(name, code)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


@contextlib.contextmanager
def stopping_signals() -> Iterator[None]:
    """Inside, a signal that asks for the end raises Stopped, so that all is put right."""
    before = {number: signal.signal(number, _stop) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def complain(name: str, fault: object) -> None:
    """One line on standard error, if it takes one."""
    with contextlib.suppress(OSError):
        print(f"{name}: {fault}", file=sys.stderr, flush=True)


def say(text: str) -> None:
    """A line on standard output, at once. OutputError when it cannot be written."""
    try:
        print(text, flush=True)
    except OSError as fault:
        discard_output()
        raise OutputError(fault) from fault


def discard_output() -> None:
    """What is still to be written to standard output goes nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


def open_streams() -> None:
    """Opens the standard descriptors that are closed; what is printed is UTF-8.

    A closed input is at its end, a closed error takes everything. A closed output stays
    one that cannot be written: whoever closed it is told so.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:  # the lowest free descriptor is the one that is given
            os.set_inheritable(os.open(os.devnull, flags), True)
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _interrupted(name: str, number: int) -> int:
    if number == signal.SIGINT:
        complain(name, "stopped by Ctrl-C")
    return _SIGNALLED + number


def _flushed(name: str, code: int) -> int:
    """The exit status, once all that was printed is out."""
    try:
        sys.stdout.flush()
    except OSError as fault:
        discard_output()
        complain(name, OutputError(fault))
        code = code or _FAILED
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    return code
