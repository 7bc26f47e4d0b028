"""What a cell of the character LCD shows a reader: the ROM's letters, and user glyphs.

ROM code A00 as the HD44780U datasheet prints it. A user glyph is pixels: it is recognised
as an accented letter by its likeness to a base letter with an accent above (or a cedilla
below), drawn in the ROM's own manner: accent in rows 0-1, letter in rows 2-6. A driver may
draw a few pixels otherwise; what is like nothing is shown as "?", and the pixels stay
readable through `CharacterLcd.glyph`.
"""

from __future__ import annotations

UNKNOWN = "?"
_LIKENESS = 4  # pixels of 40 that may differ
_MARGIN = 1  # the runner-up must differ by this much more

# Five rows each, the top one first; bit 4 is the left pixel.
_BASES = {
    "a": (0x0E, 0x01, 0x0F, 0x11, 0x0F),
    "c": (0x0E, 0x10, 0x10, 0x11, 0x0E),
    "e": (0x0E, 0x11, 0x1F, 0x10, 0x0E),
    "i": (0x0C, 0x04, 0x04, 0x04, 0x0E),
    "n": (0x16, 0x19, 0x11, 0x11, 0x11),
    "o": (0x0E, 0x11, 0x11, 0x11, 0x0E),
    "u": (0x11, 0x11, 0x11, 0x13, 0x0D),
    "A": (0x0E, 0x11, 0x1F, 0x11, 0x11),
    "C": (0x0F, 0x10, 0x10, 0x10, 0x0F),
    "E": (0x1F, 0x10, 0x1E, 0x10, 0x1F),
    "I": (0x0E, 0x04, 0x04, 0x04, 0x0E),
    "O": (0x0E, 0x11, 0x11, 0x11, 0x0E),
    "U": (0x11, 0x11, 0x11, 0x11, 0x0E),
}
_ACUTE, _GRAVE, _HAT, _DOTS = (0x02, 0x04), (0x08, 0x04), (0x04, 0x0A), (0x0A, 0x00)
_ACCENTED = {
    "à": ("a", _GRAVE), "â": ("a", _HAT), "é": ("e", _ACUTE), "è": ("e", _GRAVE),
    "ê": ("e", _HAT), "ë": ("e", _DOTS), "î": ("i", _HAT), "ï": ("i", _DOTS),
    "ô": ("o", _HAT), "ù": ("u", _GRAVE), "û": ("u", _HAT), "ü": ("u", _DOTS),
    "À": ("A", _GRAVE), "Â": ("A", _HAT), "É": ("E", _ACUTE), "È": ("E", _GRAVE),
    "Ê": ("E", _HAT), "Ë": ("E", _DOTS), "Î": ("I", _HAT), "Ï": ("I", _DOTS),
    "Ù": ("U", _GRAVE), "Û": ("U", _HAT),
}  # fmt: skip


def _drawn() -> dict[bytes, str]:
    """The shapes that the rule above yields."""
    shapes = {
        bytes((*accent, *_BASES[base], 0)): letter
        for letter, (base, accent) in _ACCENTED.items()
    }
    # A capital O with a hat has a small o's rows: it is drawn a row taller, down to row 7.
    shapes[bytes((0x04, 0x0A, 0x0E, 0x11, 0x11, 0x11, 0x11, 0x0E))] = "Ô"
    shapes[bytes((0x00, 0x00, *_BASES["c"], 0x04))] = "ç"
    shapes[bytes((0x00, 0x0E, 0x10, 0x10, 0x11, 0x0E, 0x04, 0x0C))] = "ç"
    shapes[bytes((0x0E, 0x11, 0x10, 0x10, 0x11, 0x0E, 0x04, 0x0C))] = "Ç"
    shapes[bytes((0x00, 0x0F, *_BASES["c"][1:4], 0x0F, 0x04, 0x0C))] = "Ç"
    return shapes


# pattern (8 rows) -> letter. A driver whose shapes are not like these adds its own here.
SHAPES: dict[bytes, str] = _drawn()


def recognise(pattern: bytes) -> str:
    """The letter that eight rows of five pixels show; "?" if they are like none or two.

    An empty pattern is a blank.
    """
    if pattern in SHAPES:
        return SHAPES[pattern]
    if not any(pattern):
        return " "
    distances: dict[str, int] = {}
    for shape, letter in SHAPES.items():
        distance = sum((a ^ b).bit_count() for a, b in zip(shape, pattern, strict=True))
        distances[letter] = min(distance, distances.get(letter, 40))
    best, second = sorted(distances, key=lambda letter: distances[letter])[:2]
    clear = distances[second] - distances[best] >= _MARGIN
    return best if distances[best] <= _LIKENESS and clear else UNKNOWN


# 0xE0-0xFF; 0xF8 is an x with a bar, which no single character is.
_LAST = "αäβεμσρg√⁻jˣ¢£ñöpqθ∞ΩüΣπxy千万円÷ █"


def rom_letter(code: int) -> str:
    """The letter of ROM code A00 at `code` (16-255); a code without one is a blank."""
    if code == 0x5C:
        return "¥"
    if code in (0x7E, 0x7F):
        return "→←"[code - 0x7E]
    if 0x20 <= code < 0x7E:
        return chr(code)
    if 0xA1 <= code < 0xE0:
        return chr(0xFF61 + code - 0xA1)  # JIS X 0201 katakana
    return _LAST[code - 0xE0] if code >= 0xE0 else " "
