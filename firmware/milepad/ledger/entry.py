"""An entry of the ledger as plain values: an intent, and the result that follows it.

`entries` turns them into bytes and back, and takes heap only meanwhile; these stay.
"""


class _Record:
    """Named values that may be set when it is made."""

    def __init__(self, **values):
        for name, value in values.items():
            if not hasattr(self, name):
                raise TypeError(name)
            setattr(self, name, value)


class Intent(_Record):
    """Everything from which the request's bytes can be built again, identical."""

    op = "redeem"  # or "reverse"
    trace_id = ""  # 12 digits
    idempotency_key = ""  # UUID text, 36 characters
    unix_s = 0  # when it was made
    offset_min = 0  # the store's zone offset then
    collector_number = ""  # 1 to 19 digits
    card_entry_mode = "SWIPE"
    basket_cents = 0  # post-tax; 0 for a reverse
    pre_tax_cents = -1  # -1: the request has none
    redeem_cents = 0
    confirmation_number = ""  # of what is reversed; "" for a redeem
    language = "en-CA"
    body_crc32 = 0  # of the request's body


class Result(_Record):
    """What became of an intent. A later result may replace an `unknown` one."""

    outcome = "unknown"  # approved, declined, not_sent or unknown
    response_code = ""  # or 4 characters
    confirmation_number = ""
    miles = 0
    cents = 0
    unix_s = 0
    copies_sent = 0  # 0 to 2


class Entry:
    """One numbered intent with its result (None while it is open)."""

    def __init__(
        self, sequence: int, intent: Intent, result: Result | None, revision: int = 0
    ):
        self.sequence = sequence
        self.intent = intent
        self.result = result
        self.revision = revision  # how often a result was written, modulo 256

    @property
    def state(self) -> str:
        """`open` (no result), `unresolved` (its outcome is unknown) or `concluded`."""
        if self.result is None:
            return "open"
        return "unresolved" if self.result.outcome == "unknown" else "concluded"
