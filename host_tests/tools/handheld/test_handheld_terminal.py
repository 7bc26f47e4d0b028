"""A person's terminal is as it was before, however the handheld is ended."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

import pytest
import trustme

from host_tests.kit.until import LONG_S
from tools.folders import ROOT
from tools.profile import template

# Takes the terminal for its own, so that Ctrl-C there is a signal here, and becomes Python.
_IN_FRONT = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"


class Terminal:
    """A pseudo-terminal with the handheld in its foreground."""

    def __init__(self, *words: object) -> None:
        self.master, self.slave = pty.openpty()
        self.modes = termios.tcgetattr(self.slave)
        self.said = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _IN_FRONT, "-m", "tools.handheld", *map(str, words)],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm"},  # whatever the tests themselves run in
            start_new_session=True,
        )

    def read(self, moment_s: float) -> None:
        """Takes what is said within a moment."""
        if select.select([self.master], [], [], moment_s)[0]:
            self.said += os.read(self.master, 65536)

    def wait_for(self, wanted: bytes) -> None:
        """Reads until it was said."""
        deadline_s = time.monotonic() + LONG_S
        while wanted not in self.said and time.monotonic() < deadline_s:
            self.read(0.2)
        assert wanted in self.said

    def wait(self) -> int:
        """Reads until the program ends; its exit status."""
        deadline_s = time.monotonic() + LONG_S
        while self.process.poll() is None and time.monotonic() < deadline_s:
            self.read(0.1)
        while select.select([self.master], [], [], 0)[0]:  # what it said last
            self.read(0)
        return self.process.wait(1)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal(tmp_path):
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    changes = {"platform": {"ca": "ca.pem"}}
    (tmp_path / "shop.toml").write_text(template.text(changes), "utf-8")
    flash = tmp_path / "flash.img"
    opened = Terminal("--profile", tmp_path / "shop.toml", "--flash", flash)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "code", "last"),
    [
        (b"\x03", 130, b"tools.handheld: stopped by Ctrl-C\r\n"),
        (b"\x1c", 131, b""),
        (b"\x04", 0, b""),
        (signal.SIGTERM, 143, b""),
        (signal.SIGHUP, 129, b""),
    ],
    ids=["Ctrl-C", "Ctrl-backslash", "Ctrl-D", "SIGTERM", "SIGHUP"],
)
def test_the_end_gives_the_terminal_back(terminal, typed, code, last):
    terminal.wait_for(b"power on")
    if isinstance(typed, bytes):
        os.write(terminal.master, typed)
    else:
        terminal.process.send_signal(typed)
    assert terminal.wait() == code
    assert HIDDEN in terminal.said
    assert terminal.said.rpartition(SHOWN)[2] == last
    assert termios.tcgetattr(terminal.slave) == terminal.modes
    assert b"Traceback" not in terminal.said
