"""One detail of a reconciliation file as values, and the totals that the trailers hold."""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

from tools.ledger.layout import DETAIL, REDEEMED, REVERSED


class Detail(NamedTuple):
    """One redemption (`kind` R) or reversal (V). The names are the layout's."""

    kind: str
    date: str
    time: str
    trace_id: str
    confirmation: str
    reverses: str
    miles: int
    terminal_id: str


# Between this order and the layout's own, whatever that is.
to_line = itemgetter(*(Detail._fields.index(name) for name in DETAIL.names()))
from_line = itemgetter(*(DETAIL.names().index(name) for name in Detail._fields))


class Totals:
    """What the trailers say: count and miles of either kind."""

    def __init__(self) -> None:
        self.count = {REDEEMED: 0, REVERSED: 0}
        self.miles = {REDEEMED: 0, REVERSED: 0}

    def add(self, kind: str, miles: int) -> None:
        """Counts one detail."""
        self.count[kind] += 1
        self.miles[kind] += miles

    def trailers(self) -> list[tuple[int, int]]:
        """The values of the two trailers."""
        return [(self.count[kind], self.miles[kind]) for kind in (REDEEMED, REVERSED)]
