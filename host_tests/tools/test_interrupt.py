"""Ctrl-C at any moment of any program's start is one line and exit status 130.

`make test` takes two moments of each program, by turns; `make prove` takes all.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.folders import ROOT

PROGRAMS = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    for path in (ROOT / "tools").rglob("*.py")
    if re.search('^if __name__ == "__main__":', path.read_text("utf-8"), re.MULTILINE)
    and "on_micropython" not in path.parts
    and not path.name.startswith("on_cpython")
)

# Sends the signal from inside, so that the moment does not depend on the machine's speed:
# when the first module after the one that sets the handler is looked for, or so many later.
PULLED = """
import os, signal, sys
left = None
def pulled(event, words):
    global left
    if event != "import":
        return
    is_set = "tools.interrupt" in sys.modules
    if left is None and is_set and words[0].startswith("tools."):
        left = int(os.environ["AFTER_IMPORTS"])
    if left is not None:
        left -= 1
        if left == -1:
            open(os.environ["SENT"], "w").close()
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(pulled)
"""


def started(
    program: str, folder: Path, after: int, *first: str
) -> subprocess.CompletedProcess[str]:
    """What the program says; `first` are the words of a command that starts it."""
    (folder / "sitecustomize.py").write_text(PULLED)
    return subprocess.run(
        [*first, sys.executable, "-m", program.removesuffix(".__main__"), "--help"],
        env={
            **os.environ,
            "PYTHONPATH": f"{folder}:{ROOT}",
            "AFTER_IMPORTS": str(after),
            "SENT": str(folder / "sent"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_programs_were_found():
    assert {"tools.handheld.__main__", "tools.setup", "tools.debian.renew"} <= set(PROGRAMS)


AFTER = (0, 3, 30, 120)  # imports
MOMENTS = [
    pytest.param(program, after, marks=() if (turn - number) % 2 else pytest.mark.prove)
    for number, program in enumerate(PROGRAMS)
    for turn, after in enumerate(AFTER)
]


@pytest.mark.parametrize(("program", "after"), MOMENTS)
def test_ctrl_c_at_any_import_is_one_line_and_130(program, after, tmp_path):
    done = started(program, tmp_path, after)
    if not (tmp_path / "sent").exists():
        assert done.returncode == 0, "it has fewer imports than that, and shows its help"
        assert "usage:" in done.stdout
        return
    assert re.fullmatch(r"[\w.]+: stopped.*\n", done.stderr), done.stderr
    assert done.returncode == 128 + signal.SIGINT
    assert done.stdout == ""


def test_whoever_starts_a_program_may_have_ctrl_c_ignored(tmp_path):
    done = started("tools.build", tmp_path, 4, "sh", "-c", "trap '' INT; exec \"$@\"", "sh")
    assert (tmp_path / "sent").exists()
    assert (done.returncode, done.stderr) == (0, "")
