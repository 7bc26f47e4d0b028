"""Money and miles are integers: no float, no division that makes one, in the rooms that count."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware" / "milepad"
ROOMS = ["amcash", "issuance", "ledger", "receipt", "transactions", "workflows", "terminal"]
FILES = [
    *(path for room in ROOMS for path in sorted((FIRMWARE / room).rglob("*.py"))),
    FIRMWARE / "base" / "money.py",
]


def makes_a_float(node: ast.AST) -> bool:
    """Whether a float is written there, made, or comes out of a division."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        return isinstance(node.op, ast.Div)
    return isinstance(node, ast.Name) and node.id in ("float", "round")


def floats(path: Path) -> Iterator[int]:
    """The lines where one is made."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if makes_a_float(node):
            yield node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FIRMWARE)))
def test_a_room_that_counts_has_no_float(path: Path) -> None:
    assert list(floats(path)) == []
