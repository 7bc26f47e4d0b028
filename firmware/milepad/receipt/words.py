"""The words of slips, in en-CA and fr-CA. The screens' words are in `milepad.words`.

A label bears the name of its fact (see `layout`).
"""

from milepad.base.errors import FieldError
from milepad.base.vocabulary import ENGLISH, FRENCH

# {key: (English, French)}. Accents, no-break spaces before a colon and the names of the two
# balances are as AIR MILES and Quebec's shops write them: Argent is Cash, Rêves is Dream,
# adhérent is collector.
TEXTS = {
    "brand": ("AIR MILES Cash", "AIR MILES Argent"),
    "redemption": ("REDEMPTION APPROVED", "ÉCHANGE APPROUVÉ"),
    "reversal": ("REFUNDED", "REMBOURSÉ"),
    "voided": ("VOIDED", "ANNULÉ"),
    "balance": ("BALANCE INQUIRY", "CONSULTATION DU SOLDE"),
    "declined": ("NOT APPROVED", "NON APPROUVÉ"),
    "unknown": ("NO ANSWER", "AUCUNE RÉPONSE"),
    "no_discount": ("NO DISCOUNT", "AUCUN RABAIS"),
    "no_refund": ("NO REFUND", "AUCUN REMBOURSEMENT"),
    "escalate": (
        "No certain answer came. Quote this trace id to the escalation desk:",
        "Aucune réponse certaine. Donnez ce numéro de suivi au centre de soutien\u00a0:",
    ),
    "unknown_miles": (
        "No discount was given. AIR MILES itself puts back miles for which it could not "
        "answer; the back office checks it.",
        "Aucun rabais n'a été accordé. AIR MILES remet de lui-même les milles pour "
        "lesquels il n'a pu répondre; le bureau le vérifie.",
    ),
    "unknown_reversal": (
        "It is not known whether the miles were put back; the back office checks it with "
        "AIR MILES.",
        "On ignore si les milles ont été remis; le bureau le vérifie auprès d'AIR MILES.",
    ),
    "support": (
        "Quote the trace id to AIR MILES support:",
        "Donnez le numéro de suivi au soutien AIR MILES\u00a0:",
    ),
    "mismatch": (
        "The reply named another amount than was asked. Never more than was asked counts.",
        "La réponse donne un autre montant que le montant demandé. Jamais plus que "
        "demandé ne compte.",
    ),
    "no_confirmation": (
        "No confirmation number came.",
        "Aucun numéro de confirmation reçu.",
    ),
    "asked_cents": ("Amount asked", "Montant demandé"),
    "when": ("Date", "Date"),
    "device_id": ("Device", "Appareil"),
    "trace_id": ("Trace id", "No de suivi"),
    "collector_number": ("Collector no.", "No d'adhérent"),
    "basket_cents": ("Basket total", "Total du panier"),
    "redemption_number": ("Redemption no.", "No de l'échange"),
    "redeemed_cents": ("Redeemed", "Échangé"),
    "reversed": ("Reversed", "Annulé"),
    "units": ("Units", "Unités"),
    "miles": ("Miles", "Milles"),
    "to_pay": ("Left to pay", "Reste à payer"),
    "confirmation_number": ("Confirmation no.", "No de confirmation"),
    "cash_balance": ("Cash miles balance", "Solde de milles Argent"),
    "dream_balance": ("Dream miles balance", "Solde de milles Rêves"),
    "available_cash_miles": ("Cash miles available", "Milles Argent disponibles"),
    "available_cents": ("Available in dollars", "Disponible en dollars"),
    "hidden": (
        "Balances hidden by choice of the collector.",
        "Soldes masqués au choix de l'adhérent.",
    ),
    "response_code": ("Response code", "Code de réponse"),
    "no_cash": (
        "Refund as store credit or a gift card, NEVER as cash.",
        "Remboursez par crédit en magasin ou carte-cadeau, JAMAIS en argent comptant.",
    ),
    "keep": ("Keep this slip for a refund.", "Gardez ce reçu pour un remboursement."),
    "totals": ("TOTALS OF THE DAY", "TOTAUX DU JOUR"),
    "day_start": ("Day began", "Jour depuis"),
    "redeemed_count": ("Redemptions", "Échanges"),
    "redeemed_miles": ("Miles redeemed", "Milles échangés"),
    "reversed_count": ("Reversals", "Annulations"),
    "reversed_cents": ("Reversed", "Annulé"),
    "reversed_miles": ("Miles given back", "Milles remis"),
    "net_cents": ("Net amount", "Montant net"),
    "net_miles": ("Net miles", "Milles nets"),
    "unresolved_count": ("Unresolved", "Non résolus"),
    "unresolved_cents": ("Amount in doubt", "Montant incertain"),
    "reprint": ("COPY - PRINTED AGAIN", "COPIE - RÉIMPRESSION"),
    "customer": ("CUSTOMER COPY", "COPIE DU CLIENT"),
    "store": ("STORE COPY", "COPIE DU MAGASIN"),
}


def text(key: str, language: str) -> str:
    """The words for `key` in "en-CA" or "fr-CA".

    Raises FieldError for another language, KeyError for a key that is not in the table.
    """
    if language not in (ENGLISH, FRENCH):
        raise FieldError("language", "en-CA or fr-CA")
    return TEXTS[key][language == FRENCH]
