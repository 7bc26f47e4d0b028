"""A real MicroPython beside the tests: the same calls, which must agree with CPython."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from host_tests.boards.circuitpython import names
from tools import micropython

ROOT = Path(__file__).resolve().parents[2]
EVALUATOR = ROOT / "host_tests/kit/on_micropython/evaluator.py"
RESTRICTED = "host_tests.boards.circuitpython.on_micropython.restricted"


class PeerError(Exception):
    """MicroPython raised; `name` is the class of what it raised."""

    def __init__(self, name: str, text: str):
        super().__init__(f"{name}: {text}")
        self.name = name


class Peer:
    """One MicroPython process that stays up and evaluates calls.

    `firmware` is where `milepad` is; `asked` gets what a call `ask`s while it runs.
    """

    def __init__(
        self,
        firmware: Path = ROOT / "firmware",
        heap: str = "8M",
        asked: Callable[[Any], object] | None = None,
    ) -> None:
        self._asked = asked
        self._process = subprocess.Popen(
            [*micropython.command(), "-X", f"heapsize={heap}", str(EVALUATOR)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "MICROPYPATH": f"{firmware}:{ROOT}:.frozen"},
            text=True,
            encoding="utf-8",
        )

    def call(self, module: str, function: str, *args: object) -> Any:
        """What `module.function(*args)` returns on MicroPython; PeerError if it raises."""
        self._tell((module, function, args))
        kind, *rest = self._answer()
        while kind == "ask" and self._asked:
            self._asked(*rest)
            self._tell("seen to")
            kind, *rest = self._answer()
        if kind == "error":
            raise PeerError(*rest)
        return rest[0]

    def _tell(self, message: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(ascii(message) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> Any:
        """The next answer. MicroPython may print before it, for example the files that its
        collector could not close."""
        assert self._process.stdout
        printed = []
        for line in self._process.stdout:
            if line.startswith("("):
                return ast.literal_eval(line)
            printed.append(line)
        raise RuntimeError("MicroPython died: " + "".join(printed))

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


class CircuitPythonPeer(Peer):
    """MicroPython, cut down before it loads anything of the firmware."""

    def __init__(self) -> None:
        super().__init__()
        lists = {name: sorted(names.names(name)) for name in names.RESTRICTED}
        libraries = str(names.LIBRARIES)
        now_s = int(time.time())
        self.call(
            RESTRICTED, "become_circuitpython", lists, names.importable(), libraries, now_s
        )


def agree(peer: Peer, module: str, function: str, *args: object) -> object:
    """Calls on both Pythons; asserts the same value, or an error of the same class.

    Returns the value, or raises what CPython raised.
    """
    try:
        expected = getattr(importlib.import_module(module), function)(*args)
    except Exception as fault:
        try:
            value = peer.call(module, function, *args)
        except PeerError as theirs:
            assert theirs.name == type(fault).__name__
        else:
            raise AssertionError(f"MicroPython returned {value!r}") from fault
        raise
    assert peer.call(module, function, *args) == expected
    return expected
