"""A sale at the till: its basket, what was given on it, and what it can be given back by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tools.till import money
from tools.till.messages import Item, Sale


@dataclass
class Basket:
    """One customer's. `number` is the till's own number of the sale."""

    number: str
    items: list[Item] = field(default_factory=list)
    discount_cents: int = 0
    redemption: str = ""  # the pad's number of it
    award: str = ""

    @property
    def total_cents(self) -> int:
        """What the goods cost."""
        return sum(item.cents for item in self.items)

    @property
    def left_cents(self) -> int:
        """What is still to be paid."""
        return self.total_cents - self.discount_cents

    def lines(self) -> list[str]:
        """For the cashier's screen."""
        rows = [(item.label, item.cents) for item in self.items]
        rows += [("total", self.total_cents)] if len(rows) != 1 else []
        if self.discount_cents:
            rows += [("AIR MILES Cash", -self.discount_cents), ("to pay", self.left_cents)]
        return [f"{label:<24} {_signed(cents):>10}" for label, cents in rows]


@dataclass
class Cashier:
    """Who stands at the till."""

    operator_id: str = "1"
    language: str = "en"
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()

    def sale(self, basket: Basket) -> Sale:
        """What a request says of the sale."""
        return Sale(basket.number, self.now(), self.operator_id, self.language)


def _signed(cents: int) -> str:
    return f"-{money.dollars(-cents)}" if cents < 0 else money.dollars(cents)
