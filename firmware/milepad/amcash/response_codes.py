"""The one table of response codes: what each means for the device.

Source: the status tables of the AM Cash API library, sections ECHO, INQUIRE, REDEEM and
REVERSE. Decisions branch on the code, never on the HTTP status: 202 carries one approval and
five refusals, 401 is mostly about the collector, 408 has two meanings.
"""

from milepad.base.compat import const

NO_CODE = ""  # a reply without a response code: the bearer token is missing or invalid
OTHER = "?"  # a code that the specification does not name

# What a row says of its code; see `ResponseCode`.
_APPROVED = const(1)
_INQUIRY_OK = const(2)
_PROMPT_ALLOWED = const(4)
_BALANCES_ALLOWED = const(8)
_RETRY = const(16)
_EXCLUDES_COMMIT = const(32)

# Code: HTTP status, what holds of it, key of the advice.
_TABLE = {
    "0000": (200, _APPROVED | _INQUIRY_OK | _PROMPT_ALLOWED | _BALANCES_ALLOWED, ""),
    "0001": (202, _APPROVED | _INQUIRY_OK | _PROMPT_ALLOWED, ""),
    "0002": (401, _EXCLUDES_COMMIT, "collector_service"),
    "0005": (202, _EXCLUDES_COMMIT | _INQUIRY_OK, "no_cash"),
    "0006": (202, _EXCLUDES_COMMIT | _INQUIRY_OK | _BALANCES_ALLOWED, "no_cash"),
    "0008": (408, _RETRY, "escalate"),
    "0009": (403, _EXCLUDES_COMMIT, "present_card"),
    "0025": (401, _EXCLUDES_COMMIT, "collector_service"),
    "0035": (400, _EXCLUDES_COMMIT, "escalate"),
    "0051": (202, 0, "check_history"),
    "0057": (400, 0, "check_number"),
    "0065": (202, 0, "tomorrow"),
    "0066": (202, _EXCLUDES_COMMIT, "add_items"),
    "0067": (408, 0, "later"),
    "0080": (409, 0, "store_credit"),
    "0092": (503, 0, "later"),
    "0096": (500, _RETRY, "escalate"),
    NO_CODE: (0, 0, "escalate"),
    OTHER: (0, 0, "escalate"),
}


class ResponseCode:
    """A row of the table.

    - `code`: four digits, or `NO_CODE`, or `OTHER` for one that is not in the table
    - `http_status`: what the specification sends it with; 0 where it names none
    - `approved`: what was asked for has happened
    - `inquiry_ok`: the inquiry itself succeeded, whatever may be redeemed
    - `prompt_allowed`: a redemption may be offered
    - `balances_allowed`: balances and available Cash may stand on the slip
    - `retry`: one identical copy may follow
    - `excludes_commit`: no earlier copy of the same request can have been committed, because
      the reason held before that copy too and outlasts it: the account, the card, the request
      or the basket. Not so for what a first copy may itself have caused (0051, 0065: the miles
      are spent; 0057, 0080: the reversal is done) or for a passing state (0067, 0092)
    - `advice_key`: what the cashier can do, in `words` under "advice_"; "" for none
    """

    def __init__(self, code: str):
        http_status, holds, self.advice_key = _TABLE[code]
        self.code = code
        self.http_status = http_status
        self.approved = bool(holds & _APPROVED)
        self.inquiry_ok = bool(holds & _INQUIRY_OK)
        self.prompt_allowed = bool(holds & _PROMPT_ALLOWED)
        self.balances_allowed = bool(holds & _BALANCES_ALLOWED)
        self.retry = bool(holds & _RETRY)
        self.excludes_commit = bool(holds & _EXCLUDES_COMMIT)

    @property
    def message_key(self) -> str:
        """Of the message for cashier and slip, in `words`."""
        return "code_" + {NO_CODE: "none", OTHER: "other"}.get(self.code, self.code)


def lookup(code: str) -> ResponseCode:
    """The row of a response code; the one of `OTHER` for a code that is not in the table."""
    return ResponseCode(code if code in _TABLE else OTHER)


def known() -> list[str]:
    """Every response code that the specification names."""
    return [code for code in _TABLE if code not in (NO_CODE, OTHER)]
