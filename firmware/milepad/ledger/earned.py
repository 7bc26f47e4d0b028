"""What is asked of a ledger about earnings: which one is meant, and what was given back of it."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.text import digits_only
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import DECLINED, GIVING, NOT_SENT, TAKING
from milepad.ledger.fields import fixed, text_bytes

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.ledger.ledger import Ledger

_MAX_CHARS = 24  # of a confirmation number


def find_earning(
    ledger: "Ledger", trace_id: str, ops: tuple[str, ...] = GIVING
) -> "Transaction | None":
    """The earning, in any state, whose slip has that trace id; 12 digits. Raises StorageError."""
    if not (digits_only(trace_id) and len(trace_id) == 12):
        return None
    found = None
    for entry in ledger.holding(fixed(int(trace_id), 5, "trace_id")):
        if entry.op in ops and entry.trace_id == trace_id:
            found = entry
    return found


def earning_of(ledger: "Ledger", confirmation_number: str) -> "Transaction | None":
    """The newest earning of the checkout whose redemption has that confirmation number.

    Raises StorageError.
    """
    found = None
    for entry in _naming(ledger, confirmation_number):
        if entry.op in GIVING:
            found = entry
    return found


def returns_of(ledger: "Ledger", trace_id: str) -> "Iterator[Transaction]":
    """Yields the returns, in any state, that give back the sale with that trace id.

    Raises StorageError.
    """
    for entry in _naming(ledger, trace_id):
        if entry.op in TAKING:
            yield entry


def left_of(ledger: "Ledger", sale: "Transaction") -> Transaction:
    """What is left of a sale: totals and miles, less what returns have taken or may take.

    The miles are those that were asked for, else what the reply told. Raises StorageError.
    """
    left = Transaction(
        basket_cents=sale.basket_cents,
        pre_tax_cents=sale.pre_tax_cents,
        miles=sale.miles or sale.result.miles,
    )
    for each in returns_of(ledger, sale.trace_id):
        if each.outcome not in (DECLINED, NOT_SENT) or each.is_parked:
            left.basket_cents -= each.basket_cents
            left.pre_tax_cents -= each.pre_tax_cents
            left.miles -= each.miles or each.result.miles
    return left


def _naming(ledger: "Ledger", number: str) -> "Iterator[Transaction]":
    if len(number) > _MAX_CHARS:
        return
    for entry in ledger.holding(
        text_bytes(number, _MAX_CHARS, "number") if number else b""
    ):
        if entry.redemption_number == number:
            yield entry
