"""The one table of response codes: what each means for the till.

Source: the status tables of the AM Cash API library, sections ECHO, INQUIRE, REDEEM and
REVERSE. Decisions branch on the code, never on the HTTP status: 202 carries one approval and
five refusals, 401 is mostly about the collector, 408 has two meanings.
"""

from milepad.base.pythons import const

ECHO = "echo"
INQUIRE = "inquire"
REDEEM = "redeem"
REVERSE = "reverse"

_APPROVED = const(1)  # what was asked for has happened
_PROMPT = const(2)  # a redemption may be offered
_BALANCES = const(4)  # balances and available Cash may stand on the slip
_RETRY = const(8)  # one identical copy may follow
_READ = const(16)  # the inquiry itself succeeded, whatever may be redeemed

NO_CODE = ""  # a reply without a response code: the bearer token is missing or invalid
OTHER = "?"  # a code that the specification does not name

# code: (HTTP status, what it allows, key of the advice); the message's key is the code.
_TABLE = {
    "0000": (200, _APPROVED | _PROMPT | _BALANCES | _READ, ""),
    "0001": (202, _APPROVED | _PROMPT | _READ, ""),
    "0002": (401, 0, "collector_service"),
    "0005": (202, _READ, "no_cash"),
    "0006": (202, _BALANCES | _READ, "no_cash"),
    "0008": (408, _RETRY, "escalate"),
    "0009": (403, 0, "present_card"),
    "0025": (401, 0, "collector_service"),
    "0035": (400, 0, "escalate"),
    "0051": (202, 0, "check_history"),
    "0057": (400, 0, "check_number"),
    "0065": (202, 0, "tomorrow"),
    "0066": (202, 0, "add_items"),
    "0067": (408, 0, "later"),
    "0080": (409, 0, "store_credit"),
    "0092": (503, 0, "later"),
    "0096": (500, _RETRY, "escalate"),
    NO_CODE: (0, 0, "escalate"),
    OTHER: (0, 0, "escalate"),
}


class Row:
    """What one response code means. `code` is `OTHER` for one that is not in the table."""

    def __init__(self, code: str):
        self.code = code if code in _TABLE else OTHER
        self.http_status, flags, self.advice_key = _TABLE[self.code]
        self.approved = bool(flags & _APPROVED)
        self.prompt = bool(flags & _PROMPT)
        self.balances = bool(flags & _BALANCES)
        self.retry = bool(flags & _RETRY)
        self.read = bool(flags & _READ)
        self.message_key = "code_" + (
            {NO_CODE: "none", OTHER: "other"}.get(code) or self.code
        )
        if self.code == OTHER:
            self.message_key = "code_other"


def known() -> list[str]:
    """Every response code that the specification names."""
    return sorted([code for code in _TABLE if len(code) == 4])
