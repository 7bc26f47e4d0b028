"""What a test leaves open fails in that test: it is tried with tests that leave sockets open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.folders import ROOT

_LEAKING = """
import socket
import pytest

class Knot:
    "Only the collector of garbage finds it."
    def __init__(self):
        self.itself, self.socket = self, socket.create_server(("127.0.0.1", 0))

@pytest.fixture(scope="module")
def shared():
    yield Knot()

def test_first(): pass
def test_leaves_one_open(): Knot()
def test_between(): pass
def test_last_shares_one(shared): pass
"""
_NEXT = "def test_a_stranger(): pass\n"


def test_a_socket_left_open_fails_where_it_was_left(tmp_path: Path) -> None:
    (tmp_path / "test_1.py").write_text(_LEAKING)
    (tmp_path / "test_2.py").write_text(_NEXT)
    pytest = [sys.executable, "-m", "pytest", "-p", "host_tests.conftest", "-n", "0"]
    done = subprocess.run(
        [*pytest, "--rootdir", tmp_path, "-c", ROOT / "pyproject.toml", "-rEf", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = [
        line for line in done.stdout.splitlines() if line.startswith(("ERROR", "FAILED"))
    ]
    assert [line.split(" - ")[0].rpartition("::")[2] for line in lines] == [
        "test_leaves_one_open",
        "test_last_shares_one",
    ]
