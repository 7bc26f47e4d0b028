"""Le français des reçus: the same keys as in English.

Accents, no-break spaces before a colon and the names of the two balances are as AIR MILES
and Quebec's shops write them: Argent is Cash, Rêves is Dream, adhérent is collector.
"""

# A label bears the name of its fact.
SLIP_TEXTS = {
    "brand": "{name} Argent",
    "brand_one": "{name}",
    "redemption": "ÉCHANGE APPROUVÉ",
    "balance": "CONSULTATION DU SOLDE",
    "when": "Date",
    "device_id": "Appareil",
    "trace_id": "No de suivi",
    "collector_number": "No d'adhérent",
    "basket_cents": "Total du panier",
    "redeemed_cents": "Échangé",
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
    "keep": "Gardez ce reçu pour un remboursement.",
    "programme": "{name}",
    "earned": "{MILES} OBTENUS",
    "later_earned": "{MILES} À VENIR",
    "pre_tax_cents": "Avant taxes",
    "earned_on_cents": "{Miles} obtenus sur",
    "count_earned": "{Miles} obtenus",
    "later_count_earned": "{Miles} à venir",
    "some_earned": "Ce que cet achat rapporte a été ajouté au compte.",
    "later_some_earned": "Ce que cet achat rapporte sera ajouté au compte.",
    "keep_earning": "Gardez ce reçu pour un retour.",
    "customer": "COPIE DU CLIENT",
    "store": "COPIE DU MAGASIN",
}
