"""Cuts a printer's bytes into text and whole ESC/POS commands; knows no meanings.

The lengths follow Epson's command reference. Bytes may come in any pieces. An unknown
command is two bytes long: what follows it is text then, as on a real printer.
"""

from __future__ import annotations

from typing import NamedTuple

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D
_PREFIXES = (DLE, ESC, FS, GS)

# Command -> number of parameter bytes (the first ones, where more depend on them).
PARAMETERS = {
    b"\x1b@": 0, b"\x1b2": 0, b"\x1b3": 1, b"\x1b!": 1, b"\x1b-": 1, b"\x1bE": 1,
    b"\x1bG": 1, b"\x1bJ": 1, b"\x1bM": 1, b"\x1bR": 1, b"\x1ba": 1, b"\x1bd": 1,
    b"\x1bt": 1, b"\x1b7": 3, b"\x1bp": 3, b"\x1c.": 0, b"\x1c&": 0, b"\x1d!": 1,
    b"\x1dB": 1, b"\x1dH": 1, b"\x1dV": 1, b"\x1df": 1, b"\x1dh": 1, b"\x1dr": 1,
    b"\x1dw": 1, b"\x1dk": 1, b"\x10\x04": 1,
}  # fmt: skip
_CUT, _BARCODE = b"\x1dV", b"\x1dk"
_LONGEST_NUL_TERMINATED = 258


class Token(NamedTuple):
    """A text or control byte (`command` empty), or two command bytes with parameters."""

    command: bytes
    parameters: bytes


def _complete(raw: bytes) -> bool:
    """Whether `raw`, which begins with a known command, is the whole of it."""
    command, given = raw[:2], raw[2:]
    if len(given) < PARAMETERS[command]:
        return False
    if command == _CUT:
        return given[0] not in (65, 66) or len(given) == 2
    if command == _BARCODE and given[0] >= 65:
        return len(given) >= 2 and len(given) == 2 + given[1]
    if command == _BARCODE:
        return len(given) > 1 and (given[-1] == 0 or len(raw) >= _LONGEST_NUL_TERMINATED)
    return True


class Lexer:
    """Keeps the beginning of a command until its last byte has come."""

    def __init__(self) -> None:
        self._begun = bytearray()

    def feed(self, code: int) -> Token | None:
        """One byte; the token that it completes, if it does."""
        if not self._begun and code not in _PREFIXES:
            return Token(b"", bytes((code,)))
        self._begun.append(code)
        if len(self._begun) < 2:
            return None
        raw = bytes(self._begun)
        if raw[:2] in PARAMETERS and not _complete(raw):
            return None
        self._begun.clear()
        return Token(raw[:2], raw[2:])
