"""Magic amounts: a basket's last three digits ask for a response code (`--magic`).

The first of the three chooses the operation, the other two are the code's last two. With 9
it is INQUIRE below $100.00 and REDEEM from there up: $49.51 gets 0051 on INQUIRE, $419.08
gets 0008 on REDEEM. A reversal has no basket, so with 8 it is the REVERSE of what was
redeemed on that basket: $48.80 is redeemed as usual, and its reversal gets 0080.

So every code can be had from any device, a real one included, without the control paths.
An ordered fault comes first.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from tools.emulator.cash.codes import CODES

_REDEEM_FROM_CENTS = 10_000
# One amount for each last three digits, for either side of $100.00.
_EXAMPLES_CENTS = (*range(4_000, 5_000), *range(41_000, 42_000))


class MagicAmount(BaseModel):
    """A row of the table: this basket gets this code on this operation."""

    op: str = Field(description="inquire, redeem, or reverse of what was redeemed on it")
    basket: str = Field(description="an example, in dollars; the last three digits count")
    code: str
    message: str
    message_fr: str


def asked(basket_cents: int) -> tuple[str, str] | None:
    """The operation and the code that a basket asks for; None for an ordinary basket."""
    first, last = divmod(basket_cents % 1000, 100)
    code = f"{last:04d}"
    if code not in CODES or first not in (8, 9):
        return None
    if first == 8:
        return "reverse", code
    return ("redeem" if basket_cents >= _REDEEM_FROM_CENTS else "inquire"), code


def table() -> list[MagicAmount]:
    """What `asked` says of example baskets: every operation with every code, once."""
    found: dict[tuple[str, str], int] = {}
    for cents in _EXAMPLES_CENTS:
        wish = asked(cents)
        if wish is not None:
            found.setdefault(wish, cents)
    return [
        MagicAmount(
            op=op,
            basket=f"{cents // 100}.{cents % 100:02d}",
            code=code,
            message=CODES[code].english,
            message_fr=CODES[code].french,
        )
        for (op, code), cents in sorted(found.items())
    ]
