"""An entry of the ledger as plain values: an intent, and the result that follows it.

`entries` turns them into bytes and back, and takes heap only meanwhile; these stay.
"""

from milepad.base.vocabulary import APPROVED, ENGLISH, REDEEM, SWIPE, UNKNOWN


class _Record:
    """Named values that may be set when it is made."""

    def __init__(self, **values: object) -> None:
        for name, value in values.items():
            if not hasattr(self, name):
                raise TypeError(name)
            setattr(self, name, value)


class Intent(_Record):
    """Everything from which the request's bytes can be built again, identical."""

    op = REDEEM  # or REVERSE
    trace_id = ""  # 12 digits
    idempotency_key = ""  # UUID text, 36 characters
    unix_s = 0  # when it was made
    offset_min = 0  # the store's zone offset then
    collector_number = ""  # 1 to 19 digits
    card_entry_mode = SWIPE
    basket_cents = 0  # post-tax; 0 for a reverse
    pre_tax_cents = -1  # -1: the request has none
    redeem_cents = 0
    confirmation_number = ""  # of what is reversed; "" for a redeem
    language = ENGLISH
    request_crc32 = 0  # of what has to be the same in every copy; of the body alone in 1
    version = 2  # of its record; what was written by earlier firmware has 1


class Result(_Record):
    """What became of an intent. A later result may replace an `unknown` one.

    On flash there is one more outcome, `open`: a note on the way there, with the copies that
    may have left and the cashier's decision.
    """

    outcome = UNKNOWN  # approved, declined, not_sent or unknown
    response_code = ""  # or 4 characters
    confirmation_number = ""
    miles = 0
    cents = 0
    unix_s = 0
    copies_sent = 0  # 0 to 2
    decision = ""  # what the cashier chose after a power cut: finish, void, later or ""
    mismatch = False  # the reply said something else than was asked


class Entry:
    """One numbered intent with its result (None while it is open) and its note, if any."""

    def __init__(
        self, sequence: int, intent: Intent, result: Result | None, revision: int = 0
    ):
        self.sequence = sequence
        self.intent = intent
        self.result = result
        self.note: Result | None = None  # of an open entry
        self.revision = revision  # how often a result was written, modulo 256

    @property
    def state(self) -> str:
        """`open` (no result), `unresolved` (its outcome is unknown) or `concluded`."""
        if self.result is None:
            return "open"
        return "unresolved" if self.result.outcome == UNKNOWN else "concluded"

    @property
    def copies_sent(self) -> int:
        """How many copies may have left; an intent without a note may have left once."""
        written = self.result or self.note
        return written.copies_sent if written else 1

    @property
    def decision(self) -> str:
        """What the cashier chose after a power cut: finish, void, later or ""."""
        written = self.result or self.note
        return written.decision if written else ""

    @property
    def moved_cents(self) -> int:
        """What an approval moved: never more than was asked; 0 for any other outcome.

        A record of older firmware may hold more than was asked, or no amount at all.
        """
        result, asked_cents = self.result, self.intent.redeem_cents
        if result is None or result.outcome != APPROVED:
            return 0
        if not result.cents and not result.mismatch:
            return asked_cents
        return min(result.cents, asked_cents) if asked_cents else result.cents
