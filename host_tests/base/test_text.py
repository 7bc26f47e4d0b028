"""What counts as a digit, a letter or printable: ASCII, the same on both Pythons."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree

MODULE = "milepad.base.text"
ANY_TEXT = st.text(max_size=8) | st.text(string.printable, max_size=8)


@given(text=ANY_TEXT)
def test_digits_are_0_to_9(micropython: Peer, text: str) -> None:
    expected = text != "" and set(text) <= set(string.digits)
    assert agree(micropython, MODULE, "digits_only", text) is expected


@given(text=ANY_TEXT)
def test_letters_are_a_to_z(micropython: Peer, text: str) -> None:
    expected = text.isascii() and text.isalnum()
    assert agree(micropython, MODULE, "letters_or_digits", text) is expected


@given(text=ANY_TEXT)
def test_printable_is_ascii_without_controls(micropython: Peer, text: str) -> None:
    expected = text.isascii() and text.isprintable()
    assert agree(micropython, MODULE, "is_printable", text) is expected


@given(text=ANY_TEXT, limit=st.integers(0, 10))
def test_a_printable_text_keeps_what_it_can(
    micropython: Peer, text: str, limit: int
) -> None:
    kept = agree(micropython, MODULE, "printable", text, limit)
    assert isinstance(kept, str) and len(kept) == min(len(text), limit)
    assert all(
        k == (c if " " <= c <= "~" else "?") for k, c in zip(kept, text, strict=False)
    )


@pytest.mark.parametrize("text", ["²", "٣", "１", "ß", "é", "\u212a"])
def test_other_alphabets_have_neither_digits_nor_letters(
    micropython: Peer, text: str
) -> None:
    for function in ("digits_only", "letters_or_digits", "is_printable"):
        assert agree(micropython, MODULE, function, text) is False
