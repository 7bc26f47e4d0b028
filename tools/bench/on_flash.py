"""What something costs on flash: a script that counts, on MicroPython's real littlefs2."""

from __future__ import annotations

import ast
import os
import subprocess
from pathlib import Path

from tools import micropython
from tools.folders import ROOT


def figures(script: Path, *words: object) -> dict[str, float]:
    """What the script prints last when it gets these words, {figure's name: value}.

    Raises MissingError without MicroPython, and RuntimeError when the script fails.
    """
    done = subprocess.run(
        [*micropython.command(), "-X", "heapsize=8M", str(script), *map(str, words)],
        env={**os.environ, "MICROPYPATH": f"{ROOT / 'firmware'}:{ROOT}:.frozen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the measuring script failed:\n{done.stdout}{done.stderr}")
    found: dict[str, float] = ast.literal_eval(done.stdout.splitlines()[-1])
    return found
