"""Which ErrorCondition tells a till what came of a call: for every response code, and for every
outcome of the link. Pure.

An ErrorCondition says what the till may do next; the code itself stands in AdditionalResponse.
"""

from milepad.amcash.response_codes import NO_CODE, OTHER, lookup
from milepad.base.vocabulary import APPROVED, NOT_SENT, OPEN, UNKNOWN

ABORTED = "Aborted"  # the till's own word
BUSY = "Busy"
CANCEL = "Cancel"  # the customer's, or nobody did anything
DEVICE_OUT = "DeviceOut"  # no ledger: nothing may be moved
IN_PROGRESS = "InProgress"
INVALID_CARD = "InvalidCard"
LOGGED_OUT = "LoggedOut"
MESSAGE_FORMAT = "MessageFormat"
NOT_ALLOWED = "NotAllowed"
NOT_FOUND = "NotFound"
PAYMENT_RESTRICTION = "PaymentRestriction"  # not so much, or not today
REFUSAL = "Refusal"  # the account's
UNAVAILABLE_DEVICE = "UnavailableDevice"
UNAVAILABLE_SERVICE = "UnavailableService"
UNREACHABLE_HOST = "UnreachableHost"  # nobody answered, or nobody knows what came of it

# On flash a condition is its index: the order is part of the till's records.
ALL = (
    "",
    ABORTED,
    BUSY,
    CANCEL,
    DEVICE_OUT,
    IN_PROGRESS,
    INVALID_CARD,
    LOGGED_OUT,
    MESSAGE_FORMAT,
    NOT_ALLOWED,
    NOT_FOUND,
    PAYMENT_RESTRICTION,
    REFUSAL,
    UNAVAILABLE_DEVICE,
    UNAVAILABLE_SERVICE,
    UNREACHABLE_HOST,
)

_OF_CODES = {
    "0000": "",
    "0001": "",
    "0002": REFUSAL,
    "0005": REFUSAL,
    "0006": REFUSAL,
    "0008": UNREACHABLE_HOST,
    "0009": NOT_ALLOWED,
    "0025": INVALID_CARD,
    "0035": NOT_ALLOWED,
    "0051": REFUSAL,
    "0057": NOT_FOUND,
    "0065": PAYMENT_RESTRICTION,
    "0066": PAYMENT_RESTRICTION,
    "0067": UNAVAILABLE_SERVICE,
    "0080": NOT_ALLOWED,
    "0092": UNAVAILABLE_SERVICE,
    "0096": UNREACHABLE_HOST,
    NO_CODE: UNREACHABLE_HOST,
    OTHER: REFUSAL,
}


def of_call(outcome: str, code: str, cause: str = "") -> str:
    """The ErrorCondition of a call's outcome; "" for one that succeeded.

    `code` is its response code; `cause` says why nothing was sent, see `CallResult`.
    """
    if outcome in (APPROVED, OPEN):  # an earning that waits will be sent
        return ""
    if outcome == UNKNOWN:
        return UNREACHABLE_HOST
    if outcome == NOT_SENT:
        return UNAVAILABLE_SERVICE if cause == "login" else UNREACHABLE_HOST
    return of_code(code) or REFUSAL


def of_code(code: str) -> str:
    """The ErrorCondition of a response code; "" for one that approves."""
    return _OF_CODES[lookup(code).code]
