"""Standard streams that are closed, full or of another alphabet: `tools.program`.

A full output meets every program that prints, a closed one the handheld; `make prove` closes it
for all.
"""

import os
import subprocess
import sys

import pytest

from tools.folders import ROOT
from tools.handheld import image

HEADLESS = ["-m", "tools.handheld", "--headless"]
FULL = "the output cannot be written: No space left on device\n"
CLOSED = "the output cannot be written: Bad file descriptor\n"


def run(
    redirected: str, *words: object, stdin: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Python with `words`, its streams redirected as a shell does it."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, *map(str, words)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env=environment | variables,
        timeout=60,
    )


DEMO = ["-m", "tools.handheld.demo"]
EMULATOR = ["-m", "tools.emulator", "--port", "0", "--state"]
BOARD = ["-m", "tools.virtual_board", "--flash"]


@pytest.mark.parametrize(
    ("words", "name", "redirected", "said"),
    [
        (HEADLESS, "tools.handheld", ">/dev/full", FULL),
        (HEADLESS, "tools.handheld", ">&-", CLOSED),
        (DEMO, "demo", ">/dev/full", FULL),
        (EMULATOR, "emulator", ">/dev/full", FULL),
        (BOARD, "tools.virtual_board", ">/dev/full", FULL),
        pytest.param(DEMO, "demo", ">&-", CLOSED, marks=pytest.mark.prove),
        pytest.param(EMULATOR, "emulator", ">&-", CLOSED, marks=pytest.mark.prove),
        pytest.param(BOARD, "tools.virtual_board", ">&-", CLOSED, marks=pytest.mark.prove),
    ],
)
def test_an_output_that_cannot_be_written_is_one_line_and_exit_1(
    words, name, redirected, said, tmp_path
):
    path = [tmp_path / "state"] if words[-1].startswith("--") and words != HEADLESS else []
    done = run(redirected, *words, *path)
    assert (done.returncode, done.stderr.decode()) == (1, f"{name}: {said}")


def test_help_that_cannot_be_written_is_told_too():
    done = run(">/dev/full", *HEADLESS, "--help")
    assert (done.returncode, done.stderr.decode()) == (1, f"tools.handheld: {FULL}")


@pytest.mark.parametrize(
    ("event", "code"), [(b'{"dance": 1}', 2), (b'{"quit": true}', 0)], ids=["bad", "quit"]
)
def test_a_closed_error_stream_is_not_taken_for_the_flash(event, code, tmp_path):
    flash = tmp_path / "flash.img"
    done = run("2>&-", *HEADLESS, "--flash", flash, stdin=event + b"\n")
    assert done.returncode == code
    assert done.stdout.startswith(b'{"power": "on"}\n')
    image.read_files(flash)


@pytest.mark.parametrize("number", [0, 2])
def test_a_closed_descriptor_becomes_the_null_device(number):
    script = (
        "import os, sys; from tools import program; program.open_streams();"
        f"print(os.path.samefile('/dev/fd/{number}', os.devnull),"
        " None in (sys.stdin, sys.stdout, sys.stderr))"
    )
    assert run(f"{number}>&-", "-c", script).stdout == b"True False\n"


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_what_is_printed_is_utf_8_in_every_locale(variables):
    script = (
        "from tools import program;"
        "program.run('x', lambda: program.say('\\u2502 \\xe9 \\udcff') or 0)"
    )
    done = run("", "-c", script, **variables)
    assert (done.stdout.decode(), done.stderr) == ("│ é ?\n", b"")
