"""What the documents name is there: files, folders, rooms, make's targets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.house.test_imports import FLOORS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    ROOT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "firmware/README.md",
        "boards/README.md",
    )
]
# Where a path in a document may begin.
BEGINNINGS = (ROOT, ROOT / "firmware", ROOT / "firmware" / "milepad")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_PATH = re.compile(r"[a-z_]\w*(?:/\w[\w.-]*)*/?")
# Files of a device's flash, of a shop or of a new board, none of this folder.
ELSEWHERE = {
    "shop.toml",
    "devices.csv",
    "board.img",
    "boot.py",
    "manifest.py",
    "milepad_board.py",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def is_there(document: Path, path: str) -> bool:
    return any((place / path).exists() for place in (document.parent, *BEGINNINGS))


def paths(text: str) -> Iterator[str]:
    """What stands in code quotes and can only be a path."""
    for quoted in _CODE.findall(text):
        if _PATH.fullmatch(quoted) and ("/" in quoted or quoted.endswith((".py", ".toml"))):
            yield quoted


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_link_leads_to_a_file_that_is_there(document: Path) -> None:
    for target in _LINK.findall(document.read_text("utf-8")):
        assert "://" in target or (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_path_that_a_document_names_is_there(document: Path) -> None:
    for path in paths(document.read_text("utf-8")):
        if path not in ELSEWHERE and "/" in path:
            assert is_there(document, path), path


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_target_of_make_that_a_document_names_is_there(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = document.read_text("utf-8")
    named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.MULTILINE))
    assert named <= targets


def test_the_firmwares_document_has_a_row_for_each_room() -> None:
    rows = re.findall(
        r"^\| `(\w+)", (ROOT / "firmware" / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert set(rows) == set(FLOORS) - {"main", "boards"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_prose_ends_where_the_editor_is_told_that_it_ends(document: Path) -> None:
    for number, line in enumerate(document.read_text("utf-8").splitlines(), 1):
        assert len(line) <= 120 or line.startswith("|"), f"{number}: {len(line)} characters"
