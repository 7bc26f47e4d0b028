"""A virtual board, a release, and the commands as a shop's technician runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from host_tests.kit.command import run_here
from host_tests.kit.patience import patient
from tools.deploy import __main__ as deploying
from tools.deploy import board_file, flash_all
from tools.deploy.__main__ import release_of
from tools.device import port as port_module
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.folders import ROOT
from tools.handheld import image
from tools.profile import template
from tools.virtual_board.testing import plugged_in

__all__ = ["patient"]

Command = Callable[..., "subprocess.CompletedProcess[str]"]
_PART = ("main.py", "milepad_board", "milepad/__init__", "milepad/app", "milepad/base/",
         "milepad/link/")  # fmt: skip


@pytest.fixture(scope="session")
def board() -> board_file.BoardFile:
    return board_file.load("simulator")


@pytest.fixture(scope="session")
def whole(board) -> dict[str, bytes]:
    """All that a board gets."""
    return release_of(board)


@pytest.fixture(scope="session")
def release(whole) -> dict[str, bytes]:
    """A fifth of it, where the copying is what is tested."""
    return {name: raw for name, raw in whole.items() if name.startswith(_PART)}


@pytest.fixture(scope="session")
def flashed(whole, tmp_path_factory) -> Path:
    """A flash with the firmware on it, to be copied."""
    path = tmp_path_factory.mktemp("flashed") / "flash.img"
    image.write_files(path, whole)
    return path


@pytest.fixture(autouse=True)
def short_silence(monkeypatch) -> None:
    """A Ctrl-C that meets a board while it is reset is lost, which costs one silence; a
    busy machine is silent for a second or two."""
    monkeypatch.setattr(port_module, "_SILENCE_S", 3)
    monkeypatch.setattr(port_module, "_PROMPT_S", 1)


@pytest.fixture
def flash(tmp_path) -> Path:
    return tmp_path / "flash.img"


@pytest.fixture
def port(flash) -> Iterator[str]:
    with plugged_in(flash) as name:
        yield name


@pytest.fixture
def ready_port(flash, flashed) -> Iterator[str]:
    """A board with the firmware on it."""
    shutil.copyfile(flashed, flash)
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


def process(
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
def deploy_process() -> Command:
    """`python -m tools.deploy`: brings the whole release."""
    return lambda port: process("tools.deploy", "--board", "simulator", "--port", port)


@pytest.fixture
def deploy(release, monkeypatch) -> Command:
    """The same in this process: brings `release`."""
    monkeypatch.setattr(deploying, "release_of", lambda _board: dict(release))
    return lambda port, name="simulator": run_here(
        "tools.deploy", "--board", name, "--port", port
    )


@pytest.fixture
def provision(profile) -> Command:
    words = ("tools.deploy.provision", "--board", "simulator", "--profile", str(profile))
    return lambda *more, **environment: run_here(*words, *more, **environment)


@pytest.fixture
def flash_all_in_turn(profile, emulator, whole, monkeypatch) -> Command:
    """`python -m tools.deploy.flash_all` in this process, answered by `stdin`."""
    monkeypatch.setattr(flash_all, "release_of", lambda _board: dict(whole))
    words = ("tools.deploy.flash_all", "--board", "simulator", "--profile", str(profile))
    secret = {"MILEPAD_CLIENT_SECRET": emulator.client_secret}
    return lambda *more, stdin="": run_here(*words, *more, stdin=stdin, **secret)
