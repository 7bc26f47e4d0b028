"""What an earning's reply says. Only the HTTP status decides; the body is read as far as it goes.

Source: FACTS 6.2 for the statuses. No body of a reply is published, of a refusal neither
(FACTS 6.6): members are looked for under the names that they might have, none is needed, and
whatever arrives raises no error.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import ReplyError
from milepad.base.json_body import json_object, without_surrogates
from milepad.base.text import digits_only
from milepad.base.vocabulary import APPROVED, DECLINED, OPEN

if TYPE_CHECKING:
    from typing import Any

_MAX_TEXT = const(160)
_MAX_MILES = const(999999999)
# 202 is accepted: its miles follow later, and nothing is ever sent again. 400 will be refused
# again whenever it is sent. Which status tells of two transactions of one collector at once is
# not published, so no other refusal ends an earning: it stays in the queue.
_OUTCOMES = {200: APPROVED, 202: APPROVED, 400: DECLINED}
_MILES = (
    "milesAmount",
    "totalMilesAmount",
    "totalMiles",
    "milesIssued",
    "milesEarned",
    "milesReturned",
    "milesReversed",
    "miles",
)
_LISTS = ("issuances", "offers")
_PLACES = ("data", "result", "response", "basket", "transaction")
_MESSAGES = (
    "message",
    "errorMessage",
    "error_description",
    "description",
    "detail",
    "title",
    "error",
)
_IDS = ("checkoutTransactionId", "clientTransactionId")  # as the requests have them
_MAYBE_ID = (
    "traceId"  # it may be Cash's word for it, or the gateway's own: only a yes counts
)


class IssuanceReply:
    """One reply.

    - `outcome`: approved, declined, or open: it has to be sent again
    - `code`: the HTTP status as text; "202" is approved and its miles follow
    - `miles`: what it says was moved or computed; None where it does not
    - `message`: what it says to people, at most 160 characters, or ""
    - `is_other`: it names another transaction than the one that was asked about
    """

    def __init__(self, outcome: str, code: str, miles: int | None, message: str):
        self.outcome = outcome
        self.code = code
        self.miles = miles
        self.message = message
        self.is_other = False


def read(
    http_status: int, body: bytes | bytearray, transaction_id: str = ""
) -> IssuanceReply:
    """The reply of a status and a body, whatever they are.

    With `transaction_id`, one that names another transaction is `open`, whatever it says.
    """
    try:
        members = json_object(body)
    except ReplyError:
        members = {}
    outcome = _OUTCOMES.get(http_status, OPEN)
    reply = IssuanceReply(outcome, str(http_status), _miles(members), _message(members))
    if transaction_id and _names_another(members, transaction_id):
        reply.outcome, reply.is_other, reply.miles = OPEN, True, None
    return reply


def _miles(members: "dict[str, Any]") -> int | None:
    """The miles of the whole, else the sum of its parts; there, or one level below."""
    found = _miles_of(members)
    return _first(members, _PLACES, _miles_of) if found is None else found


def _miles_of(value: object) -> int | None:
    if not isinstance(value, dict):
        return None
    found: int | None = _first(value, _MILES, _whole)
    return _first(value, _LISTS, _sum) if found is None else found


def _first(members: "dict[str, Any]", names: tuple[str, ...], read: "Any") -> "Any":
    """What `read` makes of the first member of these names that it can read, or None."""
    for name in names:
        value = read(members.get(name))
        if value is not None:
            return value
    return None


def _whole(value: object) -> int | None:
    """A whole number, or a text of digits. A number with a point is none: no float counts."""
    if isinstance(value, str) and len(value) <= 9 and digits_only(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_MILES:
        return value
    return None


def _sum(value: object) -> int | None:
    """The miles of a list's elements; None unless each of them has some."""
    if not isinstance(value, list) or not value:
        return None
    total = 0
    for each in value:
        miles = _first(each, _MILES, _whole) if isinstance(each, dict) else None
        if miles is None:
            return None
        total += miles
    return total if total <= _MAX_MILES else None


def _message(members: "dict[str, Any]") -> str:
    """What is said to people: a text, or one within an object or the first of a list."""
    found: str | None = _first(members, _MESSAGES, _said)
    if found is None:
        found = _first(members, ("errors",) + _PLACES, _said)
    return found or ""


def _said(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = _first(value, _MESSAGES, lambda v: v if isinstance(v, str) else None)
    if isinstance(value, str) and value:
        return without_surrogates(value[:_MAX_TEXT])
    return None


def _names_another(members: "dict[str, Any]", transaction_id: str) -> bool:
    """Whether a transaction is named and it is not this one; as a number it lacks its zeros."""
    named = [_id(members.get(name)) for name in _IDS]
    wanted = transaction_id.lstrip("0")
    return any(named) and wanted not in named and wanted != _id(members.get(_MAYBE_ID))


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.lstrip("0") if isinstance(value, str) else ""
