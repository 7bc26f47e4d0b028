"""One sale, as facts for a slip, and the ESC/POS commands by name."""

from __future__ import annotations

INIT = b"\x1b@" + b"\x1c."  # ESC @, FS .
BOLD_ON, BOLD_OFF = b"\x1bE\x01", b"\x1bE\x00"
TALL_ON, TALL_OFF = b"\x1d!\x01", b"\x1d!\x00"
CENTER_ON, CENTER_OFF = b"\x1ba\x01", b"\x1ba\x00"
FEED = b"\x1bd\x04"
CUT = b"\x1dV\x01"

EVERY_KIND = ("redemption", "reversal", "balance", "declined", "unknown")
BOTH_LANGUAGES = ("en-CA", "fr-CA")

SALE = {
    "kind": "redemption",
    "when": (2026, 1, 30, 4, 39, 59),
    "store": ["Épicerie du Coin"],
    "footer": ["1 800 555-0100"],
    "device_id": "001",
    "trace_id": "000012345678",
    "collector_number": "84095202006",
    "basket_cents": 4335,
    "redeemed_cents": 4000,
    "asked_cents": 4000,
    "miles": 380,
    "units": 4,
    "confirmation_number": "10000000000",
    "cash_balance": 4620,
    "dream_balance": 545,
    "available_cash_miles": 6745,
    "available_cents": 71000,
    "balances_allowed": True,
    "offer_text": "$10 off for every 95 Cash miles, today only.",
    "response_code": "0000",
}


def facts(**changes: object) -> dict[str, object]:
    """The sale with some facts changed."""
    return {**SALE, **changes}
