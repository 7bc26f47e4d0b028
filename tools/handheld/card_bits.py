"""Writes magstripe tracks as bits, as a head clocks them: cards for the emulated handheld.

Follows ISO/IEC 7811-2 and 7813 by itself; it shares nothing with the firmware, whose reader
the tests hold against it.
"""

from __future__ import annotations

_TRACKS = {1: (6, " "), 2: (4, "0")}  # data bits a character, the character of data 0
_CLOCKING = "0" * 12  # before the start sentinel, and after the check character


def _character(data: int, data_bits: int) -> str:
    """Least significant bit first, then what makes the number of ones odd."""
    bits = "".join(str(data >> i & 1) for i in range(data_bits))
    return bits + ("0" if bits.count("1") % 2 else "1")


def encode_track(text: str, track: int) -> str:
    """The stripe of a text with its sentinels, as "0" and "1", without zeros around it."""
    data_bits, zero = _TRACKS[track]
    lrc = 0
    stripe = ""
    for c in text:
        data = ord(c) - ord(zero)
        lrc ^= data
        stripe += _character(data, data_bits)
    return stripe + _character(lrc, data_bits)


def track2_bits(text: str) -> str:
    """A whole stripe of track 2, from edge to edge of the card."""
    return _CLOCKING + encode_track(text, 2) + _CLOCKING
