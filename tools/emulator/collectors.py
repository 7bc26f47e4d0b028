"""The collectors that every new state begins with: one for each thing an account can be.

The numbers are made up, apart from the samples of the API library. Miles are whole miles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "active",
    "hidden",
    "hidden_locked",
    "locked",
    "inactive",
    "capped",
    "offers_unavailable",
]


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector's account as it stands when a new state is made."""

    number: str
    cash: int
    dream: int
    state: State = "active"


COLLECTORS = (
    Collector("84095202006", cash=5000, dream=545),
    Collector("81000000010", cash=120, dream=550),
    Collector("81000000027", cash=2000, dream=310, state="hidden"),
    Collector("81000000034", cash=950, dream=225, state="hidden_locked"),
    Collector("81000000041", cash=1500, dream=90, state="locked"),
    Collector("81000000059", cash=475, dream=60, state="inactive"),
    Collector("81000000066", cash=40, dream=130),
    Collector("81000000073", cash=9000, dream=715, state="capped"),
    Collector("81000000080", cash=3000, dream=405, state="offers_unavailable"),
    # 215 less one unit is the balance of 120 in the library's REDEEM reply.
    Collector("80000000001", cash=215, dream=550),
    Collector("81111111111", cash=1000, dream=100),
)
