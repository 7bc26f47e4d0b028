"""The gallery is as today's words and chips would make it, and one that is not is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.pictures import gallery
from tools.pictures.messages import LANGUAGES, fits, shown
from tools.pictures.stage import Seen

TOTAL = {
    "en-CA": ["TOTAL WITH TAX", f"{'$43.35':>20}", "", "ENTER=OK CLEAR=ERASE"],
    "fr-CA": ["TOTAL AVEC TAXES", f"{'43,35 $':>20}", "", "ENTER=OK CLEAR=ZÉRO"],
}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A gallery of one screen."""
    gallery.make({each: Seen([TOTAL[each]]) for each in LANGUAGES}, tmp_path)
    return tmp_path


def test_the_gallery_of_this_clone_is_not_stale() -> None:
    assert gallery.stale() == []  # else: make pictures


def test_a_row_is_read_back_as_its_messages() -> None:
    rows = ["REDEEM        $40.00", "4x$10: 380 MILES", "MAX 4 NOW 75 TODAY", ""]
    assert fits(["redeem", "units", "most_units"], shown("screens", "en-CA", rows))


def test_a_screen_has_one_name_in_both_languages(made: Path) -> None:
    listed = json.loads((made / "list.json").read_text("utf-8"))["screens"]
    assert [*listed] == ["basket_total-money_hint"]
    assert {*listed["basket_total-money_hint"]} == {"keys", *LANGUAGES}
    assert gallery.stale(made) == []


def test_words_that_have_changed_since_are_told(made: Path) -> None:
    path = made / "list.json"
    path.write_text(path.read_text("utf-8").replace("TOTAL WITH TAX", "THE SUM"), "utf-8")
    assert gallery.stale(made) == [
        "screens/en-CA/basket_total-money_hint: its words are others now"
    ]


def test_a_picture_that_is_missing_and_one_too_many_are_told(made: Path) -> None:
    folder = made / "screens/en-CA"
    (folder / "basket_total-money_hint.png").rename(folder / "other.png")
    assert gallery.stale(made) == [
        "screens/en-CA/basket_total-money_hint.png: is missing",
        "screens/en-CA/other.png: is no more",
    ]


def test_other_dots_are_told(made: Path) -> None:
    path = made / "list.json"
    path.write_text(path.read_text("utf-8").replace(gallery.drawn(), "0" * 16), "utf-8")
    assert gallery.stale(made) == ["the display's dots are others"]


def test_a_clone_without_a_gallery_says_so(tmp_path: Path) -> None:
    assert gallery.stale(tmp_path) == ["there is no gallery"]


def test_a_list_of_another_make_is_told(made: Path) -> None:
    (made / "list.json").write_text('{"screens": {"starting": {"en-CA": []}}}', "utf-8")
    assert gallery.stale(made) == ["list.json is not as it is written today"]
