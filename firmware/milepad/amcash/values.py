"""What goes into a request and what comes of it, as plain values; `requests` makes the bytes.

They have a module of their own because they outlive that one: an object keeps all of its
class's module in the heap.
"""

SWIPE = "SWIPE"
SCAN = "SCAN"
PREREGISTERED = "PREREGISTERED"
MANUAL = "MANUAL"
LANGUAGES = ("en-CA", "fr-CA")
_PATH = "/checkout/amcash/"


class Sale:
    """A card and a basket. Amounts in cents; `pre_tax_cents` is -1 when it was not keyed."""

    def __init__(self, collector_number: str, card_entry_mode: str, basket_cents: int):
        self.collector_number = collector_number
        self.card_entry_mode = card_entry_mode
        self.basket_cents = basket_cents
        self.pre_tax_cents = -1
        self.redeem_cents = 0
        self.redeem_units = 0  # of the offer that was chosen from; 0: not known
        self.redeem_miles = 0
        self.confirmation_number = ""  # of the redemption that a reversal takes back
        self.language = "en-CA"


class Identity:
    """Who asks: the fields that are the same in every request of a device."""

    def __init__(self, profile: dict):
        partner = profile["partner"]
        self.acquirer_id = partner["acquirer_id"]
        self.device_id = profile["device"]["device_id"]
        self.sponsor_code = partner["sponsor_code"]
        self.store_id = partner["store_id"]
        self.vendor_id = partner["vendor_id"]


class Request:
    """One request. `idempotency_key` is "" where the platform does not honour one."""

    def __init__(self, op: str, trace_id: str, body: bytes, idempotency_key: str = ""):
        self.op = op
        self.path = _PATH + op
        self.trace_id = trace_id
        self.body = body
        self.idempotency_key = idempotency_key
