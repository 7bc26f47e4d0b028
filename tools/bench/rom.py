"""Starts the bench's scripts on a board's ROM image: the one that `make rom` makes."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tools import build, micropython, rom
from tools.folders import ROOT

_SCRIPTS = Path(__file__).parent / "on_micropython"
_START = _SCRIPTS / "rom.py"


@cache
def images() -> tuple[Path, Path]:
    """The board's image, and a second one with the bench's scripts and what starts the app."""
    target = build.BUILD / "bench.romfs"
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="milepad-bench-") as name:
        scripts = [*_SCRIPTS.glob("bench_*.py"), ROOT / "firmware" / "main.py"]
        for script in scripts:
            compiled = Path(name) / f"{script.stem}.mpy"
            build.compile_file(script, compiled, script.name)
        beside = target.with_name(f"{target.name}.{os.getpid()}.new")
        beside.write_bytes(rom.from_folder(Path(name)))
    os.replace(beside, target)
    return rom.image("simulator"), target


def start(module: str) -> list[str]:
    """The words of a command that start a module of the images; its arguments follow."""
    return [str(_START), *map(str, images()), module]


def loaded(path: Path) -> dict[str, str]:
    """Added to a start's environment: it writes there what was loaded when the most was."""
    return {"MILEPAD_MODULES": str(path)}


def heap_of_imports(names: list[str]) -> tuple[int, int]:
    """Bytes of heap: what is there before, and what these modules add to it.

    Before: the interpreter's own and the ROM file systems. The modules add functions,
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
