"""A slip as the bytes that an ESC/POS thermal printer understands. Knows no UART.

A slip is a list of (style, text) from `layout`. A job says all that it needs: printers keep
their state between jobs and some start in Chinese double-byte mode.

`printer` is the profile's [printer] table. These of its keys are read, here with what they
are when absent: `columns` 32 (384 dots, 58 mm; 48 is 576 dots, 80 mm), `code_page` "CP858",
`code_page_number` -1 (Epson's n of `ESC t n`; others have their own), `cutter` False.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.text import digits_only, is_printable
from milepad.receipt import code_pages

if TYPE_CHECKING:
    from typing import Iterable, Iterator

    from milepad.receipt.protocols import Element, PrinterSettings

BOLD = const(1)
TALL = const(2)
CENTER = const(4)
BARCODE = const(8)

# Style, command that begins it, command that ends it; a later one encloses the earlier ones.
_COMMANDS = (
    (BOLD, b"\x1bE\x01", b"\x1bE\x00"),  # ESC E
    (TALL, b"\x1d!\x01", b"\x1d!\x00"),  # GS !
    (CENTER, b"\x1ba\x01", b"\x1ba\x00"),  # ESC a
)
_DOTS_PER_COLUMN = const(12)  # font A
_QUIET_MODULES = const(20)  # ten on either side (ISO/IEC 15417)


def _is_obeyed(pairs: bytes) -> bool:
    """Whether a printer would take a part of these data for a command: DLE EOT, DLE ENQ and
    DLE DC4 are obeyed wherever they stand, also where the rest of the command is missing.
    """
    return any(b"\x10" + after in pairs for after in (b"\x04", b"\x05", b"\x14"))


def _code128(text: str) -> tuple[bytes, int]:
    """(data of GS k, symbol's width in modules). Pairs of digits take code set C, unless a
    printer would obey them.

    Empty where `text` cannot be a barcode.
    """
    if not is_printable(text):
        return b"", 0
    odd = len(text) % 2 if len(text) >= 4 and digits_only(text) else len(text)
    pairs = bytes([int(text[i : i + 2]) for i in range(odd, len(text), 2)])
    if _is_obeyed(pairs):
        odd = len(text)
    raw = b""
    symbols = 1  # the check symbol
    if odd:
        raw = b"{B" + text[:odd].replace("{", "{{").encode()
        symbols += 1 + odd
    if odd < len(text):
        raw += b"{C" + pairs
        symbols += 1 + len(pairs)
    return raw, symbols * 11 + 13


def barcode(text: str, columns: int) -> bytes:
    """Commands that print `text` as CODE128, centred, 10 mm high, its characters below it.

    Empty when the bars and their quiet zones do not fit the paper in modules of at least
    two dots (0.25 mm), or a character is not printable ASCII: the text line has to do then.
    """
    raw, modules = _code128(text)
    for width in (3, 2):
        if raw and (modules + _QUIET_MODULES) * width <= columns * _DOTS_PER_COLUMN:
            # Centred; GS h, GS w, GS H 2 (characters below), GS k 73.
            sizes = b"\x1ba\x01\x1dh\x50\x1dw" + bytes((width,))
            return sizes + b"\x1dH\x02\x1dkI" + bytes((len(raw),)) + raw + b"\x1ba\x00"
    return b""


def _line(style: int, raw: bytes) -> bytes:
    raw += b"\n"
    for one, begin, end in _COMMANDS:
        if style & one:
            raw = begin + raw + end
    return raw


def pieces(slip: "Iterable[Element]", printer: "PrinterSettings") -> "Iterator[bytes]":
    """Yields the job in pieces, a line each: a driver needs no more than one at a time.

    Raises ProfileError for an unknown code page.
    """
    page = printer.get("code_page", "CP858")
    number = printer.get("code_page_number", -1)
    if number < 0:
        number = code_pages.number(page)
    # ESC @ resets, FS . leaves the Chinese mode that some printers start in, ESC t.
    yield b"\x1b@\x1c.\x1bt" + bytes((number,))
    for style, text in slip:
        if style & BARCODE:
            yield barcode(text, printer.get("columns", 32))
        else:
            yield _line(style, code_pages.encode(text, page))
    # Four lines up to the tear bar or the blade; GS V 1 leaves one point uncut.
    yield b"\x1bd\x04\x1dV\x01" if printer.get("cutter") else b"\x1bd\x04"


def job(slip: "Iterable[Element]", printer: "PrinterSettings") -> bytes:
    """The whole job as bytes that can be kept and sent again; see `pieces`."""
    raw = bytearray()
    for piece in pieces(slip, printer):
        raw.extend(piece)
    return bytes(raw)
