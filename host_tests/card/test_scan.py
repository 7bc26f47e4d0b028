"""A scanner's line becomes a card, or the confirmation number of a slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.card.plain import scanned
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import CardError, ForeignCardError
from milepad.card.scan import confirmation_number, scan

CARD = ("84095202006", "SCAN", None)
MODULE = "milepad.card.scan"


@pytest.mark.parametrize(
    "line",
    [
        "84095202006",
        "84095202006\r",
        "84095202006\r\n",
        "84095202006\t",
        "\x0284095202006\x03",
        "  84095202006 \r",
        "]C084095202006\r",
        "]I084095202006",
        "]e084095202006",
        "]Qm 84095202006",
        "j84095202006",  # a maker's code letter
        "D84095202006\r",
        "Fb84095202006",
        "\x02j84095202006\x03",
    ],
)
def test_reads_what_scanners_send(micropython: Peer, line: str) -> None:
    assert agree(micropython, "host_tests.card.plain", "scanned", line, {}) == CARD


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        (
            {"prefix": "0"},
            "084095202006",
        ),  # interleaved 2 of 5 has an even number of digits
        ({"offset": -1}, "260084095202006"),
        ({"tail": 1}, "840952020069"),
        ({"prefix": "600", "offset": 2, "tail": 1}, "84095202006"),
    ],
)
def test_a_bar_code_is_the_number_alone_or_follows_the_rules(
    rules: dict, line: str
) -> None:
    assert scanned(line, rules) == CARD


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\r",
        "]",
        "]C0",
        "]C",
        "C084095202006",
        "]0084095202006",
        "]C-84095202006",
        "]C0]C084095202006",
        "8409520",  # half a line
        "8409520\r84095202006",  # half a line, then a whole one
        "8409 520 2006",
        "8412345678905",  # a product from Spain
        "84095202006x",
        "jjj84095202006",
        "j84095202006x",
        "８４０９５２０２００６",
        "https://example.org/84095202006",
        "84095202006\x0084095202006",
    ],
)
def test_refuses_what_is_no_card(micropython: Peer, line: str) -> None:
    with pytest.raises(CardError):
        agree(micropython, "host_tests.card.plain", "scanned", line, {})


@pytest.mark.parametrize(
    "line",
    ["9780306406157", "96385074", "036000291452", "https://a.ca/1", "]E09780306406157"],
)
def test_the_bar_code_of_something_else_is_told_from_half_a_number(line: str) -> None:
    with pytest.raises(ForeignCardError):
        scan(line, {})


@pytest.mark.parametrize("line", ["", "8", "8409520200", "\x02\x03", "]C08409", "j8409"])
def test_half_a_number_is_no_other_card(line: str) -> None:
    with pytest.raises(CardError) as fault:
        scan(line, {})
    assert not isinstance(fault.value, ForeignCardError)


@pytest.mark.parametrize("c", ["8", " ", "\r", "]", "é"])
def test_refuses_a_line_of_ten_thousand_characters(micropython: Peer, c: str) -> None:
    for function in ("scanned", "swiped"):
        with pytest.raises(CardError):
            agree(micropython, "host_tests.card.plain", function, c * 10_000, {})


@given(text=st.text("]C08 \r\n\t\0A", max_size=70) | st.text(max_size=70))
def test_arbitrary_text_is_a_card_or_a_card_error(micropython: Peer, text: str) -> None:
    for module, function, args in (
        ("host_tests.card.plain", "scanned", (text, {})),
        (MODULE, "confirmation_number", (text,)),
    ):
        try:
            assert agree(micropython, module, function, *args)
        except CardError as fault:
            assert len(str(fault)) <= 20


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("0000\r\n", "0000"),
        ("]C0A1b2C3", "A1b2C3"),
        ("123456789012345678901234", "123456789012345678901234"),
    ],
)
def test_reads_a_confirmation_number_off_a_slip(line: str, number: str) -> None:
    assert confirmation_number(line) == number


@pytest.mark.parametrize(
    "line", ["", "123", "1" * 25, "12-34", "12 34", "1234é", "１２３４"]
)
def test_refuses_what_is_no_confirmation_number(line: str) -> None:
    with pytest.raises(CardError):
        confirmation_number(line)


def test_a_scanned_card_says_so() -> None:
    assert scan("84095202006", {}).card_entry_mode == "SCAN"
