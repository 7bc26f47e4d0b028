"""The simulator's build and the bench's own scripts as one ROM file system."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from mpremote import romfs

from tools import build, micropython

_SCRIPTS = Path(__file__).parent / "on_micropython"
_START = _SCRIPTS / "rom.py"


@cache
def image() -> Path:
    """Makes it, once."""
    folder = build.build("simulator")
    target = folder.with_suffix(".romfs")
    with tempfile.TemporaryDirectory(prefix="milepad-bench-") as name:
        whole = Path(name) / "rom"
        # What another run is just making has not got its name yet.
        shutil.copytree(folder, whole, ignore=shutil.ignore_patterns("*.new"))
        for script in _SCRIPTS.glob("bench_*.py"):
            build.compile_file(script, whole / f"{script.stem}.mpy", script.name)
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a tree
            raw = romfs.make_romfs(str(whole), mpy_cross=None)
    beside = target.with_name(f"{target.name}.{os.getpid()}.new")
    beside.write_bytes(raw)
    os.replace(beside, target)
    return target


def start(module: str) -> list[str]:
    """The words of a command that start a module of the image; its arguments follow."""
    return [str(_START), str(image()), module]


def heap_of_imports(names: list[str]) -> tuple[int, int]:
    """Bytes of heap: what is there before, and what these modules add to it.

    Before: the interpreter's own and the ROM file system. The modules add functions,
    classes, their dicts, and names.
    """
    command = [*micropython.command(micropython.heap_arch()), "-X", "heapsize=2M"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(names, file)
        file.flush()
        done = subprocess.run(
            [*command, *start("bench_imports"), file.name],
            env={**os.environ, "MICROPYPATH": ".frozen"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    before, added = done.stdout.split()
    return int(before), int(added)
