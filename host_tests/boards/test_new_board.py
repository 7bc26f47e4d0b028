"""Making a new board's folder, and what is wrong with one: it is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.boards import check
from tools import build, new_board

OLD, NEW = "pico2w_pinpad", "kiosk"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy with its own name, beside what boards share."""
    boards = tmp_path / "boards"
    boards.mkdir()
    shutil.copy(build.ROOT / "boards" / "machine_board.py", boards)
    return new_board.make(NEW, OLD, boards)


def put(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def test_the_copy_has_its_own_name_wherever_the_other_had_its(folder: Path) -> None:
    texts = [path.read_text() for path in folder.iterdir()]
    assert not [text for text in texts if OLD in text]
    assert len(texts) == len(list((build.ROOT / "boards" / OLD).glob("*.*")))


@pytest.mark.parametrize("name", ["a", "z" * 40])
@pytest.mark.parametrize("model", new_board.models())
def test_the_copy_is_in_the_houses_format_under_any_name(
    tmp_path: Path, model: str, name: str
) -> None:
    copy = str(new_board.make(name, model, tmp_path))
    config = ["--quiet", "--config", str(build.ROOT / "pyproject.toml"), copy]
    for command in (["check", "--select", "I"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *config], check=True)


@pytest.mark.parametrize(
    ("new", "old", "reason"),
    [
        ("Kiosk", OLD, "NAME: small letters"),
        ("2kiosk", OLD, "NAME: small letters"),
        ("../kiosk", OLD, "NAME: small letters"),
        ("import", OLD, "NAME: small letters"),
        ("", OLD, "NAME: small letters"),
        ("other", "nix", "FROM: expected one of"),
        ("other", "simulator", "FROM: expected one of"),
        (NEW, OLD, "boards/kiosk is there already"),
        ("machine_board", OLD, "boards/machine_board is there already"),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(
    folder: Path, new: str, old: str, reason: str
) -> None:
    before = sorted(folder.parent.iterdir())
    with pytest.raises(new_board.NewBoardError, match=reason):
        new_board.make(new, old, folder.parent)
    assert sorted(folder.parent.iterdir()) == before


def test_another_pin_that_the_wiring_table_has_is_no_fault(folder: Path) -> None:
    put(folder, "board.py", "make_buzzer(22)", "make_buzzer(21)")
    put(folder, "board.toml", "Raspberry Pi Pico 2 W PIN pad", "Kiosk")
    put(folder, "README.md", "GP22", "GP21")
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


def test_a_board_that_cannot_hold_the_app_with_its_tls_is_not_offered(folder: Path) -> None:
    put(folder, "board.toml", "heap_kib = 436", "heap_kib = 263")  # 224 and 40 for TLS
    wanted = "board.toml: a heap of 263 KiB: a checkout with TLS takes 264"
    assert check.faults(folder) == [wanted]


def test_a_board_whose_files_cannot_hold_code_and_ledger_is_not_offered(
    folder: Path,
) -> None:
    put(folder, "board.toml", "files_kib = 2560", "files_kib = 400")
    wanted = "board.toml: 400 KiB of files: code and ledger take 568"
    assert check.faults(folder) == [wanted]


def test_a_folder_that_is_not_whole_says_what_is_missing(folder: Path) -> None:
    (folder / "board.toml").unlink()
    assert check.faults(folder) == ["board.toml is missing"]
