"""What the documents name is there: files, headings, rooms, commands and their options, facts."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from host_tests.house.test_imports import FLOORS
from milepad.words import en_ca, en_ca_seldom
from tools import boards, budgets

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
FOLDERS = ("boards", "firmware", "host_tests", "tools")
PICO = ROOT / "boards" / "pico2w_pinpad"  # the least memory
MADE = ROOT / "tools" / "pictures" / "made"
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted(
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.md")
        if not path.is_relative_to(MADE)
    ),
]
# Where a path in a document may begin.
BEGINNINGS = (ROOT, FIRMWARE, FIRMWARE / "milepad", ROOT / "tools" / "handheld" / "page")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)]*))?\)")
_PATH = re.compile(r"[a-z_]\w*(?:/\w[\w.-]*)*/?")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_MAKE = re.compile(r"(?:^    |`)make ([a-z-]+)([^`\n#]*)", re.MULTILINE)
_COMMAND = re.compile(r"python -m (tools[\w.]*)([^`\n#]*)")
_FACT = re.compile(r"FACTS ([X\d][\d.]*\d|[X\d]\d*)(?:(?:,| and| to) ([\d.]*\d))?")
_VALUE = re.compile(r"\$[\d.]+|\d+|%[\d.]*[ds]")
# No path of this folder: of a device's flash, of a shop, of a new board, of the wire.
ELSEWHERE = {
    "devices.csv",
    "post/event",
    "reverse/event",
    "shop.toml",
    "board.img",
    "boot.py",
    "milepad_board.py",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def is_there(document: Path, path: str) -> bool:
    return any((place / path).exists() for place in (document.parent, *BEGINNINGS))


def paths(text: str) -> Iterator[str]:
    """What stands in code quotes and can only be a path."""
    for quoted in _CODE.findall(text):
        if _PATH.fullmatch(quoted) and ("/" in quoted or quoted.endswith((".py", ".toml"))):
            yield quoted


def anchors(document: Path) -> set[str]:
    """What a link may name in a document, as GitHub makes it of its headings."""
    found = (
        re.sub(r"[^\w\- ]", "", each.lower())
        for each in _HEADING.findall(text_of(document))
    )
    return {each.strip().replace(" ", "-") for each in found}


@cache
def sources(module: str) -> str:
    """The text of a program's files: its package, or its own."""
    parts = module.split(".")
    path = ROOT / parts[0] / parts[1]
    files = sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return "\n".join(text_of(each) for each in files)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_link_leads_to_a_file_and_a_heading_that_are_there(document: Path) -> None:
    for path, heading in _LINK.findall(text_of(document)):
        if "://" in path:
            continue
        target = document.parent / path if path else document
        assert target.exists(), path
        assert not heading or heading in anchors(target), f"{path}#{heading}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_path_that_a_document_names_is_there(document: Path) -> None:
    for path in paths(text_of(document)):
        if path not in ELSEWHERE and "/" in path:
            assert is_there(document, path), path


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_what_a_document_gives_to_make_is_there(document: Path) -> None:
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for target, words in _MAKE.findall(text_of(document)):
        assert target in targets, target
        for variable in re.findall(r"\b([A-Z]+)=", words):
            assert f"$({variable})" in makefile, f"make {target} {variable}="


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "Makefile"], ids=name)
def test_a_program_that_a_document_starts_has_the_options_that_it_gives(
    document: Path,
) -> None:
    for module, words in _COMMAND.findall(text_of(document).replace("\\\n", " ")):
        for option in re.findall(r"(?<![\w-])--([a-z][a-z-]*)", words):
            named = rf'\b{option.replace("-", "_")}: |"--{option}"'
            assert option == "help" or re.search(named, sources(module)), (module, option)


def test_what_the_cashiers_document_quotes_is_on_a_screen() -> None:
    texts = {**en_ca.TEXTS, **en_ca_seldom.TEXTS}.values()
    screens = [_VALUE.sub("#", text.replace("\n", " ")) for text in texts]
    for quoted in _CODE.findall(text_of(FIRMWARE / "milepad" / "workflows" / "README.md")):
        row = _VALUE.sub("#", quoted).rstrip("# ")
        if row.isupper() and len(row) > 2:
            assert any(row in screen for screen in screens), quoted


def test_every_fact_that_a_source_cites_stands_in_the_list_of_facts() -> None:
    facts = text_of(FIRMWARE / "FACTS.md")
    there = set(re.findall(r"^## (\d+)\.|\*\*(\d+\.\d+|X\d+)\b", facts, re.MULTILINE))
    known = {number for pair in there for number in pair if number}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for cited in _FACT.findall(text_of(path)):
                assert {each for each in cited if each} <= known, (name(path), cited)


def test_the_documents_of_boards_have_the_budgets_of_heap_and_flash() -> None:
    guide = " ".join(text_of(ROOT / "boards" / "README.md").split())
    flash = [budgets.flash_budget(has_till).most // 1024 for has_till in (False, True)]
    assert f"up to {budgets.SMALL.checkout.most} KiB of heap" in guide
    heaps = (budgets.SMALL.checkout, budgets.SMALL.earning, budgets.SMALL.till)
    both, earning, pad = [heap.most + boards.settings(PICO)["tls_kib"] for heap in heaps]
    told = f"{both} KiB or more for both, {earning} where sales earn, {pad} as a PIN pad"
    assert told in guide
    assert f"{flash[0]:.0f} KiB at most, {flash[1]:.0f} where a till drives it" in guide
    rom = " ".join(text_of(ROOT / "tools" / "deploy" / "README.md").split())
    assert f"of {flash[0]:.0f} KiB or more, {flash[1]:.0f} where a till drives it" in rom


def test_the_firmwares_document_has_a_row_for_each_room() -> None:
    rows = re.findall(r"^\| `(\w+)", text_of(FIRMWARE / "README.md"), re.MULTILINE)
    assert set(rows) == set(FLOORS) - {"main", "boards"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_prose_ends_where_the_editor_is_told_that_it_ends(document: Path) -> None:
    for number, line in enumerate(text_of(document).splitlines(), 1):
        assert len(line) <= 120 or line.startswith("|"), f"{number}: {len(line)} characters"
