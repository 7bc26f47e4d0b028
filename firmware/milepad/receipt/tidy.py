"""Text from anywhere, made ready to be measured in columns; `code_pages` makes bytes of it."""

# What takes another number of columns on paper is spelt out before it is measured.
_SPELT_OUT = {"Œ": "OE", "œ": "oe", "\u2026": "...", "\u2122": "", "\u00ad": ""}


def _tidy_one(c: str) -> str:
    n = ord(c)
    if n < 0x20 or 0x7F <= n < 0xA0 or 0x2000 <= n < 0x200B:
        return " "
    if 0x300 <= n < 0x370 or 0x200B <= n < 0x2010:
        return ""
    return _SPELT_OUT.get(c, c)


def tidy(text: str) -> str:
    """`text` from anywhere as characters that take one column each.

    Controls become spaces; ligatures and the ellipsis are spelt out; accents that combine
    with the letter before them, and characters without a width, are left out.
    """
    for b in text.encode():
        if not 0x20 <= b < 0x7F:
            return "".join([_tidy_one(c) for c in text])
    return text  # most texts: no list of letters in the heap
