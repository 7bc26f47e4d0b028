"""Why something that a page asked for is not possible: a code, whose words the page has.

No sentence of the server's is shown: the page speaks its reader's language. What a code cannot
say (which member of an order is wrong) is a `detail`, and goes to the log.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from tools.handheld.events import EventError

Code = Literal[
    "no_event",
    "no_line",
    "too_long",
    "no_scenario",
    "no_platform",
    "platform_silent",
    "not_taken",
    "too_many",
    "no_idle",
    "no_screen",
    "not_played",
    "no_till",
    "no_journal",
    "till_waits",
    "no_goods",
    "basket_full",
    "basket_empty",
    "nothing_taken",
    "nothing_asked",
    "no_amount",
    "pad_off",
]
CODES: tuple[Code, ...] = get_args(Code)


class Refused(EventError):
    """`values` stand in the code's words: {"line": 3}."""

    def __init__(self, code: Code, detail: str = "", **values: str | int) -> None:
        super().__init__(detail or code)
        self.detail = detail
        self.told: dict[str, Any] = {"code": code, "values": values}


def of(fault: EventError) -> Refused:
    """The same as a page is told it: what is no event has one code."""
    return fault if isinstance(fault, Refused) else Refused("no_event", str(fault))
