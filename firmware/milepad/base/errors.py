"""The one family of errors. Each text says what happened, for a person who can act on it.

No text here ever holds a collector number, a token or a secret: whoever raises an error
names the field and what was expected, never the value.
"""

# Reasons of a StorageError.
FAILED = "failed"  # the medium did not do it
READ_ONLY = "read_only"
FOREIGN = "foreign"  # the flash holds something else; it is left alone
TOO_SMALL = "too_small"  # no room for a ledger, or for a value
DAMAGED = "damaged"  # no place is left that is sound
FULL = "full"  # until an export was made
QUEUE_FULL = "queue_full"  # of earnings that wait for the network
NO_TIME = "no_time"  # an earning is dated, and its bytes never change
OPEN_FIRST = "open_first"  # what is left of it is taken by interrupted entries
UNREADABLE = "unreadable"  # bytes that are no entry
NO_ENTRY = "no_entry"  # none of that number
HAS_OUTCOME = "has_outcome"  # the entry's outcome is known, and another one


class MilepadError(Exception):
    """Everything that Milepad raises on purpose."""


class Cancelled(MilepadError):
    """The cashier pressed CANCEL, or left the device alone for too long."""


class ProfileError(MilepadError):
    """A setting is missing, unknown or wrong; the text names it and what was expected."""


class FieldError(MilepadError):
    """A value cannot go into a request; `field` is its name on the wire."""

    def __init__(self, field: str, expected: str):
        super().__init__("%s: expected %s" % (field, expected))
        self.field = field


class ReplyError(MilepadError):
    """A reply arrived and cannot be used (not JSON, wrong shape, wrong types)."""


class MessageError(MilepadError):
    """What a till sent is no message that can be served."""


class HttpError(MilepadError):
    """Bytes that are not the HTTP/1.1 reply that was asked for."""


class LinkError(MilepadError):
    """The network did not do its part."""


class NotSentError(LinkError):
    """Nothing that the platform could act on has left the device; `cause` is a word for why."""

    cause = "network"


class WifiError(NotSentError):
    """The device is in no Wi-Fi."""

    cause = "wifi"


class TlsError(NotSentError):
    """The platform could not prove who it is; nothing was sent to it."""

    cause = "tls"


class NoAnswerError(LinkError):
    """A request left the device and no usable answer came back."""


class TokenError(NotSentError):
    """No bearer token could be had, so the request was not sent."""

    cause = "token"


class LoginError(TokenError):
    """The platform refuses this device's credentials."""

    cause = "login"


class BusyError(TokenError):
    """The token server has had too many requests and asked to wait."""

    cause = "busy"


class CardError(MilepadError):
    """What was read or keyed holds no collector number."""


class ForeignCardError(CardError):
    """What was read is whole and no collector's card: a bank card, a book."""


class DriverError(MilepadError):
    """A chip does not answer as its datasheet says."""


class PrinterError(DriverError):
    """The printer cannot print now (paper, cover, or it is not there)."""


class StorageError(MilepadError):
    """The flash could not keep or give back what it should.

    `reason` is one of the words above: `words` has what the screen says of
    it, under "storage_" and the reason. `detail` is for the log.
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__("%s (%s)" % (reason, detail) if detail else reason)
        self.reason = reason
