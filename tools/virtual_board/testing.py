"""The virtual board as a test wants it: the real program, plugged in and pulled out by `with`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_STOP_S = 5.0


@contextmanager
def plugged_in(flash: Path, **options: object) -> Iterator[str]:
    """Yields the port of a board with this flash; the program's options are keywords."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.virtual_board", f"--flash={flash}", *words],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise RuntimeError("the virtual board did not start")
        yield str(json.loads(line)["port"])
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
