"""The one table of response codes: what each means for the device.

Source: the status tables of the AM Cash API library, sections ECHO, INQUIRE, REDEEM and
REVERSE. Decisions branch on the code, never on the HTTP status: 202 carries one approval and
five refusals, 401 is mostly about the collector, 408 has two meanings.
"""

NO_CODE = ""  # a reply without a response code: the bearer token is missing or invalid
OTHER = "?"  # a code that the specification does not name


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

    def __init__(
        self,
        code: str,
        http_status: int,
        advice_key: str,
        *,
        approved: bool = False,
        inquiry_ok: bool = False,
        prompt_allowed: bool = False,
        balances_allowed: bool = False,
        retry: bool = False,
        excludes_commit: bool = False,
    ):
        self.code = code
        self.http_status = http_status
        self.approved = approved
        self.inquiry_ok = inquiry_ok
        self.prompt_allowed = prompt_allowed
        self.balances_allowed = balances_allowed
        self.retry = retry
        self.excludes_commit = excludes_commit
        self.advice_key = advice_key

    @property
    def message_key(self) -> str:
        """Of the message for cashier and slip, in `words`."""
        return "code_" + {NO_CODE: "none", OTHER: "other"}.get(self.code, self.code)


# fmt: off
_TABLE = (
    ResponseCode("0000", 200, "", approved=True, inquiry_ok=True, prompt_allowed=True,
                 balances_allowed=True),
    ResponseCode("0001", 202, "", approved=True, inquiry_ok=True, prompt_allowed=True),
    ResponseCode("0002", 401, "collector_service", excludes_commit=True),
    ResponseCode("0005", 202, "no_cash", inquiry_ok=True, excludes_commit=True),
    ResponseCode("0006", 202, "no_cash", inquiry_ok=True, balances_allowed=True,
                 excludes_commit=True),
    ResponseCode("0008", 408, "escalate", retry=True),
    ResponseCode("0009", 403, "present_card", excludes_commit=True),
    ResponseCode("0025", 401, "collector_service", excludes_commit=True),
    ResponseCode("0035", 400, "escalate", excludes_commit=True),
    ResponseCode("0051", 202, "check_history"),
    ResponseCode("0057", 400, "check_number"),
    ResponseCode("0065", 202, "tomorrow"),
    ResponseCode("0066", 202, "add_items", excludes_commit=True),
    ResponseCode("0067", 408, "later"),
    ResponseCode("0080", 409, "store_credit"),
    ResponseCode("0092", 503, "later"),
    ResponseCode("0096", 500, "escalate", retry=True),
    ResponseCode(NO_CODE, 0, "escalate"),
)
# fmt: on
_OTHER = ResponseCode(OTHER, 0, "escalate")
_BY_CODE = {row.code: row for row in _TABLE}


def lookup(code: str) -> ResponseCode:
    """The row of a response code; the one of `OTHER` for a code that is not in the table."""
    return _BY_CODE.get(code, _OTHER)


def known() -> list[str]:
    """Every response code that the specification names."""
    return [row.code for row in _TABLE if row.code != NO_CODE]
