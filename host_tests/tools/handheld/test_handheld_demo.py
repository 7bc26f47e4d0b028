"""What the demo prints around what happens."""

import os
import signal
import subprocess
import sys

import pytest

from host_tests.kit.until import LONG_S
from tools.handheld import demo


def test_a_screen_is_drawn_in_a_box():
    assert demo.boxed(["AIR MILES"], 10, "┌─┐│└─┘") == [
        "  ┌────────────┐",
        "  │ AIR MILES  │",
        "  └────────────┘",
    ]


def test_a_step_that_did_not_happen_ends_the_demo_with_exit_1(monkeypatch, capsys):
    def no_emulator() -> None:
        raise RuntimeError("no emulator: port in use")

    monkeypatch.setattr(demo, "running_emulator", no_emulator)
    assert demo.main([]) == 1
    assert capsys.readouterr().err == "demo: no emulator: port in use\n"


def started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tools.handheld.demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_bad_arguments_are_one_line(capsys):
    with pytest.raises(SystemExit) as end:
        demo.main(["--language", "de"])
    assert end.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith('tools.handheld.demo: Invalid value "de" for --language')


def test_a_reader_that_goes_away_ends_the_demo_without_a_traceback():
    with started() as running:
        assert running.stdout and running.stderr
        running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()
        assert running.wait(LONG_S) == 1
    assert said == "demo: nobody reads what is printed: stopped\n"


def test_ctrl_c_ends_the_demo_without_a_traceback():
    with started() as running:
        assert running.stdout and running.stderr
        for _ in range(10):  # it is in its middle
            running.stdout.readline()
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does, to the whole group
        running.stdout.read()
        said = running.stderr.read()
        assert running.wait(LONG_S) == 130
    assert said == "demo: stopped by Ctrl-C\n"
