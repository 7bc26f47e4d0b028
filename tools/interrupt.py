"""Ctrl-C while a program's imports run, or after its end: one line, and the usual exit status.

Nothing has been started then that would have to be put right. In between, `program.run` lets
Ctrl-C raise KeyboardInterrupt.
"""

# Until the handler is set Ctrl-C is a traceback. `signal` would first import `enum`, for a
# tenth of an interpreter's start; what it wraps is built in.
import _signal as signal  # type: ignore[import-not-found]
import os
import sys

STATUS: int = 128 + signal.SIGINT


def _module() -> str:
    """The module that Python was started with."""
    names = [word.removeprefix("-m") for word in sys.orig_argv]
    return next((name for name in names if name.startswith("tools.")), "tools")


def _stop(_number: int, _frame: object) -> None:
    os.write(2, f"{_module()}: stopped by Ctrl-C\n".encode())
    os._exit(STATUS)


def stop_at_once() -> None:
    """From here on Ctrl-C ends the program, unless whoever started it has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)


def raise_again() -> None:
    """From here on Ctrl-C raises KeyboardInterrupt."""
    if signal.getsignal(signal.SIGINT) is _stop:
        signal.signal(signal.SIGINT, signal.default_int_handler)
