"""A word of the wire is written in one place, `base.vocabulary`, and named everywhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from milepad.base import vocabulary

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware" / "milepad"
VOCABULARY = FIRMWARE / "base" / "vocabulary.py"
# Operations and outcomes are left out: the same words are keys of messages.
WORDS = {*vocabulary.CARD_ENTRY_MODES, *vocabulary.LANGUAGES}
FILES = sorted({*FIRMWARE.rglob("*.py"), *(ROOT / "boards").rglob("*.py")} - {VOCABULARY})


def texts(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_the_vocabulary_itself_holds_these_words() -> None:
    assert texts(VOCABULARY) >= WORDS


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_entry_modes_and_languages_are_spelt_nowhere_else(path: Path) -> None:
    assert not texts(path) & WORDS
