"""Spoils magstripe bits, which `tools.handheld.card_bits` writes."""

from __future__ import annotations


def flipped(bits: str, *places: int) -> str:
    """The bits with those at `places` wrong."""
    wrong = list(bits)
    for place in places:
        wrong[place] = "1" if wrong[place] == "0" else "0"
    return "".join(wrong)
