"""A virtual board, a release, and the commands as a shop's technician runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.deploy import board_file
from tools.deploy.__main__ import release_of
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.folders import ROOT
from tools.profile import template
from tools.virtual_board.testing import plugged_in

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def board() -> board_file.BoardFile:
    return board_file.load("simulator")


@pytest.fixture(scope="session")
def release(board) -> dict[str, bytes]:
    return release_of(board)


@pytest.fixture
def flash(tmp_path) -> Path:
    return tmp_path / "flash.img"


@pytest.fixture
def port(flash) -> Iterator[str]:
    with plugged_in(flash) as name:
        yield name


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    with running_emulator() as running:
        yield running


@pytest.fixture
def profile(emulator, tmp_path) -> Path:
    """A shop's profile that leaves the client secret out."""
    lines = template.for_platform(emulator).splitlines(keepends=True)
    path = tmp_path / "shop.toml"
    path.write_text("".join(each for each in lines if "client_secret" not in each))
    return path


def command(
    module: str, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs `python -m module words`; what it printed is in the result."""
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def deploy() -> Command:
    return lambda port, name="simulator": command(
        "tools.deploy", "--board", name, "--port", port
    )


@pytest.fixture
def provision(profile) -> Command:
    words = ("tools.deploy.provision", "--board", "simulator", "--profile", str(profile))
    return lambda *more, **environment: command(*words, *more, **environment)
