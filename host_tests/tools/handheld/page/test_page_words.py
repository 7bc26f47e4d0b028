"""The page's own words: the same in both languages, and each that is used is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[4] / "tools/handheld/page/static"
_KEY = re.compile(r'(?:^|, )\s*"?([A-Za-z0-9_.]+)"?:\s+"', re.M)
_PLACE = re.compile(r"\{(\w+)\}")


def table(language: str) -> dict[str, set[str]]:
    """{key: the places in its text that are filled in}."""
    text = (STATIC / f"parts/words_{language}.js").read_text("utf-8")
    found = [*_KEY.finditer(text)]
    assert len({each.group(1) for each in found}) == len(found), "a key stands twice"
    ends = [each.start() for each in found[1:]] + [len(text)]
    return {
        each.group(1): set(_PLACE.findall(text[each.end() : end].split('",')[0]))
        for each, end in zip(found, ends, strict=True)
    }


def used() -> set[str]:
    """Words that the page names outright."""
    parts = "".join(path.read_text("utf-8") for path in STATIC.rglob("*.js"))
    page = (STATIC / "index.html").read_text("utf-8")
    return {
        *re.findall(r'\bt\("([a-z0-9_]+)"', parts),
        *re.findall(r'data-(?:word|label)="([a-z0-9_]+)"', page),
    }


def test_both_languages_have_the_same_words_and_places() -> None:
    assert table("en") == table("fr")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_word_that_is_used_is_there(language: str) -> None:
    assert used() - table(language).keys() == set()


def test_nothing_of_the_page_sets_markup_or_comes_from_elsewhere() -> None:
    for path in STATIC.rglob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text
        )
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.html")]:
        assert not re.search(r"https?://|@import|style=", path.read_text("utf-8")), path
