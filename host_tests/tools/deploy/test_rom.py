"""The ROM image: what `mpremote romfs deploy` takes, and MicroPython runs in place."""

import os
import shutil
import subprocess
import sys

import pytest

from tools import build, micropython, rom
from tools.boards import unknown

MOUNTED = """
import os, sys, vfs
with open(sys.argv[1], "rb") as file:
    vfs.mount(vfs.VfsRom(file.read()), "/rom")
sys.path[:] = ["/rom", ".frozen"]
from milepad.ledger import ledger
print(sorted(os.listdir("/rom")), ledger.__file__)
"""
SAID = "['boards', 'milepad', 'milepad_board.mpy'] /rom/milepad/ledger/ledger.mpy\n"


@pytest.fixture(scope="module")
def image():
    return rom.image("pico2w_pinpad")


def test_micropython_imports_from_the_mounted_image(image):
    done = subprocess.run(
        [*micropython.command(), "-c", MOUNTED, str(image)],
        env={**os.environ, "MICROPYPATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == SAID, done.stderr


def test_it_is_the_image_that_mpremote_builds_from_the_same_files(image, tmp_path):
    folder = shutil.copytree(build.BUILD / "pico2w_pinpad", tmp_path / "modules")
    for name in build.SOURCE_NAMES:
        (folder / name).unlink(missing_ok=True)
    command = [sys.executable, "-m", "mpremote", "romfs", "-o", str(tmp_path / "own")]
    subprocess.run([*command, "build", str(folder)], check=True, capture_output=True)
    assert image.read_bytes() == (tmp_path / "own").read_bytes()


def test_what_starts_by_itself_stays_off_the_image(image):
    assert b"main.py" not in image.read_bytes()


def test_the_command_says_how_the_image_is_deployed(image, capsys):
    assert rom.main(["--board", "pico2w_pinpad"]) == 0
    size, command = capsys.readouterr().out.splitlines()
    assert size == f"{image.stat().st_size} B; with main.py on the flash:"
    assert command == "mpremote connect PORT romfs deploy build/pico2w_pinpad.romfs"


@pytest.mark.parametrize(
    ("board", "said"),
    [
        ("", f"rom: {unknown('')}\n"),
        ("toaster", f"rom: {unknown('toaster')}\n"),
        (
            "feather_circuitpython",
            "rom: feather_circuitpython runs CircuitPython, which has no ROMFS\n",
        ),
    ],
)
def test_a_board_without_such_an_image_is_one_line_and_exit_2(capsys, board, said):
    assert rom.main(["--board", board]) == 2
    assert capsys.readouterr().err == said
