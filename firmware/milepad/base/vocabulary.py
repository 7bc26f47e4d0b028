"""The words that code, wire and ledger share, each defined once.

The values are as they stand on the wire (operations as in its paths); `ledger.entries` keeps
an operation, an entry mode, a language and an outcome as its index in a tuple of these.
"""

# Operations of AM Cash. REDEEM and REVERSE move miles.
ECHO = "echo"
INQUIRE = "inquire"
REDEEM = "redeem"
REVERSE = "reverse"

# Operations of AIR MILES Issuance; their paths are /checkout/issuance/ and these, but for
# REVERSE_POST, whose word there is AM Cash's. CALCULATE and RECORD move no miles.
CALCULATE = "calculate"
ISSUE = "issue"
RETURN = "return"
RECORD = "record"
POST = "post"
POST_EVENT = "post/event"
REVERSE_POST = "issuance/reverse"
REVERSE_EVENT = "reverse/event"
GIVING = (ISSUE, POST, POST_EVENT)
TAKING = (RETURN, REVERSE_POST, REVERSE_EVENT)

# Who works out the miles that a sale earns: nobody, AIR MILES (AMRP), or the partner.
FAMILIES = ("off", "amrp", "partner")

# How a collector number was entered (cardEntryMode).
SWIPE = "SWIPE"
SCAN = "SCAN"
PREREGISTERED = "PREREGISTERED"
MANUAL = "MANUAL"
CARD_ENTRY_MODES = (SWIPE, SCAN, PREREGISTERED, MANUAL)

# Of screens, slips and offers (instantMessage).
ENGLISH = "en-CA"
FRENCH = "fr-CA"
LANGUAGES = (ENGLISH, FRENCH)

# Outcomes of a call.
APPROVED = "approved"
DECLINED = "declined"  # it is certain that nothing was committed
NOT_SENT = "not_sent"  # no copy ever left the device
UNKNOWN = "unknown"
OPEN = "open"  # of a transaction: it has no outcome yet

# How far an earning is, as screens and slips tell it: the platform has answered 200; it waits in
# the queue, or the platform will post it (202); it will not be added unless a person sees to it.
DONE = "done"
LATER = "later"
REFUSED = "refused"
