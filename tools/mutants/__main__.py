"""Mutation testing: `make mutants` changes the firmware a little and sees whether a test notices.

A copy of the tree is mutated, one place after the other, by Cosmic Ray; each room is held
against its own tests. A mutation that survives is a test that is missing, or code that does
nothing. The whole run takes hours, so a seeded sample of each module is the default.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from tools import program, shell
from tools.folders import ROOT
from tools.mutants.rooms import TESTS


def _copy(target: Path) -> None:
    """The files under version control, as they are now, and the tools that were set up."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name in (".venv", ".tools"):
        (target / name).symlink_to(ROOT / name)


def _main(
    *,
    module: Annotated[
        str, Parameter(help="part of a path, such as ledger/; default: all of them")
    ] = "",
    most: Annotated[int, Parameter(help="mutations a module; 0: all of them")] = 12,
    seed: Annotated[int, Parameter(help="of the sample, as a run printed it")] = 0,
) -> int:
    """Mutate the rooms that money depends on and print how many mutations a test killed."""
    modules = [name for name in TESTS if module in name]
    if not modules:
        return _none_of(module)
    # Cosmic Ray is not in .venv; this program's help and its complaints do without it.
    from tools.mutants.session import mutate

    seed = seed or random.randrange(1, 1_000_000)
    console = Console()
    console.print(f"seed {seed}; {'all' if not most else f'at most {most}'} a module")
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="milepad-mutants-") as folder:
        _copy(Path(folder))
        os.chdir(folder)
        for name in modules:
            outcomes, survivors = mutate(name, most, seed)
            total += outcomes
            tried = sum(outcomes.values())
            console.print(f"{name}: {outcomes['killed']} of {tried} killed")
            for place in survivors:
                console.print(f"  survived: {place}", highlight=False)
        os.chdir(ROOT)
    console.print(f"total: {total['killed']} of {sum(total.values())} killed")
    return 0


def _none_of(module: str) -> int:
    print(
        f"tools.mutants: no module of the list has {module!r} in its path", file=sys.stderr
    )
    return 2


def main() -> int:
    """The command line."""
    return shell.run("tools.mutants", _main)


if __name__ == "__main__":
    sys.exit(program.run("mutants", main))
