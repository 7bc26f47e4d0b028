"""Money is integer cents between the wire and the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.base.errors import FieldError
from milepad.base.money import MAX_CENTS, format_dollars, parse_dollars


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
