"""The words that code, wire and ledger share, each defined once.

The values are as they stand on the wire (operations as in its paths); `ledger.entries` keeps
an operation, an entry mode, a language and an outcome as its index in a tuple of these.
"""

# Operations of AM Cash. REDEEM and REVERSE move miles.
ECHO = "echo"
INQUIRE = "inquire"
REDEEM = "redeem"
REVERSE = "reverse"

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
