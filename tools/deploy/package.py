"""A release as a mip package: `python -m tools.deploy.package --board BOARD`.

    mpremote connect PORT mip install --target / build/package/BOARD/package.json

The folder can be put behind any web server as it is; addresses in it are relative.
"""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from pathlib import Path

from tools import program, shell
from tools.build import BUILD
from tools.deploy import board_file
from tools.deploy.__main__ import release_of
from tools.deploy.command import BoardName, ended, required
from tools.deploy.errors import UsageError
from tools.folders import ROOT

_PROGRAM = "package"


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


def write(files: dict[str, bytes], version: str, folder: Path) -> Path:
    """Makes the folder anew; returns its `package.json`. The start file is installed last."""
    shutil.rmtree(folder, ignore_errors=True)
    names = sorted(files, key=lambda name: (name in ("main.py", "code.py"), name))
    for name in names:
        target = folder / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[name])
    urls = [[name, f"files/{name}"] for name in names]
    path = folder / "package.json"
    path.write_text(
        json.dumps({"version": version, "deps": [], "urls": urls}, indent=1) + "\n"
    )
    return path


def main(words: list[str] | None = None) -> int:
    """0 when the package is there, 2 after bad use."""
    return shell.run(_PROGRAM, _package, words, about=__doc__)


def _package(*, board: BoardName = "") -> int:
    def work() -> int:
        wanted = board_file.load(required("BOARD", board, "esp32s3_handheld"))
        if wanted.has_drive:
            raise UsageError(
                f"{wanted.name} runs CircuitPython, which has no mip: make deploy"
            )
        path = write(release_of(wanted), _version(), BUILD / "package" / wanted.name)
        print(f"mpremote connect PORT mip install --target / {path.relative_to(ROOT)}")
        return 0

    return ended(_PROGRAM, work)


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
