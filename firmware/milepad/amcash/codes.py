"""The one table of response codes: what each means for the till.

Source: the status tables of the AM Cash API library, sections ECHO, INQUIRE, REDEEM and
REVERSE. Decisions branch on the code, never on the HTTP status: 202 carries one approval and
five refusals, 401 is mostly about the collector, 408 has two meanings.
"""

from milepad.base.money import digits_only

ECHO = "echo"
INQUIRE = "inquire"
REDEEM = "redeem"
REVERSE = "reverse"

NO_CODE = ""  # a reply without a response code: the bearer token is missing or invalid
OTHER = "?"  # a code that the specification does not name

# A row is: code, HTTP status, what it allows, key of the advice; the message's key is the
# code. A: what was asked for has happened. P: a redemption may be offered. B: balances and
# available Cash may stand on the slip. R: one identical copy may follow. I: the inquiry
# itself succeeded, whatever may be redeemed. E: it excludes that an earlier copy of the same
# request was committed, for its reason held before that copy too and outlasts it: the
# account, the card, the request or the basket. A code without E may tell of the first copy's
# own doing (0051, 0065: the miles are spent; 0057, 0080: the reversal is done) or of nothing
# but the moment (0067, 0092). One text takes a third of a dict's heap.
_TABLE = """
0000 200 APBI -
0001 202 API -
0002 401 E collector_service
0005 202 IE no_cash
0006 202 BIE no_cash
0008 408 R escalate
0009 403 E present_card
0025 401 E collector_service
0035 400 E escalate
0051 202 - check_history
0057 400 - check_number
0065 202 - tomorrow
0066 202 E add_items
0067 408 - later
0080 409 - store_credit
0092 503 - later
0096 500 R escalate
none 0 - escalate
other 0 - escalate
"""


class Row:
    """What one response code means. `code` is `OTHER` for one that is not in the table."""

    def __init__(self, code: str):
        key = "none" if code == NO_CODE else "other"
        if len(code) == 4 and digits_only(code) and "\n" + code in _TABLE:
            key = code
        self.code = OTHER if key == "other" else code
        self.message_key = "code_" + key
        start = _TABLE.find("\n" + key) + 1
        _, status, allowed, advice = _TABLE[start : _TABLE.find("\n", start)].split(" ")
        self.http_status = int(status)
        self.advice_key = "" if advice == "-" else advice
        self.approved = "A" in allowed
        self.prompt = "P" in allowed
        self.balances = "B" in allowed
        self.retry = "R" in allowed
        self.read = "I" in allowed
        self.excludes_commit = "E" in allowed


def known() -> list[str]:
    """Every response code that the specification names."""
    return [row[:4] for row in _TABLE.split("\n") if row[:1] == "0"]
