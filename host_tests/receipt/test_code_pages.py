"""Text becomes the bytes that CPython's own codecs give, and never a printer command."""

from __future__ import annotations

import unicodedata

import pytest
from escpos.magicencode import MagicEncode
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import agree
from milepad.base.errors import ProfileError
from milepad.profile.schema import CODE_PAGES
from milepad.receipt import code_pages
from milepad.words import en_ca_seldom, en_ca_slips, fr_ca_seldom, fr_ca_slips

CODECS = {page: page.lower().replace("wpc", "cp") for page in CODE_PAGES}
PLAIN = {"œ": "o", "Œ": "O", "æ": "a", "Æ": "A", "«": '"', "»": '"', "°": "o"}
FRENCH = "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ«»°"
_FILES = (en_ca_slips, en_ca_seldom, fr_ca_slips, fr_ca_seldom)
TEXTS = "".join([text for file in _FILES for text in file.SLIP_TEXTS.values()])
OURS = sorted(set(TEXTS + code_pages._CHARACTERS) - {"\u00a0"})
MODULE = "milepad.receipt.code_pages"

pages = pytest.mark.parametrize("page", CODECS)


def encodable(character: str, codec: str) -> bool:
    return bool(character.encode(codec, "ignore"))


@pages
def test_every_character_of_ours_is_the_codec_s_byte_where_the_page_has_it(
    micropython, page
):
    text = "".join(c for c in OURS if encodable(c, CODECS[page]))
    assert agree(micropython, MODULE, "encode", text, page) == text.encode(CODECS[page])


@pages
@pytest.mark.parametrize("character", FRENCH)
def test_a_french_letter_that_the_page_lacks_loses_its_accent(page, character):
    if encodable(character, CODECS[page]):
        expected = character.encode(CODECS[page])
    else:
        plain = unicodedata.normalize("NFD", character)[0]
        expected = PLAIN.get(plain, plain).encode("ascii")
    assert code_pages.encode(character, page) == expected


@pytest.mark.parametrize("page", ["CP437", "CP850", "CP858", "CP863"])
def test_typographic_marks_become_ascii_where_the_page_lacks_them(micropython, page):
    text = "\u2018\u2019\u201c\u201d\u2013\u2014"
    assert agree(micropython, MODULE, "encode", text, page) == b"''\"\"--"


@pages
def test_spaces_that_do_not_break_are_plain_spaces(page):
    assert code_pages.encode("40,00\u00a0$\u202f!", page) == b"40,00 $ !"


@pages
def test_what_no_page_has_is_a_question_mark(micropython, page):
    assert agree(micropython, MODULE, "encode", "Ω中\U0001f600\ud83d", page) == b"????"


@pytest.mark.parametrize(
    ("page", "raw"),
    [("CP858", b"\xd5"), ("WPC1252", b"\x80"), ("CP850", b"?"), ("CP437", b"?")],
)
def test_the_euro(page, raw):
    assert code_pages.encode("€", page) == raw


@pages
@given(text=st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_any_text_is_one_printable_byte_a_character(micropython, page, text):
    raw = agree(micropython, MODULE, "encode", text, page)
    assert len(raw) == len(text)
    assert all(byte >= 0x20 and byte != 0x7F for byte in raw)


@pages
def test_python_escpos_sends_the_same_bytes(page):
    text = "".join(c for c in OURS if encodable(c, CODECS[page]))
    printer = Dummy()
    MagicEncode(printer, encoding=CODECS[page].upper(), disabled=True).write(text)
    assert printer.output == code_pages.encode(text, page)


@pages
def test_the_number_is_the_one_that_python_escpos_knows_for_the_page(page):
    known = Dummy().profile.profile_data["codePages"]
    assert known[str(code_pages.number(page))] == CODECS[page].upper()


def test_a_profile_may_name_every_page_that_is_here() -> None:
    assert set(code_pages._PAGES) == set(CODE_PAGES)


@pytest.mark.parametrize("function", ["number", "encode"])
def test_an_unknown_page_is_refused_with_the_known_ones(micropython, function):
    arguments = ("CP437 ",) if function == "number" else ("x", "CP437 ")
    with pytest.raises(ProfileError, match=", ".join(sorted(CODE_PAGES))):
        agree(micropython, MODULE, function, *arguments)


def test_every_letter_that_a_page_has_is_made_of_its_parts_too() -> None:
    whole = [c for c in code_pages._CHARACTERS if unicodedata.decomposition(c)[:1] == "0"]
    for letter in whole:
        assert code_pages.normalize(unicodedata.normalize("NFD", letter)) == letter


def test_every_letter_that_is_made_of_parts_is_one_that_a_page_has() -> None:
    made = "".join(letters for _, letters in code_pages._COMBINED.values())
    assert set(made) <= set(code_pages._CHARACTERS)
    for mark, (letters, composed) in code_pages._COMBINED.items():
        pairs = zip(letters, composed, strict=True)
        assert all(unicodedata.normalize("NFC", a + mark) == b for a, b in pairs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sœur, ŒUFS\u2026", "Soeur, OEUFS..."),
        ("AIR MILES\u2122 co\u00adop", "AIR MILES coop"),
        ("e\u0301te\u0301", "été"),
        ("C\u0327A\u0300 nai\u0308f man\u0303ana fo\u0302ret", "ÇÀ naïf mañana fôret"),
        ("o\u030b\u0301 \u0301e g\u0306 i\u0300", "o e g i"),  # no page has them
        ("drive\u2010in non\u2011stop \u22125 \u2012\u2015", "drive-in non-stop -5 --"),
        ("\u2022 milk \u00b7 eggs \u2219 5\u2032 6\u2033", "* milk * eggs * 5' 6\""),
        ("a\u200bb\u2009c", "ab c"),
        ("a\x1b@\r\nb\x9b\x7f", "a @  b  "),
    ],
)
def test_normalized_text_takes_one_column_a_character(micropython, text, expected):
    assert agree(micropython, MODULE, "normalize", text) == expected
