"""Money is integer cents between the wire and the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.base.errors import FieldError
from milepad.base.money import MAX_CENTS, display_dollars, format_dollars, parse_dollars
from milepad.base.vocabulary import ENGLISH, FRENCH

MODULE = "milepad.base.money"
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("text", "cents"),
    [("43.35", 4335), ("10", 1000), ("10.0", 1000), ("0.05", 5), ("007", 700)],
)
def test_reads_the_decimal_amounts_of_the_wire(text: str, cents: int) -> None:
    assert parse_dollars(text) == cents


@pytest.mark.parametrize(
    "text",
    ["", ".", "1.", ".5", "-1", "+1", "1e3", "1.234", " 1", "1,00", "²", "1234567", "٣"],
)
def test_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(FieldError):
        parse_dollars(text)


@given(st.integers(0, MAX_CENTS))
def test_reads_back_what_it_writes(cents: int) -> None:
    assert parse_dollars(format_dollars(cents)) == cents


@pytest.mark.parametrize("cents", [-1, MAX_CENTS + 1])
def test_writes_no_amount_outside_its_range(cents: int) -> None:
    with pytest.raises(FieldError):
        format_dollars(cents)


@given(text=st.text("0123456789.-+e ², ", max_size=9))
def test_both_pythons_read_the_same(micropython: Peer, text: str) -> None:
    try:
        agree(micropython, "milepad.base.money", "parse_dollars", text)
    except FieldError as fault:
        assert fault.field == "amount"


@pytest.mark.parametrize(
    ("cents", "english", "french"),
    [
        (4000, "$40.00", "40,00 $"),
        (4335, "$43.35", "43,35 $"),
        (5, "$0.05", "0,05 $"),
        (0, "$0.00", "0,00 $"),
        (100000, "$1000.00", "1000,00 $"),
        (-4000, "-$40.00", "-40,00 $"),
        (-5, "-$0.05", "-0,05 $"),
    ],
)
def test_an_amount_on_the_screen_is_written_as_its_language_does(
    micropython: Peer, cents: int, english: str, french: str
) -> None:
    assert agree(micropython, MODULE, "display_dollars", cents, ENGLISH) == english
    assert agree(micropython, MODULE, "display_dollars", cents, FRENCH) == french


@given(cents=st.integers(-99999999, 99999999))
def test_both_languages_write_the_same_digits(cents: int) -> None:
    english, french = display_dollars(cents, ENGLISH), display_dollars(cents, FRENCH)
    assert english.replace("$", "").replace(".", ",") + " $" == french


@pytest.mark.parametrize(
    ("cents", "english", "french"),
    [
        (4000, "$40.00", "40,00 $"),
        (5, "$0.05", "0,05 $"),
        (0, "$0.00", "0,00 $"),
        (123456789, "$1,234,567.89", "1 234 567,89 $"),
        (-150, "-$1.50", "-1,50 $"),
    ],
)
def test_an_amount_on_paper_is_grouped_and_breaks_at_no_space(
    micropython: Peer, cents: int, english: str, french: str
) -> None:
    assert agree(micropython, MODULE, "display_dollars", cents, ENGLISH, True) == english
    assert agree(
        micropython, MODULE, "display_dollars", cents, FRENCH, True
    ) == french.replace(" ", NBSP)


@given(value=st.integers(-(10**12), 10**12))
def test_numbers_are_grouped_in_threes(micropython: Peer, value: int) -> None:
    assert agree(micropython, MODULE, "group_thousands", value, ENGLISH) == f"{value:,}"
    french = agree(micropython, MODULE, "group_thousands", value, FRENCH)
    assert french == f"{value:,}".replace(",", NBSP)
