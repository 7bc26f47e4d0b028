"""The page's own words: the same in both languages, and each that is used is there."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import get_args

import pytest

from milepad.ledger.entries import DECISIONS
from milepad.pinpad import conditions
from tools.emulator.cash import magic
from tools.emulator.collectors import State
from tools.emulator.faults import FaultOp
from tools.handheld.page import boards, orders, refusals
from tools.ledger.entries import Earning

PAGE = Path(__file__).parents[4] / "tools/handheld/page"
STATIC = PAGE / "static"
_ENTRY = re.compile(r'^  "?([\w./]+)"?:\s+"((?:[^"\\]|\\.)*)",$', re.M)
_PLACE = re.compile(r"\{(\w+)\}")
# A name, a number's unit, or a word that both languages have.
ALIKE = {
    *("key_.", "ntp_absent", "switch_wifi", "switch_rssi", "pause"),
    *(
        "key_header",
        "code",
        "fault_code",
        "message",
        "times_n",
        "board_simulator",
        "reg_number",
    ),
    *("reg_dollars", "reg_messages"),
}
# What the server tells by a word of its own, and how the page's word for it begins.
VOCABULARIES: dict[str, Collection[str]] = {
    "why_": refusals.CODES,
    "board_": boards.BOARDS,
    "state_": get_args(State),
    "op_": {*get_args(FaultOp)} - {"any", "token", "echo", "inquire"},
    "outcome_": {"approved", "declined", "not_sent", "unknown", "open", *get_args(Earning)}
    - {""},
    "decision_": {*DECISIONS} - {""},
    "match_": {"same", "differs", "only_device", "waiting", "none", "only_platform"},
    "field_": {"miles", "dollars", "confirmation", "cancelled"},
    "reg_cond_": {*conditions.ALL} - {""},
    "reg_result_": {"lost", "given_up", "unreachable", "none", "journal"},
    "reg_": {*orders.ASKED} - {"item"},
    "": {"redemption", "reversal"},
}


def table(language: str) -> dict[str, str]:
    """{key: text}, of the page and of its till."""
    found: list[tuple[str, str]] = []
    for name in (f"words_{language}.js", f"words_till_{language}.js"):
        text = (STATIC / "parts" / name).read_text("utf-8")
        assert len(_ENTRY.sub("", text).split()) == 6  # export const … = { };
        found += _ENTRY.findall(text)
    assert len(dict(found)) == len(found), "a key stands twice"
    return dict(found)


TABLES = {language: table(language) for language in ("en", "fr")}


def source() -> str:
    """The page, but for its words."""
    parts = [path for path in STATIC.rglob("*.js") if not path.match("words_*.js")]
    return "".join(each.read_text("utf-8") for each in [*parts, STATIC / "index.html"])


def used() -> set[str]:
    """Words that the page names outright."""
    return {*re.findall(r'(?:\bt\(|data-(?:word|label)=)"([a-z0-9_]+)"', source())}


def test_both_languages_have_the_same_words_and_places() -> None:
    places = {
        language: {key: {*_PLACE.findall(text)} for key, text in each.items()}
        for language, each in TABLES.items()
    }
    assert places["en"] == places["fr"]


def test_no_word_is_untranslated() -> None:
    alike = {key for key, text in TABLES["en"].items() if TABLES["fr"][key] == text}
    assert alike - ALIKE == set()


@pytest.mark.parametrize("language", TABLES)
def test_each_word_that_is_used_is_there(language: str) -> None:
    assert used() - TABLES[language].keys() == set()


def test_no_word_is_left_over() -> None:
    text = source()
    named = {*re.findall(r'"([\w.]+)"', text), *VOCABULARIES[""]}
    begun = tuple(re.findall(r"`([a-z_]+_)\$\{", text))
    assert {key for key in TABLES["en"] if not key.startswith(begun)} - named == set()


@pytest.mark.parametrize("start", VOCABULARIES)
def test_each_word_of_the_server_s_has_one_of_the_page_s(start: str) -> None:
    assert {start + each for each in VOCABULARIES[start]} - TABLES["en"].keys() == set()


def test_a_refusal_is_a_code_and_no_sentence() -> None:
    for path in PAGE.glob("*.py"):
        if path.name != "orders.py":  # what is no order is told as one code
            assert "raise EventError" not in path.read_text("utf-8"), path
    assert all(" " not in code for code in refusals.CODES)


def test_a_message_of_the_platform_s_is_in_both_languages() -> None:
    for row in magic.table():
        assert row.message and row.message_fr


def test_nothing_of_the_page_sets_markup_or_comes_from_elsewhere() -> None:
    for path in STATIC.rglob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text
        )
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.html")]:
        assert not re.search(r"https?://|@import|style=", path.read_text("utf-8")), path
