"""Magic amounts of Issuance: a basket's last three digits ask for an HTTP status (`--magic`).

With 7 first it is ISSUE and POST, with 6 RETURN and REVERSE, by `basketPostTaxAmount`: 02 is
202, 40 is 400, 29 is 429 with a Retry-After, 50 is 500 and 53 is 503. $47.02 is accepted and
its miles follow later, $47.50 fails however often it is sent, $46.40 is a return that is
rejected.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from tools.emulator.issuance import operations
from tools.emulator.issuance.numbers import dollars

STATUS_BY_DIGITS = {2: 202, 29: 429, 40: 400, 50: 500, 53: 503}
_OPS = {
    7: (operations.ISSUE, operations.POST),
    6: (operations.RETURN, operations.REVERSE),
}
_EXAMPLES_CENTS = range(4_000, 5_000)


class MagicStatus(BaseModel):
    """A row of the table: this basket gets this HTTP status on this operation."""

    op: str = Field(description="issue, post, return or issuance/reverse")
    basket: str = Field(description="an example, in dollars; the last three digits count")
    status: int


def asked(op: str, basket_cents: int) -> int | None:
    """The status that a basket asks for on this operation; None for an ordinary one."""
    first, last = divmod(basket_cents % 1000, 100)
    return STATUS_BY_DIGITS.get(last) if op in _OPS.get(first, ()) else None


def table() -> list[MagicStatus]:
    """What `asked` says of example baskets."""
    return [
        MagicStatus(op=op, basket=dollars(cents), status=status)
        for op in operations.MOVING
        for cents in _EXAMPLES_CENTS
        if (status := asked(op, cents)) is not None
    ]
