"""What is asked of a ledger about earnings: which one is meant, and what was given back of it."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.text import digits_only
from milepad.base.vocabulary import GIVING, TAKING
from milepad.ledger.fields import fixed, text_bytes

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.transaction import Transaction
    from milepad.ledger.ledger import Ledger

_MAX_CHARS = 24  # of a confirmation number


def find_earning(ledger: "Ledger", trace_id: str) -> "Transaction | None":
    """The earning, in any state, whose slip has that trace id; 12 digits. Raises StorageError."""
    if not (digits_only(trace_id) and len(trace_id) == 12):
        return None
    found = None
    for entry in ledger.holding(fixed(int(trace_id), 5, "trace_id")):
        if entry.op in GIVING and entry.trace_id == trace_id:
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


def _naming(ledger: "Ledger", number: str) -> "Iterator[Transaction]":
    if len(number) > _MAX_CHARS:
        return
    for entry in ledger.holding(
        text_bytes(number, _MAX_CHARS, "number") if number else b""
    ):
        if entry.redemption_number == number:
            yield entry
