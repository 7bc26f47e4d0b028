"""A card and a basket, as a workflow fills them in; `requests` makes the bytes of it."""

SWIPE = "SWIPE"
SCAN = "SCAN"
PREREGISTERED = "PREREGISTERED"
MANUAL = "MANUAL"
LANGUAGES = ("en-CA", "fr-CA")


class Sale:
    """A card and a basket. Amounts in cents; `pre_tax_cents` is -1 when it was not keyed."""

    def __init__(self, collector_number: str, card_entry_mode: str, basket_cents: int):
        self.collector_number = collector_number
        self.card_entry_mode = card_entry_mode
        self.basket_cents = basket_cents
        self.pre_tax_cents = -1
        self.redeem_cents = 0
        self.confirmation_number = ""  # of the redemption that a reversal takes back
        self.language = "en-CA"
