"""Bytes for an HD44780 behind a PCF8574, written from the datasheets and from nothing else."""

RS, E, LIGHT = 0x01, 0x04, 0x08


def nibble(value: int, rs: int = 0) -> bytes:
    """One nibble: lines set, E up, E down."""
    lines = value << 4 | rs | LIGHT
    return bytes((lines, lines | E, lines))


def byte(code: int, rs: int = 0) -> bytes:
    """An instruction or, with RS, a character, in the four-bit mode."""
    return nibble(code >> 4, rs) + nibble(code & 15, rs)


def text(letters: str) -> bytes:
    """Characters for wherever the cursor is."""
    return b"".join(byte(ord(letter), RS) for letter in letters)


# (bytes of one transfer, microseconds to wait after it): figure 24 of the datasheet.
WAKE_UP = (
    (nibble(3), 4100),
    (nibble(3), 100),
    (nibble(3), 40),
    (nibble(2), 40),
    (byte(0x28), 40),
    (byte(0x08), 40),
    (byte(0x01), 1520),
    (byte(0x06), 40),
    (byte(0x0C), 40),
)
