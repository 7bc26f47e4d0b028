"""CODE128: code words, check and bars, compared with the standard and with another encoder."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.handheld.chips import code128

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from barcode.codex import Code128 as OtherEncoder


def test_golden_words_of_a_text_in_code_set_a():
    # ISO/IEC 15417's way: start A, values, sum of value x position modulo 103, stop.
    words, text = code128.parse(b"{APJJ123C")
    assert words == [103, 48, 42, 42, 17, 18, 19, 35, 54, 106]
    assert text == "PJJ123C"


def test_code_set_c_packs_two_digits_a_word():
    words, text = code128.parse(b"{C\x0c\x22\x38")
    assert words == [105, 12, 34, 56, (105 + 12 + 68 + 168) % 103, 106]
    assert text == "123456"


def test_a_change_of_code_set_and_a_brace():
    words, text = code128.parse(b"{B{{x{C\x07")
    assert words[:5] == [104, 91, 88, 99, 7]
    assert text == "{x07"


@pytest.mark.parametrize(
    "raw", [b"", b"{B", b"84095", b"{D12", b"{B\x80", b"{B12{", b"{B{9", b"{C\x64", b"{Aa"]
)
def test_data_that_a_printer_would_not_print_are_refused(raw):
    with pytest.raises(code128.Code128Error):
        code128.parse(raw)


def test_a_symbol_of_eleven_digits_is_a_hundred_and_sixty_seven_modules_wide_in_b():
    words, _ = code128.parse(b"{B84095202006")
    assert len(code128.modules(words)) == 11 * 13 + 13


@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7A), min_size=1, max_size=20)
)
def test_the_bars_are_those_of_another_encoder(text):
    words, shown = code128.parse(b"{B" + text.encode("ascii"))
    other = OtherEncoder(text)
    other._charset = "B"
    assert shown == text
    symbol = code128.modules(words)
    if all(word < 95 for word in words[1:-2]) and not _packs_digits(text):
        assert symbol == other.build()[0]


def _packs_digits(text: str) -> bool:
    """Whether the other encoder would switch to code set C."""
    return any(text[at : at + 2].isdigit() for at in range(len(text)))


@given(st.binary(max_size=64))
def test_any_data_yield_a_symbol_or_the_one_error(raw):
    try:
        words, _ = code128.parse(raw)
    except code128.Code128Error:
        return
    assert set(code128.modules(words)) == {"0", "1"}
