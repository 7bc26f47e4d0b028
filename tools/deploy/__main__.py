"""Copies the firmware to a board: `python -m tools.deploy --board BOARD --port PORT`."""

from __future__ import annotations

import sys

from tools import build, program, shell
from tools.deploy import board_file
from tools.deploy.bringing import Work, bring
from tools.deploy.command import BoardName, PortName, ended, open_target, required

_PROGRAM = "deploy"


def release_of(board: board_file.BoardFile) -> dict[str, bytes]:
    """{path on the board: bytes} of what the sources are now. Raises BuildError."""
    folder = build.BUILD / (f"{board.name}-source" if board.has_drive else board.name)
    files = build.read(build.build(board.name, folder, as_source=board.has_drive))
    if board.has_drive and "code.py" not in files:
        files["code.py"] = files.pop("main.py")
    if board.libraries and board.has_drive:
        files["requirements.txt"] = ("\n".join(board.libraries) + "\n").encode("ascii")
    return files


def deploy(board: board_file.BoardFile, port: str, files: dict[str, bytes]) -> list[str]:
    """Brings `files` onto the board and starts it; lines for a person. Raises DeviceError."""
    return bring(open_target(board, port), Work(board, files, {})).lines


def main(words: list[str] | None = None) -> int:
    """0 when the board holds the release, 1 when something failed, 2 after bad use."""
    return shell.run(_PROGRAM, _deploy, words, about=__doc__)


def _deploy(*, board: BoardName = "", port: PortName = "") -> int:
    def work() -> int:
        wanted = board_file.load(required("BOARD", board, "esp32s3_handheld"))
        required("PORT", port, "/dev/ttyACM0")
        print("\n".join(deploy(wanted, port, release_of(wanted))))
        return 0

    return ended(_PROGRAM, work)


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
