"""The thermal printer: golden ESC/POS bytes become the paper that a person would hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.handheld.chips.slip import Barcode, Slip
from tools.handheld.chips.thermal_printer import ThermalPrinter

START = b"\x1b@\x1c."  # initialise, no double-byte letters
CUT = b"\x1dV\x00"


def printed(raw: bytes, columns: int = 32) -> tuple[list[Slip], list[str]]:
    """The slips of `raw` after a long silence, and the complaints."""
    printer = ThermalPrinter(columns)
    printer.receive(raw, 0)
    return printer.take_slips(10_000), printer.complaints.all


def lines_of(raw: bytes, columns: int = 32) -> list[str]:
    """The lines of the one slip that `raw` and a cut print without a complaint."""
    (slip,), complaints = printed(START + raw + CUT, columns)
    assert complaints == []
    return slip.lines


def test_a_slip_is_its_lines_and_its_bytes():
    raw = START + b"AIR MILES\nThank you\n" + CUT
    (slip,), _ = printed(raw)
    assert slip.lines == ["AIR MILES", "Thank you"]
    assert slip.escpos == raw


@pytest.mark.parametrize(
    ("page", "code", "letter"),
    [
        (0, 0x82, "é"),
        (2, 0xB7, "À"),
        (4, 0x84, "Â"),
        (16, 0xC9, "É"),
        (19, 0xD5, "€"),
    ],
)
def test_a_high_byte_is_read_in_the_selected_code_page(page, code, letter):
    assert lines_of(b"\x1bt" + bytes((page, code)) + b"\n") == [letter]


def test_a_printer_may_number_its_pages_in_its_own_way():
    printer = ThermalPrinter(32, {0: "cp437", 71: "cp1252"})
    printer.receive(START + b"\x1bt\x47\xe9\n" + CUT, 0)
    assert printer.take_slips(0)[0].lines == ["é"]


def test_a_page_that_the_printer_does_not_have_is_a_complaint():
    _, complaints = printed(START + b"\x1bt\x63")
    assert complaints == ["there is no code page 99"]


def test_initialise_forgets_page_and_style_and_turns_double_bytes_on():
    _, complaints = printed(START + b"\x1bt\x10\x1b@\xe9\xe9\n")
    assert complaints == ["0xE9 begins a double-byte letter: FS . is missing"]


def test_a_line_that_is_too_long_goes_on_in_the_next_one():
    assert lines_of(b"x" * 40 + b"\n") == ["x" * 32, "x" * 8]
    assert lines_of(b"x" * 50 + b"\n", 48) == ["x" * 48, "xx"]


def test_double_width_takes_two_columns_a_letter():
    assert lines_of(b"\x1d!\x10" + b"x" * 20 + b"\n") == ["x" * 16, "x" * 4]


def test_alignment_counts_columns():
    assert lines_of(b"\x1ba\x01abcd\n\x1ba\x02abcd\n\x1ba\x00abcd\n") == [
        " " * 14 + "abcd",
        " " * 28 + "abcd",
        "abcd",
    ]


def test_alignment_within_a_line_is_a_complaint():
    _, complaints = printed(START + b"ab\x1ba\x01\n")
    assert complaints == ["ESC a within a line has no effect"]


def test_styles_are_kept_on_the_paper():
    (slip,), _ = printed(START + b"\x1bE\x01bold\x1bE\x00 \x1b!\x30big\n" + CUT)
    (line,) = slip.elements
    assert [(span.text, span.style.bold, span.style.wide) for span in line.spans] == [
        ("bold", True, 1),
        (" ", False, 1),
        ("big", False, 2),
    ]


def test_feeds_are_blank_lines_and_the_end_has_none():
    assert lines_of(b"a\x1bd\x03b\x1bJ\x3cc\n\n\n") == ["a", "", "", "b", "", "c"]


def test_a_barcode_stands_in_brackets_and_keeps_its_settings():
    raw = b"\x1dh\x50\x1dw\x02\x1dH\x02\x1ba\x01\x1dkI\x0d{B12345678901"
    (slip,), complaints = printed(START + raw + CUT)
    assert slip.lines == ["     [CODE128 12345678901]"]
    (symbol,) = slip.elements
    assert isinstance(symbol, Barcode)
    assert (symbol.module_dots, symbol.height_dots, symbol.shown) == (2, 80, 2)
    assert complaints == []


def test_a_barcode_wider_than_the_paper_is_not_printed():
    slips, complaints = printed(START + b"\x1dw\x03\x1dkI\x0d{B12345678901" + CUT)
    assert slips == []
    assert complaints == ["CODE128: 468 dots are wider than the paper; nothing is printed"]


def test_a_barcode_without_its_code_set_is_not_printed():
    slips, complaints = printed(START + b"\x1dkI\x0b12345678901" + CUT)
    assert slips == []
    assert "nothing is printed" in complaints[0]


def test_a_cut_ends_a_job_at_once():
    printer = ThermalPrinter()
    printer.receive(START + b"one\n" + CUT + START + b"two\n\x1dVA\x03", 0)
    assert [slip.lines for slip in printer.take_slips(0)] == [["one"], ["two"]]


def test_a_long_feed_ends_a_job_after_silence():
    printer = ThermalPrinter()
    printer.receive(START + b"one\n\x1bd\x03", 1000)
    assert printer.take_slips(1149) == []
    assert [slip.lines for slip in printer.take_slips(1150)] == [["one"]]


def test_a_feed_within_a_job_does_not_end_it():
    printer = ThermalPrinter()
    printer.receive(START + b"one\n\x1bd\x03", 0)
    printer.receive(b"two\n\x1bd\x04", 100)
    assert printer.take_slips(200) == []
    assert printer.take_slips(250)[0].lines == ["one", "", "", "", "two"]


def test_a_short_feed_ends_nothing():
    printer = ThermalPrinter()
    printer.receive(START + b"one\n\x1bd\x02", 0)
    assert printer.take_slips(60_000) == []


def test_status_requests_are_answered_and_are_no_part_of_the_job():
    printer = ThermalPrinter()
    assert (
        printer.receive(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04", 0)
        == b"\x12" * 4
    )
    printer.receive(b"a\n\x10\x04\x04" + CUT, 0)
    assert printer.take_slips(0)[0].escpos == b"a\n" + CUT


def test_without_paper_the_status_says_so_and_nothing_is_printed():
    printer = ThermalPrinter()
    printer.set_paper(False)
    assert printer.receive(b"\x10\x04\x01\x10\x04\x02\x10\x04\x04", 0) == b"\x1a\x32\x7e"
    printer.receive(START + b"lost\n" + CUT, 0)
    printer.set_paper(True)
    assert printer.receive(b"\x10\x04\x04", 0) == b"\x12"
    printer.receive(START + b"printed\n" + CUT, 0)
    (slip,) = printer.take_slips(10_000)
    assert slip.lines == ["printed"]
    assert slip.escpos == START + b"printed\n" + CUT


def test_an_open_cover_is_another_status_than_no_paper_and_stops_the_printing():
    printer = ThermalPrinter()
    printer.set_cover(False)
    assert printer.receive(b"\x10\x04\x02", 0) == b"\x16"
    assert printer.receive(b"\x10\x04\x01", 0) == b"\x1a"
    assert printer.receive(b"\x10\x04\x04", 0) == b"\x12"
    printer.receive(b"lost\n\x1dV0", 0)
    printer.set_cover(True)
    assert printer.receive(b"\x10\x04\x02", 0) == b"\x12"
    assert printer.take_slips(1000) == []


def test_each_thing_that_is_put_on_the_paper_is_told_at_once():
    printed: list[object] = []
    printer = ThermalPrinter(on_printed=printed.append)
    printer.receive(b"one", 0)
    assert printed == []
    printer.receive(b"\ntwo\n\x1bd\x03", 0)
    assert [type(each).__name__ for each in printed] == ["TextLine", "TextLine", "Feed"]


def test_what_was_printed_before_the_paper_ran_out_is_no_part_of_the_next_slip():
    printer = ThermalPrinter()
    printer.receive(START + b"half\nof a li", 0)
    printer.set_paper(False)
    printer.receive(b"ne\n" + CUT, 0)
    printer.set_paper(True)
    printer.receive(START + b"whole\n" + CUT, 0)
    assert [slip.lines for slip in printer.take_slips(0)] == [["whole"]]


@pytest.mark.parametrize("raw", [b"\x1bZ", b"\x1dz", b"\x1cQ", b"\x10\x05"])
def test_an_unknown_command_is_a_complaint(raw):
    _, complaints = printed(START + raw)
    assert complaints == [f"unknown command {raw.hex(' ').upper()}"]


@given(st.binary(max_size=400), st.integers(1, 40))
def test_any_bytes_in_any_pieces_print_the_same_and_never_raise(raw, size):
    whole, pieces = ThermalPrinter(), ThermalPrinter()
    replies = whole.receive(raw + CUT, 0)
    split = [(raw + CUT)[at : at + size] for at in range(0, len(raw + CUT), size)]
    assert b"".join(pieces.receive(piece, 0) for piece in split) == replies
    assert pieces.take_slips(0) == whole.take_slips(0)
    assert pieces.complaints.all == whole.complaints.all


@given(
    st.lists(st.text(st.characters(codec="cp858"), max_size=32), min_size=1, max_size=10)
)
def test_any_text_of_the_code_page_is_read_back(lines):
    good = ["".join(c for c in line if c.isprintable()).rstrip() for line in lines]
    raw = b"".join(line.encode("cp858") + b"\n" for line in good)
    assert lines_of(b"\x1bt\x13end\n" + raw + b"end\n") == ["end", *good, "end"]
