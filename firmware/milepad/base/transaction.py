"""A transaction: one intent to move miles, and what became of it.

A workflow fills it, its request is built from it, and the ledger keeps it. An inquiry has one
too, which is not kept. AM Cash and AIR MILES Issuance share it.
"""

from milepad.base import clock
from milepad.base.vocabulary import (
    APPROVED,
    DECLINED,
    ENGLISH,
    OPEN,
    REDEEM,
    REVERSE,
    SWIPE,
    UNKNOWN,
)


class _Record:
    """Named values that may be set when it is made."""

    def __init__(self, **values: object):
        for name, value in values.items():
            if not hasattr(self, name):
                raise TypeError(name)
            setattr(self, name, value)


class Result(_Record):
    """What became of an intent. A later result may replace an `unknown` one.

    While its outcome is `open` it says how many copies may have left and what was decided.
    """

    outcome = UNKNOWN
    response_code = ""  # or 4 characters
    confirmation_number = ""
    miles = 0
    cents = 0
    unix_s = 0  # when; of an open earning: when it may be tried again
    # 0 to 2; of an earning at most 3 are counted, and 1 of one that was refused for certain.
    copies_sent = 0
    decision = ""  # what the cashier chose after a power cut: finish, void, later or ""
    mismatch = False  # the reply said something else than was asked


class Transaction(_Record):
    """Everything from which the request's bytes can be built again, identical; its result.

    Amounts are in cents. `redeem_units` and `redeem_miles` belong to the offer that was chosen
    from and are not kept. An earning's request also needs its basket, which is not kept here.
    """

    sequence = 0  # its number on the ledger; 0: it is not there
    op = REDEEM
    trace_id = ""  # 12 digits; of an earning it is the checkoutTransactionId
    idempotency_key = ""  # UUID text, 36 characters
    unix_s = 0  # when it was made
    offset_min = 0  # the store's zone offset then
    collector_number = ""  # 1 to 19 digits; "" for a RECORD without a card
    card_entry_mode = SWIPE
    basket_cents = 0  # post-tax; 0 for a reverse
    pre_tax_cents = -1  # -1: the request has none
    redeem_cents = 0
    redeem_units = 0  # 0: not known
    redeem_miles = 0
    miles = 0  # asked for, by the partner family; 0: the platform works them out
    # The confirmation number of what is reversed, or of the redemption in an earning's own
    # checkout; the trace id of the sale that a return gives back; "" for a redeem.
    redemption_number = ""
    language = ENGLISH  # of the collector's slip
    request_crc32 = 0  # of what has to be the same in every copy; of the body alone in 1
    version = 2  # of its record; an earning's has 3, and what earlier firmware wrote 1
    revision = 0  # how often a result was written, modulo 256

    def __init__(self, **values: object):
        super().__init__(**values)
        # Until something else is written, a copy may have left.
        self.result = Result(outcome=OPEN, copies_sent=1)

    @property
    def outcome(self) -> str:
        """APPROVED, DECLINED, NOT_SENT, UNKNOWN, or OPEN while there is none."""
        return self.result.outcome

    @property
    def is_earning(self) -> bool:
        """Whether it is AIR MILES Issuance's, and not AM Cash's."""
        return self.op not in (REDEEM, REVERSE)

    @property
    def is_parked(self) -> bool:
        """Whether it is an earning that was refused and waits for a person; its outcome is
        UNKNOWN where an earlier copy may have counted.
        """
        result = self.result
        return result.outcome in (DECLINED, UNKNOWN) and result.decision == "later"

    @property
    def is_unresolved(self) -> bool:
        """Whether nobody knows yet what became of it."""
        return self.result.outcome in (OPEN, UNKNOWN)

    @property
    def local_time(self) -> tuple[int, int, int, int, int, int]:
        """When it was made, on the store's clock: (year, month, day, hour, minute, second)."""
        return clock.civil(self.unix_s + self.offset_min * 60)

    @property
    def moved_cents(self) -> int:
        """What an approval moved: never more than was asked; 0 for any other outcome.

        A record of older firmware may hold more than was asked, or no amount at all.
        """
        result, asked_cents = self.result, self.redeem_cents
        if result.outcome != APPROVED:
            return 0
        if not result.cents and not result.mismatch:
            return asked_cents
        return min(result.cents, asked_cents) if asked_cents else result.cents
