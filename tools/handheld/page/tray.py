"""The tray of cards: each of the emulator's collectors, what it shows, and every gesture.

A gesture is an event of the handheld, ready to be sent: the page needs to know nothing of
tracks and bits.
"""

from __future__ import annotations

from typing import Any

from tools.emulator.collectors import COLLECTORS, Collector
from tools.handheld.card_bits import track2_bits

_NAMES = {
    "hidden": ("hides balances", "cache ses soldes"),
    "hidden_locked": (
        "hides balances, and is locked",
        "cache ses soldes, et est verrouillé",
    ),
    "locked": ("locked", "verrouillé"),
    "inactive": ("inactive", "inactif"),
    "capped": ("daily limit reached", "limite du jour atteinte"),
    "offers_unavailable": ("offers unavailable", "offres non disponibles"),
}
_UNIT_MILES = 95
_LEAST_OF_AN_EVERYDAY_BALANCE = 1000
_FAST_LOSES_EVERY = 9  # of a card that is pulled through too fast the head misses bits


def _name(collector: Collector) -> dict[str, str]:
    if collector.state in _NAMES:
        english, french = _NAMES[collector.state]
    elif collector.cash < _UNIT_MILES:
        english, french = "too few miles", "pas assez de milles"
    elif collector.cash >= _LEAST_OF_AN_EVERYDAY_BALANCE:
        english, french = "miles for many sales", "des milles pour bien des achats"
    else:
        english, french = "miles for one unit or two", "des milles pour une unité ou deux"
    return {"en": english, "fr": french}


def gestures(number: str) -> dict[str, Any]:
    """What a hand can do with a card of that number."""
    track2 = f";{number}=9912?"
    bits = track2_bits(track2)
    lossy = "".join(bit for n, bit in enumerate(bits) if n % _FAST_LOSES_EVERY)
    return {
        "swipe": {"swipe": {"track2": track2}},
        "backward": {"swipe_bits": {"track2": bits[::-1]}},
        "fast": {"swipe_bits": {"track2": lossy}},
        "half": {"swipe_bits": {"track2": bits[: len(bits) // 2]}},
        "scan": {"scan": number},
    }


def tray() -> list[dict[str, Any]]:
    """All cards, as `ready` has them."""
    return [
        {"number": each.number, "name": _name(each), "gestures": gestures(each.number)}
        for each in COLLECTORS
    ]
