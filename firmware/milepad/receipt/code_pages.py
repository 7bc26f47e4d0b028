"""Text as the bytes of a thermal printer's code page. Devices carry no such codecs.

Only what Milepad can print is here: French in both cases, the Spanish letters of shops'
names, and the marks that offer descriptions use. One string names the characters; each page
gives one byte for each of them, which is already the fallback (plain letter, straight
quote, "?") where the page lacks the character.
"""

from milepad.base.errors import ProfileError

_CHARACTERS = (
    "ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŸàâäçèéêëîïôöùûüÿÆæŒœÁÍÓÚÑáíóúñ«»°¢£½€®"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
)

# Name in the profile: (Epson's number for ESC t, bytes of _CHARACTERS in that page).
_PAGES = {
    "CP437": (
        0,
        b"AA\x8e\x80E\x90EEIIO\x99UU\x9aY\x85\x83"
        b"\x84\x87\x8a\x82\x88\x89\x8c\x8b\x93\x94\x97\x96\x81\x98\x92\x91Oo"
        b"AIOU\xa5\xa0\xa1\xa2\xa3\xa4\xae\xaf\xf8\x9b\x9c\xab? "
        b"--''\x22\x22.",
    ),
    "CP850": (
        2,
        b"\xb7\xb6\x8e\x80\xd4\x90\xd2\xd3\xd7\xd8\xe2\x99\xeb\xea\x9aY\x85\x83"
        b"\x84\x87\x8a\x82\x88\x89\x8c\x8b\x93\x94\x97\x96\x81\x98\x92\x91Oo"
        b"\xb5\xd6\xe0\xe9\xa5\xa0\xa1\xa2\xa3\xa4\xae\xaf\xf8\xbd\x9c\xab?\xa9"
        b"--''\x22\x22.",
    ),
    "CP863": (
        4,
        b"\x8e\x84A\x80\x91\x90\x92\x94\xa8\x95\x99O\x9d\x9e\x9aY\x85\x83"
        b"a\x87\x8a\x82\x88\x89\x8c\x8b\x93o\x97\x96\x81yAaOo"
        b"AIOUNai\xa2\xa3n\xae\xaf\xf8\x9b\x9c\xab? "
        b"--''\x22\x22.",
    ),
    "WPC1252": (
        16,
        b"\xc0\xc2\xc4\xc7\xc8\xc9\xca\xcb\xce\xcf\xd4\xd6\xd9\xdb\xdc\x9f\xe0\xe2"
        b"\xe4\xe7\xe8\xe9\xea\xeb\xee\xef\xf4\xf6\xf9\xfb\xfc\xff\xc6\xe6\x8c\x9c"
        b"\xc1\xcd\xd3\xda\xd1\xe1\xed\xf3\xfa\xf1\xab\xbb\xb0\xa2\xa3\xbd\x80\xae"
        b"\x96\x97\x91\x92\x93\x94\x85",
    ),
}
# CP858 is CP850 with a euro, which is CP850's only "?".
_PAGES["CP858"] = (19, _PAGES["CP850"][1].replace(b"?", b"\xd5"))

# What takes another number of columns on paper is spelt out before it is measured.
_SPELT_OUT = {"Œ": "OE", "œ": "oe", "\u2026": "...", "\u2122": "", "\u00ad": ""}
# Hyphens, a minus, bullets and primes that no page has, and what stands for them.
_PLAIN = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2015": "-",
    "\u2212": "-",
    "\u2043": "-",
    "\u2022": "*",
    "\u2023": "*",
    "\u2219": "*",
    "\u00b7": "*",
    "\u2032": "'",
    "\u2033": '"',
}
# A mark that combines with the letter before it: those letters, and what they become.
_COMBINED = {
    "\u0300": ("AEUaeu", "ÀÈÙàèù"),
    "\u0301": ("AEIOUaeiou", "ÁÉÍÓÚáéíóú"),
    "\u0302": ("AEIOUaeiou", "ÂÊÎÔÛâêîôû"),
    "\u0303": ("Nn", "Ññ"),
    "\u0308": ("AEIOUYaeiouy", "ÄËÏÖÜŸäëïöüÿ"),
    "\u0327": ("Cc", "Çç"),
}


def _page(name: str) -> tuple[int, bytes]:
    page = _PAGES.get(name.upper())
    if page is None:
        raise ProfileError("printer.code_page: expected " + ", ".join(sorted(_PAGES)))
    return page


def _normalize_one(c: str) -> str:
    n = ord(c)
    if n < 0x20 or 0x7F <= n < 0xA0 or 0x2000 <= n < 0x200B:
        return " "
    if 0x300 <= n < 0x370 or 0x200B <= n < 0x2010:
        return ""
    return _SPELT_OUT.get(c, _PLAIN.get(c, c))


def normalize(text: str) -> str:
    """`text` from anywhere as characters that take one column each.

    Controls become spaces; ligatures, the ellipsis and marks that no page has are spelt out;
    an accent that combines with the letter before it makes one letter of both where a page
    has it, and is left out elsewhere, as characters without a width are.
    """
    composed = ""
    for c in text:
        letters, whole = _COMBINED.get(c, ("", ""))
        at = letters.find(composed[-1:]) if composed else -1
        composed = composed[:-1] + whole[at] if at >= 0 else composed + c
    return "".join([_normalize_one(c) for c in composed])


def number(page: str) -> int:
    """The n of `ESC t n` on Epson's printers; others differ, so a profile may set its own.

    Raises ProfileError for a page that is not here, as `encode` does.
    """
    return _page(page)[0]


def encode(text: str, page: str) -> bytes:
    """One byte for each character, never one below 0x20: text cannot become a command.

    Spaces that do not break (U+00A0, U+202F) are plain spaces on paper.

    >>> encode("Échangé", "CP850")
    b'\\x90chang\\x82'
    """
    table = _page(page)[1]
    raw = bytearray(len(text))
    for i, c in enumerate(text):
        n = ord(c)
        if n < 0x20 or 0x7F <= n < 0xA1 or n == 0x202F:
            n = 0x20
        elif n >= 0xA1:
            at = _CHARACTERS.find(c)
            n = table[at] if at >= 0 else 0x3F
        raw[i] = n
    return bytes(raw)
