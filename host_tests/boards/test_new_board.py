"""A new board is one folder: the guide in boards/README.md, followed to the letter."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from host_tests.boards import check
from tools import build

OLD, NEW = "pico2w_pinpad", "kiosk"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Step 1: a copy with its own name."""
    folder = tmp_path / "boards" / NEW
    shutil.copytree(build.ROOT / "boards" / OLD, folder)
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    shutil.copy(build.ROOT / "boards" / "machine_board.py", folder.parent)
    for path in folder.iterdir():
        path.write_text(path.read_text().replace(OLD, NEW))
    return folder


def put(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def test_the_guide_leads_to_a_board_that_passes(folder: Path) -> None:
    put(folder, "board.py", "make_buzzer(22)", "make_buzzer(21)")  # step 2
    put(folder, "board.toml", "Raspberry Pi Pico 2 W PIN pad", "Kiosk")  # step 3
    put(folder, "README.md", "GP22", "GP21")  # step 4
    assert check.faults(folder) == []


def test_a_pin_used_twice_is_named(folder: Path) -> None:
    put(folder, "board.py", "make_buzzer(22)", "make_buzzer(20)")
    assert check.faults(folder) == ["pin 20 is used twice"]


def test_a_reserved_pin_is_named(folder: Path) -> None:
    put(folder, "board.py", "make_buzzer(22)", "make_buzzer(23)")
    put(folder, "README.md", "GP22", "GP23")
    assert check.faults(folder) == ["pin 23 is reserved"]


def test_a_pin_that_the_wiring_table_leaves_out_is_named(folder: Path) -> None:
    put(folder, "README.md", "GP22", "")
    assert check.faults(folder) == ["pin 22 is not in the wiring table"]


def test_a_part_that_the_board_lacks_is_named(folder: Path) -> None:
    put(folder, "board.py", "self.keypad = ", "self.keys = ")
    assert check.faults(folder) == ["the board has no keypad.run"]


def test_a_key_of_the_settings_that_is_missing_or_unknown_is_named(folder: Path) -> None:
    put(folder, "board.toml", "mcu = ", "chip = ")
    assert check.faults(folder) == [
        "board.toml: chip is unknown",
        "board.toml: mcu is missing",
    ]


def test_a_folder_that_is_not_whole_says_what_is_missing(folder: Path) -> None:
    (folder / "board.toml").unlink()
    assert check.faults(folder) == ["board.toml is missing"]
