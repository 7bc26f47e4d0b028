"""A device on a serial port, through mpremote's own transport: one connection for a whole run.

Files go and come by mpremote's functions. What else a device is asked is a function of
`on_device`, sent as text. Nothing that is sent stands in an argument list, and no text of an
error holds any of it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import struct
import termios
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mpremote import transport_serial
from mpremote.transport import TransportError, TransportExecError

from tools.device.errors import DeviceError, LineError, one_line

_ON_DEVICE = Path(__file__).with_name("on_device")
_MARK = "MILEPAD "  # before an answer: what else a console says is passed over
_SILENCE_S = 5  # the longest pause of what has not shown a prompt yet
_PAUSE_S = 20  # of what has: it may be busy, or the machine between
_PROMPT_TRIES = 3  # one Ctrl-C may come while the board starts, when nothing takes it
_PROMPT_S = 3
_ANSWER_S = 30
_FILE_S = 180
_CHUNK_BYTES = 768
_SUM = re.compile("[0-9a-f]{64}")
_FULL = f"OSError: [Errno {errno.ENOSPC}]"
_IS_FULL = "the board's flash is full: remove files that are not Milepad's"
_BROKE_OFF = "the connection broke off: plug the cable in and run the same command again"
_NO_ANSWER = (
    "no answer from a MicroPython prompt: press the board's reset button and try again, or "
    "put MicroPython on it first (its README.md)"
)
_NONSENSE = "the device answered something else than was asked: reset it and try again"

Stopped = Callable[[], bool]


def never() -> bool:
    """Nobody stops it."""
    return False


# mpremote prints what it did not understand: that would not be one clear line.
transport_serial.print = lambda *_: None


class _BrokeOffError(Exception):
    """The line itself failed: no OSError, which tells of a file of the device's."""


class Identity(NamedTuple):
    """What runs on a board: `mpy` is the version of .mpy that it loads, 0 for none.

    `serial_number` is the chip's own, in hex; "" when it tells none.
    """

    python: str
    version: str
    mpy: int
    platform: str
    serial_number: str


class Port:
    """A device whose Python prompt is ours. Every method raises DeviceError.

    A path is a device's, without its leading "/".
    """

    def __init__(self, name: str, transport: Any, is_stopped: Stopped = never) -> None:
        """Stops what runs there. While `is_stopped` says so, only `restart` does anything."""
        self.name = name
        self._transport = transport
        self._is_stopped = is_stopped
        self._deadline_s = 0.0
        self._folders = {""}  # these are there
        try:
            with self._asking(_PROMPT_TRIES * _PROMPT_S * 2):
                self._bound(transport.serial)
                self._enter()
                transport.serial.timeout = _PAUSE_S
        except DeviceError:
            if is_stopped():
                self.restart()  # its program may have been interrupted already
            self.close()
            raise

    def _bound(self, line: Any) -> None:
        """mpremote reads on for as long as something comes, and some devices never stop."""
        line.timeout = _SILENCE_S
        for name in ("read", "write", "inWaiting"):
            setattr(line, name, self._bounded(getattr(line, name)))

    def _bounded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any) -> Any:
            if self._is_stopped() or time.monotonic() > self._deadline_s:
                raise TransportError
            try:
                return method(*words)
            except (OSError, termios.error):
                raise _BrokeOffError from None

        return call

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
    def _asking(self, timeout_s: float) -> Iterator[None]:
        """Within, the device has so long to answer; what goes wrong becomes a DeviceError."""
        self._deadline_s = time.monotonic() + timeout_s
        try:
            yield
        except TransportExecError as fault:
            text = one_line(fault.error_output) or "a script failed on the board"
            is_full = text.startswith(_FULL) or text.endswith("ENOSPC")
            raise self._error(_IS_FULL if is_full else f"the board says {text}") from None
        except (_BrokeOffError, termios.error):
            raise LineError(f"{self.name}: {_BROKE_OFF}") from None
        except (TransportError, IndexError, struct.error):  # silence within a frame
            raise self._error(_NO_ANSWER) from None
        except OSError as fault:  # by mpremote, of what a file operation raised there
            says = f"the board says of {fault.strerror}: {os.strerror(fault.errno or 0)}"
            raise self._error(_IS_FULL if fault.errno == errno.ENOSPC else says) from None
        except (ValueError, TypeError, SyntaxError, RecursionError):  # by its parsers
            raise self._error(_NONSENSE) from None

    def _error(self, text: str) -> DeviceError:
        return DeviceError(f"{self.name}: {text}")

    def run(self, script: str, timeout_s: float = _ANSWER_S) -> str:
        """Runs a script in the board's one namespace; what it printed."""
        with self._asking(timeout_s):
            raw, problem = self._transport.exec_raw(script, timeout=timeout_s)
            if problem:
                raise TransportExecError(raw, problem.decode("utf-8", "replace"))
        return str(raw.decode("utf-8", "replace"))

    def call(self, name: str, *words: object, timeout_s: float = _ANSWER_S) -> Any:
        """What the function `name` of on_device/`name`.py answers there, by way of JSON."""
        source = (_ON_DEVICE / f"{name}.py").read_text("utf-8")
        ask = f"import json\n_answer = json.dumps({name}{words!r})\nprint()"
        printed = self.run(f"{source}\n{ask}\nprint({_MARK!r} + _answer)", timeout_s)
        with self._asking(timeout_s):
            for line in printed.splitlines():
                if line.startswith(_MARK):
                    return json.loads(line.removeprefix(_MARK))
            raise ValueError

    def identity(self) -> Identity:
        """What runs there."""
        answer = self.call("identity")
        with self._asking(_ANSWER_S):
            python, version, mpy, platform, serial_number = map(one_line, map(str, answer))
            return Identity(python, version, int(mpy), platform, serial_number)

    def version(self) -> str:
        """The version of the firmware that is on it, "" for none."""
        return one_line(str(self.call("version")))

    def has_folder(self, path: str) -> bool:
        """Whether there is such a folder."""
        with self._asking(_ANSWER_S):
            return bool(self._transport.fs_isdir("/" + path))

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        with self._asking(_FILE_S):
            return bytes(self._transport.fs_readfile("/" + path, _CHUNK_BYTES))

    def sums(self, paths: Iterable[str]) -> dict[str, str]:
        """{path: SHA-256 in hex} of these files, and of every file below these folders.

        Computed by the board, of what its flash gives back.
        """
        answer = self.call("sums", ["/" + path for path in paths], timeout_s=_FILE_S)
        with self._asking(_ANSWER_S):
            found = {path.removeprefix("/"): value for path, value in dict(answer).items()}
            if not all(_SUM.fullmatch(value) for value in found.values()):
                raise ValueError
            return found

    def write(self, path: str, raw: bytes) -> None:
        """Replaces one file, under another name first: a reader sees the old or the new."""
        with self._asking(_FILE_S):
            self._make_folder(path.rpartition("/")[0])
            self._transport.fs_writefile(f"/{path}.new", raw, _CHUNK_BYTES)
        self.rename(f"{path}.new", path)

    def _make_folder(self, path: str) -> None:
        if path in self._folders:
            return
        self._make_folder(path.rpartition("/")[0])
        with contextlib.suppress(FileExistsError):
            self._transport.fs_mkdir("/" + path)
        self._folders.add(path)

    def rename(self, path: str, new_path: str) -> None:
        """Moves a file; what stood under the new name goes."""
        self.call("rename", "/" + path, "/" + new_path)

    def remove(self, path: str) -> None:
        """Removes a file, and the folders that are empty then."""
        with self._asking(_ANSWER_S):
            self._transport.fs_rmfile("/" + path)
            while path := path.rpartition("/")[0]:
                try:
                    self._transport.fs_rmdir("/" + path)
                except (OSError, TransportExecError):  # something else is in it
                    return
                self._folders.discard(path)

    def restart(self) -> bool:
        """Lets the board start what is on it, as the last thing; False: it takes a hand."""
        source = (_ON_DEVICE / "restart.py").read_text("utf-8")
        self._is_stopped = never
        with contextlib.suppress(DeviceError), self._asking(_ANSWER_S):
            # What was asked last may have been left in its middle.
            self._transport.enter_raw_repl(soft_reset=False, timeout_overall=_PROMPT_S)
            self._transport.exec_raw_no_follow(f"{source}\nrestart()")
            return True
        return False
