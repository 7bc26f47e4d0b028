"""Le français des reçus: the same keys as in English.

Accents, no-break spaces before a colon and the names of the two balances are as AIR MILES
and Quebec's shops write them: Argent is Cash, Rêves is Dream, adhérent is collector.
"""

# A label bears the name of its fact.
SLIP_TEXTS = {
    "brand": "{name} Argent",
    "brand_one": "{name}",
    "redemption": "ÉCHANGE APPROUVÉ",
    "reversal": "REMBOURSÉ",
    "voided": "ANNULÉ",
    "balance": "CONSULTATION DU SOLDE",
    "declined": "NON APPROUVÉ",
    "unknown": "AUCUNE RÉPONSE",
    "no_discount": "AUCUN RABAIS",
    "no_refund": "AUCUN REMBOURSEMENT",
    "escalate": (
        "Aucune réponse certaine. Donnez ce numéro de suivi au centre de soutien\u00a0:"
    ),
    "unknown_miles": (
        "Aucun rabais n'a été accordé. {name} remet de lui-même les {miles} pour "
        "lesquels il n'a pu répondre; le bureau le vérifie."
    ),
    "unknown_reversal": (
        "On ignore si les {miles} ont été remis; le bureau le vérifie auprès d'{name}."
    ),
    "unknown_reversal_other": (
        "On ignore si les {miles} ont été remis; le bureau le vérifie auprès de {name}."
    ),
    "support": "Donnez le numéro de suivi au soutien {name}\u00a0:",
    "mismatch": (
        "La réponse donne un autre montant que le montant demandé. Jamais plus que "
        "demandé ne compte."
    ),
    "no_confirmation": "Aucun numéro de confirmation reçu.",
    "asked_cents": "Montant demandé",
    "when": "Date",
    "device_id": "Appareil",
    "trace_id": "No de suivi",
    "collector_number": "No d'adhérent",
    "basket_cents": "Total du panier",
    "redemption_number": "No de l'échange",
    "redeemed_cents": "Échangé",
    "reversed": "Annulé",
    "units": "Unités",
    "miles": "{Miles}",
    "to_pay": "Reste à payer",
    "confirmation_number": "No de confirmation",
    "cash_balance": "Solde de {miles} Argent",
    "cash_balance_one": "Solde de {miles}",
    "dream_balance": "Solde de {miles} Rêves",
    "available_cash_miles": "Utilisables aujourd'hui",
    "available_cents": "Soit en dollars",
    "locked": "L'Argent de ce compte ne peut être utilisé pour le moment.",
    "locked_one": "Ce compte ne permet aucun échange pour le moment.",
    "hidden": "Soldes masqués au choix de l'adhérent.",
    "response_code": "Code de réponse",
    "no_cash": (
        "Remboursez par crédit en magasin ou carte-cadeau, JAMAIS en argent comptant."
    ),
    "keep": "Gardez ce reçu pour un remboursement.",
    "programme": "{name}",
    "earned": "{MILES} OBTENUS",
    "later_earned": "{MILES} À VENIR",
    "taken": "{MILES} REPRIS",
    "later_taken": "{MILES} À REPRENDRE",
    "not_accepted": "{MILES} NON ACCEPTÉS",
    "pre_tax_cents": "Avant taxes",
    "earned_on_cents": "{Miles} obtenus sur",
    "sale_number": "No de l'achat",
    "count_earned": "{Miles} obtenus",
    "later_count_earned": "{Miles} à venir",
    "count_taken": "{Miles} repris",
    "later_count_taken": "{Miles} à reprendre",
    "some_earned": "Ce que cet achat rapporte a été ajouté au compte.",
    "later_some_earned": "Ce que cet achat rapporte sera ajouté au compte.",
    "some_taken": "Les {miles} des articles rendus ont été retirés du compte.",
    "later_some_taken": "Les {miles} des articles rendus seront retirés du compte.",
    "refused_miles": (
        "{name} n'a pas accepté les {miles} tels qu'envoyés. Le magasin s'en occupe\u00a0:"
    ),
    "keep_earning": "Gardez ce reçu pour un retour.",
    "totals": "TOTAUX DU JOUR",
    "device": "APPAREIL",
    "day_start": "Jour depuis",
    "redeemed_count": "Échanges",
    "redeemed_miles": "{Miles} échangés",
    "reversed_count": "Annulations",
    "reversed_cents": "Annulé",
    "reversed_miles": "{Miles} remis",
    "net_cents": "Montant net",
    "net_miles": "{Miles} nets",
    "unresolved_count": "Non résolus",
    "unresolved_cents": "Montant incertain",
    "issued_count": "Attributions",
    "issued_miles": "{Miles} obtenus",
    "returned_count": "Retours",
    "returned_miles": "{Miles} repris",
    "pending_count": "Acceptés, à porter",
    "pending_miles": "{Miles} à porter",
    "queued_count": "En attente d'envoi",
    "parked_count": "Refusés, à examiner",
    "reprint": "COPIE - RÉIMPRESSION",
    "customer": "COPIE DU CLIENT",
    "store": "COPIE DU MAGASIN",
}
