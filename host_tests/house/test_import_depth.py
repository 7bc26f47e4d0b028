"""Imports within imports take C stack: a chain of seven was too deep for MicroPython's 40 KB.

That was with 32-bit words, in place from ROM, with the bench's own two files below it. A
board's stack is smaller still, and nobody sees the depth of a chain in any one file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
MOST = 6  # modules at once in the middle of being imported, the first one counted
WORKFLOWS = sorted(
    path.stem
    for path in (FIRMWARE / "milepad" / "workflows").glob("*.py")
    if path.stem != "protocols"
)


def file_of(name: str) -> Path | None:
    path = FIRMWARE / Path(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def imported(file: Path) -> Iterator[str]:
    """The modules of ours that a file imports at its top, in order."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def deepest(name: str, loaded: set[str]) -> list[str]:
    """The longest chain of imports that `name` begins, and adds to what is `loaded`."""
    file = file_of(name)
    if file is None or name in loaded or not name.startswith("milepad"):
        return []
    loaded.add(name)
    chains = [deepest(other, loaded) for other in imported(file)]
    return [name, *max(chains, key=len, default=[])]


def test_the_app_is_imported_without_a_long_chain() -> None:
    chain = deepest("milepad.app", set())
    assert 3 < len(chain) <= MOST, chain


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_no_workflow_begins_a_long_chain(workflow: str) -> None:
    loaded: set[str] = set()
    deepest("milepad.app", loaded)
    chain = deepest(f"milepad.workflows.{workflow}", loaded)
    assert len(chain) <= MOST, chain
