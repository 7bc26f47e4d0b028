"""The dot letters: every letter that a screen may show has a shape of its own."""

from __future__ import annotations

import pytest

from host_tests.kit.peer import Peer, agree
from milepad import words
from milepad.drivers import dot_font


def shape(letter: str) -> bytes:
    columns = bytearray(5)
    dot_font.load(dot_font.code(letter), columns)
    return bytes(columns)


def rows(letter: str) -> list[str]:
    return ["".join(".#"[c >> row & 1] for c in shape(letter)) for row in range(8)]


def test_a_letter_is_drawn_as_its_columns_from_the_left() -> None:
    assert rows("L") == [
        "#....",
        "#....",
        "#....",
        "#....",
        "#....",
        "#....",
        "#####",
        ".....",
    ]


def test_an_accent_stands_above_its_letter() -> None:
    assert rows("é") == [
        "...#.",
        "..#..",
        ".###.",
        "#...#",
        "#####",
        "#....",
        ".###.",
        ".....",
    ]


def test_a_blank_has_number_0_and_no_dots() -> None:
    assert dot_font.code(" ") == 0
    assert shape(" ") == bytes(5)


def test_all_letters_look_different() -> None:
    letters = [chr(code) for code in range(32, 127)] + list(
        "üéèêëàâçùûôîïœÉÈÊËÀÂÇÙÛÔÎÏŒ°→←"
    )
    assert len({shape(letter) for letter in letters}) == len(letters)


@pytest.mark.parametrize(("letter", "alike"), [("’", "'"), ("—", "-"), ("\u00a0", " ")])
def test_a_typographic_sign_looks_like_its_plain_one(letter: str, alike: str) -> None:
    assert shape(letter) == shape(alike)


@pytest.mark.parametrize("letter", ["€", "漢", "\x00", "\n", "\x7f"])
def test_what_there_is_no_letter_for_is_a_question_mark(letter: str) -> None:
    assert shape(letter) == shape("?")


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
def test_every_message_can_be_drawn(language: str) -> None:
    texts = "".join(words.table(language).values()).replace("\n", "")
    assert [c for c in texts if c != "?" and shape(c) == shape("?")] == []


def test_micropython_agrees(micropython: Peer) -> None:
    for letter in "A?é€’→\\":
        agree(micropython, "milepad.drivers.dot_font", "code", letter)
