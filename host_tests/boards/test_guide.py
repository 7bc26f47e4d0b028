"""A new board is one folder: the guide in boards/README.md, followed to the letter.

It is followed in a copy of the project, once from each board, with the programs that it names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import new_board
from tools.folders import ROOT

MODELS = new_board.models()
FOLDERS = ("boards", "firmware", "host_tests", "tools")
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".mypy_cache", ".hypothesis")


class Project:
    """A copy of the project, with a new board made from each that is there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in FOLDERS:
            shutil.copytree(ROOT / name, root / name, ignore=NOT_COPIED)
        for name in ("Makefile", "pyproject.toml"):
            shutil.copy(ROOT / name, root)
        for name in (".venv", ".tools"):
            (root / name).symlink_to((ROOT / name).resolve())

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`python -m` these words, in the copy."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.root,
            env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=500,
        )

    def put(self, path: str, old: str, new: str) -> None:
        """Replaces a text that is there."""
        text = (self.root / path).read_text("utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), "utf-8")


def name_of(model: str) -> str:
    """What the new board is called."""
    return f"kiosk_{MODELS.index(model)}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = Project(tmp_path_factory.mktemp("project"))
    for model in MODELS:
        words = ("tools.new_board", "--name", name_of(model), "--model", model)
        done = project.run(*words)
        assert done.returncode == 0, done.stderr
        assert f"boards/{name_of(model)}/board.py" in done.stdout
    # A pin of its own, in board.py and in the wiring table.
    pico = f"boards/{name_of('pico2w_pinpad')}"
    project.put(f"{pico}/board.py", "make_buzzer(22)", "make_buzzer(21)")
    project.put(f"{pico}/README.md", "GP22", "GP21")
    project.put(f"{pico}/board.toml", "Raspberry Pi Pico 2 W PIN pad", "Kiosk")
    yield project
    shutil.rmtree(project.root)


def test_every_new_board_has_the_types_that_the_app_asks_for(project: Project) -> None:
    done = project.run("tools.board_types", *map(name_of, MODELS))
    assert done.returncode == 0, done.stdout


def test_a_board_without_a_part_that_the_app_asks_for_is_refused(project: Project) -> None:
    project.run("tools.new_board", "--name", "kiosk_without")
    project.put("boards/kiosk_without/board.py", "self.keypad = ", "self.keys = ")
    done = project.run("tools.board_types", "kiosk_without")
    shutil.rmtree(project.root / "boards/kiosk_without")
    assert done.returncode == 1
    assert '"Board" is missing following "Board" protocol member' in done.stdout
    assert "keypad" in done.stdout


@pytest.mark.parametrize("model", MODELS)
def test_a_new_board_builds_within_its_budget(project: Project, model: str) -> None:
    done = project.run("tools.build", "--board", name_of(model))
    assert done.returncode == 0, done.stderr
    assert f"boards/{name_of(model)}/board.mpy" in done.stdout


def test_the_tests_find_every_new_board_by_its_folder_and_pass(project: Project) -> None:
    words = ("pytest", "-n", "0", "-rp", "-p", "no:cacheprovider", "--assert", "plain")
    rooms = ("boards/test_boards.py", "boards/circuitpython", "house", "system/budgets")
    paths = [f"host_tests/{room}" for room in rooms]
    done = project.run(*words, "-k", "kiosk or every_board", *paths)
    assert done.returncode == 0, done.stdout
    for model in MODELS:
        for test in ("passes_its_check", "rest_goes_on", "can_read_what_a_board_says"):
            assert re.search(rf"PASSED .*{test}\[{name_of(model)}\]", done.stdout)
