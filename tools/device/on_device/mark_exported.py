"""Lets this device's ledger forget what was pulled, when it needs the room."""

import milepad_board

from milepad.ledger.ledger import Ledger

_CAPACITY = 2000  # no record is added here


def mark_exported(up_to: int, count: int) -> int:
    """Marks the entries up to that number, if they are `count`; how many they are."""
    ledger = Ledger(milepad_board.board.ledger_store(), _CAPACITY)
    here = sum([entry.sequence <= up_to for entry in ledger.entries()])
    if here == count:
        ledger.mark_exported(up_to)
    return here
