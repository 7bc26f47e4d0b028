"""The eight operations: path, what each moves, and the HTTP statuses it is documented with.

RECORD serves both families. Its sample for the AMRP family posts to the path of CALCULATE;
that is taken for a slip of the pen, as the partner family's page has a path of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

CALCULATE = "calculate"
ISSUE = "issue"
RETURN = "return"
RECORD = "record"
POST = "post"
POST_EVENT = "post/event"
REVERSE = "issuance/reverse"  # `reverse` alone is Cash's
REVERSE_EVENT = "reverse/event"

DONE, PENDING, REJECTED, FAILED = 200, 202, 400, 500
STATUSES = {
    DONE: "finished",
    PENDING: "accepted, and the miles follow later; the same request again changes nothing",
    REJECTED: "wrong or invalid details: to be corrected, then sent under a new key",
    FAILED: "a failure: the same bytes are to be sent at least two more times",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One row. `gain` is 1 for miles that are given, -1 taken, 0 for neither."""

    name: str
    family: str
    gain: int
    summary: str
    text: str

    @property
    def path(self) -> str:
        return f"/checkout/issuance/{self.name.removeprefix('issuance/')}"

    @property
    def statuses(self) -> tuple[int, ...]:
        """202 exists only where miles move."""
        return tuple(each for each in STATUSES if each != PENDING or self.gain)

    @property
    def takes_key(self) -> bool:
        """RECORD alone has no idempotency."""
        return self.name != RECORD

    @property
    def is_event(self) -> bool:
        """True when there is no purchase, and so no basket."""
        return self.name in (POST_EVENT, REVERSE_EVENT)


_ROWS = (
    Operation(
        CALCULATE,
        "AMRP",
        0,
        "What a basket earns",
        "The platform computes (--issuance-dollars-per-mile); nothing is issued.",
    ),
    Operation(
        ISSUE,
        "AMRP",
        1,
        "Give the miles of a basket",
        "The platform computes and deposits; no CALCULATE is needed before.",
    ),
    Operation(
        RETURN,
        "AMRP",
        -1,
        "Take the miles of returned items back",
        "The platform computes what the returned items earned and withdraws it.",
    ),
    Operation(
        RECORD,
        "both",
        0,
        "Note a sale",
        "Issues nothing. For tests of the line, and for sales with or without a collector "
        "that qualified for nothing. Takes no key: each request is noted.",
    ),
    Operation(
        POST,
        "partner",
        1,
        "Give miles that the partner computed",
        "Deposits the sum of `issuances` for a basket.",
    ),
    Operation(
        POST_EVENT,
        "partner",
        1,
        "Give miles without a purchase",
        "Deposits the sum of `issuances`: an event, or a correction by hand.",
    ),
    Operation(
        REVERSE,
        "partner",
        -1,
        "Take back miles that the partner computed",
        "Withdraws the sum of `issuances`, whose amounts are positive here as in the sample.",
    ),
    Operation(
        REVERSE_EVENT,
        "partner",
        -1,
        "Take miles back without a purchase",
        "Withdraws the sum of `issuances`: an event undone, or a correction by hand.",
    ),
)
OPERATIONS: dict[str, Operation] = {each.name: each for each in _ROWS}
MOVING = tuple(each.name for each in _ROWS if each.gain)
