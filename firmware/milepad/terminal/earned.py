"""What is told of an earning: a row of the screen, and what its slip says.

How far it is, in four words of `base.vocabulary`: DONE, the platform has answered 200; LATER,
it waits in the queue, or the platform has accepted it and will post it (202); REFUSED, it
will not be added unless a person sees to it; UNKNOWN, nobody knows whether it was.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import (
    APPROVED,
    DONE,
    LATER,
    OPEN,
    POST_EVENT,
    REFUSED,
    REVERSE_EVENT,
    TAKING,
    UNKNOWN,
)
from milepad.terminal.terminal import COLUMNS

if TYPE_CHECKING:
    from milepad.base.transaction import Transaction
    from milepad.terminal.terminal import Terminal

_PENDING = "202"


def state(earning: "Transaction") -> str:
    """How far it is. What was deleted before a copy left is REFUSED: nobody will send it."""
    if earning.outcome == OPEN:
        return LATER
    if earning.outcome != APPROVED:
        return UNKNOWN if earning.outcome == UNKNOWN else REFUSED
    return LATER if earning.result.response_code == _PENDING else DONE


def miles(earning: "Transaction") -> int | None:
    """How many, where the reply or the rules say so."""
    return earning.result.miles or earning.miles or None


def row(terminal: "Terminal", earning: "Transaction", columns: int = COLUMNS) -> str:
    """What became of it: EARNED and how many, WILL BE ADDED, NOT EARNED, or NO ANSWER.

    What the number counts is said where it fits into so many columns.
    """
    is_taken = earning.op in TAKING
    found = state(earning)
    if found == LATER:
        return terminal.text("will_be_taken" if is_taken else "will_be_added")
    if found == REFUSED:
        return terminal.text("not_taken" if is_taken else "not_earned")
    if found == UNKNOWN:
        return terminal.text("no_answer")
    told = terminal.text("taken_back" if is_taken else "earned")
    count = miles(earning)
    if count is None:
        return told
    named = told + " " + terminal.text("miles") % count
    return named if count > 1 and len(named) <= columns else "%s %d" % (told, count)


def beside_redemption(earning: "Transaction", basket_cents: int) -> dict:
    """Facts of an earning for the slip of its checkout's redemption."""
    facts = {
        "earning": state(earning),
        "earned_miles": miles(earning),
        "earning_trace_id": earning.trace_id,
    }
    if earning.basket_cents != basket_cents:
        facts["earned_on_cents"] = earning.basket_cents
    return facts


def alone(earning: "Transaction") -> dict:
    """Facts of an earning, a return or an event for a slip of its own."""
    is_event = earning.op in (POST_EVENT, REVERSE_EVENT)
    is_taken = earning.op in TAKING
    facts = {
        "kind": "event" if is_event else "return" if is_taken else "earning",
        "taking": is_taken,
        "earning": state(earning),
        "earned_miles": miles(earning),
    }
    if not is_event:
        facts["pre_tax_cents"] = earning.pre_tax_cents
        facts["basket_cents"] = earning.basket_cents
    if is_taken and not is_event:
        facts["sale_number"] = earning.redemption_number
    return facts
