"""Renews the lock files of Python packages: `python -m tools.requirements`, or `make lock`.

pyproject.toml lists what the desktop needs, a `.in` file here what each other part needs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tools import program
from tools.folders import REQUIREMENTS, ROOT

_PARTS = ("unix-stubs", "board-stubs", "mutants")
_COMPILE = [
    *("--quiet", "--upgrade", "--allow-unsafe", "--generate-hashes", "--strip-extras"),
    *("--no-emit-find-links", "--no-emit-index-url", "--no-emit-trusted-host"),
    "--no-emit-options",
]
_REPORT = ["--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--report", "-"]
_ALONE_HEAD = """\
# Exact versions and hashes of {listed}, installed with --no-deps: what they name besides
# (Blinka, which needs pins) is not imported. `make lock` renews it.
"""


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _compile(lock: str, *source: str) -> None:
    """Pins what `source` lists, and all that those packages need."""
    command = [sys.executable, "-m", "piptools", "compile", *_COMPILE]
    target = _relative(REQUIREMENTS / f"{lock}.lock")
    subprocess.run([*command, "-o", target, *source], cwd=ROOT, check=True)


def _pin_alone(part: str) -> None:
    """Pins what a part lists and nothing that those packages need."""
    listed = REQUIREMENTS / f"{part}.in"
    command = [sys.executable, "-m", "pip", "install", *_REPORT, "-r", str(listed)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    lines = [
        f"{package['metadata']['name']}=={package['metadata']['version']} \\\n"
        f"    --hash=sha256:{package['download_info']['archive_info']['hashes']['sha256']}\n"
        for package in json.loads(done.stdout)["install"]
    ]
    text = _ALONE_HEAD.format(listed=_relative(listed)) + "".join(lines)
    listed.with_suffix(".lock").write_text(text, "utf-8")


def main() -> int:
    """Renews every lock; 1 where an index cannot give what is listed."""
    program.Parser(prog="tools.requirements", description=main.__doc__).parse_args()
    try:
        _compile("desktop", "--all-extras", "pyproject.toml")
        for part in _PARTS:
            _compile(part, _relative(REQUIREMENTS / f"{part}.in"))
        _pin_alone("circuitpython")
    except subprocess.CalledProcessError as fault:
        program.complain("tools.requirements", f"pip ended with {fault.returncode}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(program.run("tools.requirements", main))
