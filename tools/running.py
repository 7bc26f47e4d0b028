"""A program of this folder as a test wants it: started, its first line read, stopped by `with`."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tools.folders import ROOT

_START_S = 60.0  # on a busy machine
_STOP_S = 20.0

Process = subprocess.Popen[bytes]


@contextmanager
def running(module: str, **options: object) -> Iterator[tuple[Process, Any]]:
    """Yields the process of `python -m module`, and the JSON of the first line that it prints.

    Every option of the program is a keyword, with underscores; True stands for a bare one.
    Raises RuntimeError with what the program said when it does not start.
    """
    words = [_option(name, value) for name, value in options.items()]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            line = _first_line(process)
            if not line:
                said.seek(0)
                name = module.rpartition(".")[2]
                raise RuntimeError(f"no {name}: {said.read().decode().strip()}")
            yield process, json.loads(line)
        finally:
            _stop(process)


def _option(name: str, value: object) -> str:
    option = f"--{name.replace('_', '-')}"
    return option if value is True else f"{option}={value}"


def _first_line(process: Process) -> bytes:
    """The first line of output; empty when the program ended or took too long."""
    stream = process.stdout
    if stream is None:
        return b""
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=lambda: lines.put(stream.readline()), daemon=True).start()
    try:
        return lines.get(timeout=_START_S)
    except queue.Empty:
        return b""


def _stop(process: Process) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
