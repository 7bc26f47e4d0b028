"""Every package that set-up installs is listed with a reason and pinned by its hash."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.folders import REQUIREMENTS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = sorted(REQUIREMENTS.glob("*.lock"))
LISTS = sorted(REQUIREMENTS.glob("*.in"))
FOR_THE_READER = {
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "boards",
    "firmware",
    "host_tests",
    "tools",
}


def name_of(requirement: str) -> str:
    """A package's name as an index normalizes it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def pinned(lock: Path) -> dict[str, str]:
    """{package: what follows its name} of a lock file."""
    text = re.sub(r"^\s*#.*\n", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    return {name_of(block): block for block in blocks}


def listed(path: Path) -> set[str]:
    rows = [row.partition("#")[0].strip() for row in path.read_text("utf-8").splitlines()]
    return {name_of(row) for row in rows if row}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_one_version_and_hashes_of_each_package(lock: Path) -> None:
    for name, block in pinned(lock).items():
        assert re.match(r"\S+==\S+ \\\n( +--hash=sha256:[0-9a-f]{64}( \\\n|$))+$", block), (
            name
        )


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_what_a_part_lists_is_in_its_lock(path: Path) -> None:
    assert listed(path) <= set(pinned(path.with_suffix(".lock")))


def test_what_the_project_lists_is_in_the_desktops_lock() -> None:
    rows = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert {name_of(row) for row in rows} <= set(pinned(REQUIREMENTS / "desktop.lock"))


def test_what_the_project_lists_has_its_reason_beside_it() -> None:
    for row in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]:
        text = (ROOT / "pyproject.toml").read_text("utf-8")
        assert re.search(rf'"{re.escape(row)}", +# \w+', text), row


def test_the_top_level_holds_what_a_reader_needs() -> None:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = {name.partition("/")[0] for name in done.stdout.split("\0") if name}
    assert {name for name in found if not name.startswith(".")} == FOR_THE_READER
