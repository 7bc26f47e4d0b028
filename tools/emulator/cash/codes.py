"""The response codes: HTTP status, display message in both languages, where each is listed.

Statuses and English messages follow the status tables of the API library; 0005 and 0006
have no row in REVERSE's table although its reply model lists them. The French messages are
this emulator's own, as the library publishes none.
"""

from __future__ import annotations

from dataclasses import dataclass

OPERATIONS = ("echo", "inquire", "redeem", "reverse")

APPROVED = "0000"
APPROVED_HIDDEN = "0001"
INACTIVE = "0002"
HIDDEN_LOCKED = "0005"
LOCKED = "0006"
TIMEOUT = "0008"
CARD_NOT_PRESENT = "0009"
INVALID_COLLECTOR = "0025"
INVALID_PARAMETER = "0035"
INSUFFICIENT_MILES = "0051"
INVALID_CONFIRMATION = "0057"
OVER_DAILY_LIMIT = "0065"
BASKET_TOO_SMALL = "0066"
OFFER_UNAVAILABLE = "0067"
WINDOW_EXPIRED = "0080"
OUTAGE = "0092"
SERVER_ERROR = "0096"

APPROVALS = (APPROVED, APPROVED_HIDDEN)


@dataclass(frozen=True, slots=True)
class Code:
    """One row: `ops` are the endpoints whose status table lists the code."""

    status: int
    english: str
    french: str
    ops: tuple[str, ...]
    meaning: str


_ALL = OPERATIONS
_CARD = ("inquire", "redeem", "reverse")
_MILES = ("redeem", "reverse")

CODES: dict[str, Code] = {
    APPROVED: Code(200, "Approved", "Approuvé", _ALL, "done"),
    APPROVED_HIDDEN: Code(
        202,
        "Approved - balance suppressed",
        "Approuvé - soldes masqués",
        _CARD,
        "done; balances and available Cash stay off the receipt",
    ),
    INACTIVE: Code(
        401,
        "Collector account inactive",
        "Compte d'adhérent inactif",
        _CARD,
        "the collector has to ask AIR MILES",
    ),
    HIDDEN_LOCKED: Code(
        202,
        "Balance suppressed, unable to redeem",
        "Soldes masqués, échange impossible",
        ("inquire",),
        "no prompt to redeem, and no balances on the receipt",
    ),
    LOCKED: Code(
        202,
        "Unable to redeem",
        "Échange impossible",
        ("inquire",),
        "the collector keeps the account closed to redemptions: no prompt",
    ),
    TIMEOUT: Code(
        408,
        "Transaction timeout",
        "Délai de transaction dépassé",
        _ALL,
        "send the same bytes once more",
    ),
    CARD_NOT_PRESENT: Code(
        403,
        "Card not swiped or scanned",
        "Carte ni glissée ni numérisée",
        _CARD,
        "a keyed number redeems nothing",
    ),
    INVALID_COLLECTOR: Code(
        401,
        "Invalid Collector number",
        "Numéro d'adhérent non valide",
        _CARD,
        "nobody has this number",
    ),
    INVALID_PARAMETER: Code(
        400,
        "Invalid request parameter",
        "Paramètre de requête non valide",
        _ALL,
        "`message` names the field",
    ),
    INSUFFICIENT_MILES: Code(
        202,
        "Insufficient AIR MILES reward Miles",
        "Milles AIR MILES insuffisants",
        _CARD,
        "more miles were asked for than there are",
    ),
    INVALID_CONFIRMATION: Code(
        400,
        "Invalid redemption confirmation number",
        "Numéro de confirmation d'échange non valide",
        ("reverse",),
        "no such redemption of this collector, or it is undone",
    ),
    OVER_DAILY_LIMIT: Code(
        202,
        "Exceeded daily redemption limit",
        "Limite d'échange du jour dépassée",
        _MILES,
        "more tomorrow",
    ),
    BASKET_TOO_SMALL: Code(
        202,
        "Insufficient basket size",
        "Montant du panier insuffisant",
        _MILES,
        "the basket holds fewer units than were asked for",
    ),
    OFFER_UNAVAILABLE: Code(
        408,
        "Offer is temporarily unavailable",
        "Offre temporairement indisponible",
        _CARD,
        "to be tried later",
    ),
    WINDOW_EXPIRED: Code(
        409,
        "Reversal window expired",
        "Délai d'annulation expiré",
        ("reverse",),
        "store credit or a gift card, never cash",
    ),
    OUTAGE: Code(
        503,
        "Scheduled outage",
        "Interruption de service prévue",
        _ALL,
        "planned work; nothing can be sent",
    ),
    SERVER_ERROR: Code(
        500,
        "Server error or no response",
        "Erreur du serveur ou aucune réponse",
        _ALL,
        "send the same bytes once more",
    ),
}


def status_of(code: str) -> int:
    """The HTTP status of a code; 200 for one that no table knows."""
    return CODES[code].status if code in CODES else 200


def message_of(code: str, language: str = "en-CA") -> str:
    """The display message of a code, English unless `fr-CA` was asked for."""
    row = CODES.get(code)
    if row is None:
        return "Code inconnu" if language == "fr-CA" else "Unknown code"
    return row.french if language == "fr-CA" else row.english
