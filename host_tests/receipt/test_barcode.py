"""The confirmation number as CODE128: its bytes, and what a scanner reads from paper."""

from __future__ import annotations

import pytest
from barcode.charsets import code128
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.kit.peer import agree
from host_tests.receipt.scanner import scan
from milepad.receipt import escpos

MODULE = "milepad.receipt.escpos"
HEIGHT = b"\x1dh\x50"
TEXT_BELOW = b"\x1dH\x02"
CENTER_ON, CENTER_OFF = b"\x1ba\x01", b"\x1ba\x00"
DOTS = {32: 384, 48: 576}


def golden(width: int, data: bytes) -> bytes:
    bars = b"\x1dk" + bytes([73, len(data)]) + data
    return CENTER_ON + HEIGHT + b"\x1dw" + bytes([width]) + TEXT_BELOW + bars + CENTER_OFF


@pytest.mark.parametrize(
    ("text", "columns", "width", "data"),
    [
        ("10000000000", 32, 2, b"{B1{C\x00\x00\x00\x00\x00"),
        ("10000000000", 48, 3, b"{B1{C\x00\x00\x00\x00\x00"),
        ("123456789012", 32, 3, b"{C\x0c\x22\x38\x4e\x5a\x0c"),
        ("0000", 32, 3, b"{C\x00\x00"),
        ("12", 32, 3, b"{B12"),
        ("AB-12", 32, 3, b"{BAB-12"),
        ("a{b", 32, 3, b"{Ba{{b"),
        ("01605020123", 48, 3, b"{B01605020123"),  # DLE ENQ 2 in pairs
        ("16040100", 32, 2, b"{B16040100"),  # DLE EOT 1
        ("00162001", 32, 2, b"{B00162001"),  # DLE DC4 1
        ("0016040", 32, 3, b"{B0{C\x01\x3c\x28"),
        ("01160512", 32, 2, b"{B01160512"),
    ],
)
def test_the_command_to_the_byte(micropython, text, columns, width, data):
    assert agree(micropython, MODULE, "barcode", text, columns) == golden(width, data)


@pytest.mark.parametrize(
    "text", ["", "x" * 15, "1" * 26, "1" * 300, "no\u00e9", "a\x1b@", "٣٣٣٣"]
)
def test_what_does_not_fit_or_is_no_ascii_has_no_barcode(micropython, text):
    assert agree(micropython, MODULE, "barcode", text, 32) == b""


@pytest.mark.parametrize("text", ["10000000000", "0000", "AB-12"])
def test_python_escpos_sends_the_same_barcode(text, capsys):
    ours = escpos.barcode(text, 32)
    data = ours[ours.index(b"\x1dk") + 4 : -len(CENTER_OFF)]
    printer = Dummy()
    printer.barcode(data.decode(), "CODE128", height=80, width=2, function_type="B")
    theirs = printer.output
    assert theirs[theirs.index(b"\x1dk") :] == b"\x1dk" + bytes([73, len(data)]) + data
    assert HEIGHT in theirs
    assert TEXT_BELOW in theirs


# A printer of our own: the command's data becomes bars. The patterns are python-barcode's.


def symbols(data: bytes) -> list[int]:
    """Code 128 values of GS k data, from the start symbol to the check symbol."""
    values: list[int] = []
    code_set = b""
    at = 0
    while at < len(data):
        if data[at : at + 1] == b"{" and data[at + 1 : at + 2] in (b"B", b"C"):
            code_set = data[at + 1 : at + 2]
            values.append({b"B": (104, 100), b"C": (105, 99)}[code_set][bool(values)])
            at += 2
        elif code_set == b"C":
            values.append(data[at])
            at += 1
        else:
            values.append(data[at] - 32)
            at += 2 if data[at : at + 2] == b"{{" else 1
    check = values[0] + sum(at * value for at, value in enumerate(values))
    return [*values, check % 103]


def paper(command: bytes, dots: int) -> tuple[int, int, bytes]:
    """(width, height, one byte a dot) of the paper after a barcode command."""
    assert command.startswith(CENTER_ON + HEIGHT + b"\x1dw")
    module = command[8]
    kind, length = command[14], command[15]
    assert command[12:14] == b"\x1dk"
    assert (kind, len(command) - 16 - len(CENTER_OFF)) == (73, length)
    pattern = "".join(code128.CODES[value] for value in symbols(command[16 : 16 + length]))
    pattern += code128.STOP + "11"
    bars = b"".join((b"\x00" if bit == "1" else b"\xff") * module for bit in pattern)
    left = (dots - len(bars)) // 2
    assert left >= 10 * module, "the quiet zone is on the paper"
    row = (b"\xff" * left + bars).ljust(dots, b"\xff")
    white = b"\xff" * dots
    return dots, 40 + 80, white * 20 + row * 80 + white * 20


def scanned(text: str, columns: int) -> list[tuple[str, bytes]]:
    return scan(*paper(escpos.barcode(text, columns), DOTS[columns]))


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize(
    "text",
    [
        "10000000000",
        "99999999999",
        "0000",
        "12345678901234567890",
        "AB-12",
        "{B}12{C",
        "x" * 11,
    ],
)
def test_a_scanner_reads_the_number_back_from_the_paper(text, columns):
    assert scanned(text, columns) == [("Code 128", text.encode())]


@settings(max_examples=60)
@given(
    number=st.text("0123456789", min_size=4, max_size=22), columns=st.sampled_from([32, 48])
)
def test_a_scanner_reads_any_confirmation_number(number, columns):
    assert scanned(number, columns) == [("Code 128", number.encode())]


@given(number=st.from_regex(r"[0-9]{0,7}16(04|05|20)[0-9]{0,6}", fullmatch=True))
def test_no_number_holds_what_a_printer_obeys_within_data(number: str) -> None:
    raw = escpos.barcode(number, 48)
    assert not [each for each in (b"\x10\x04", b"\x10\x05", b"\x10\x14") if each in raw]


@pytest.mark.parametrize("number", ["01605020123", "16040100", "0011605"])
def test_a_scanner_reads_the_numbers_that_a_printer_would_obey(number: str) -> None:
    assert scanned(number, 48) == [("Code 128", number.encode())]


def test_a_scanner_reads_nothing_from_blank_paper():
    assert scan(384, 50, b"\xff" * 384 * 50) == []
