"""Why TLS did not come about: words for the log, and a cause for the screen.

The libraries say it in text (mbedTLS's list of what is wrong with a certificate, OpenSSL's
reasons) or by a number alone. No text of theirs is passed on.
"""

from milepad.base.compat import const
from milepad.base.errors import TlsError

FATAL_ALERT = const(-0x7780)  # MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE; which one, it hides
HUNG_UP = (32, 104)  # EPIPE, which MicroPython's `errno` lacks, and ECONNRESET
# Causes of a TlsError, beside "tls": the clock or a date.
_STRANGER = "stranger"
_HANDSHAKE = "handshake"

# What a library's text holds, the cause, and what the log says of it.
_SAYINGS = (
    (("trusted ca", "issuer", "self-signed", "self signed"), _STRANGER,
     "its certificate leads to no root that is trusted"),
    (("(cn)", "hostname mismatch", "ip address mismatch"), _STRANGER,
     "its certificate is for another name"),
    (("has expired",), "tls", "its certificate has expired"),
    (("in the future", "not yet valid"), "tls", "its certificate is not valid yet"),
    (("unacceptable", "too weak", "too small"), _HANDSHAKE,
     "its certificate is of a kind that is not accepted"),
    (("certificate_required",), _HANDSHAKE, "it wants a certificate of the device"),
    (("protocol_version", "unsupported_protocol"), _HANDSHAKE,
     "it speaks no version of TLS that we do"),
)  # fmt: skip
# An alert that the library does not name: the first answer of the peer, a later one, unknown.
_ALERTS = {
    True: "it has no cipher or version of TLS that we do",
    False: "it ended the handshake: it may want a certificate of the device",
    None: "it refuses the handshake: no cipher in common, or it wants our certificate",
}


def refusal(fault: Exception, is_hello: bool | None = None) -> TlsError:
    """The TlsError for what a library raised while shaking hands.

    `is_hello`: whether it was the peer's first answer, so that it is about our first message.
    """
    said = str(fault).lower()
    number = getattr(fault, "errno", None)
    found = [row for row in _SAYINGS if [part for part in row[0] if part in said]]
    if found:
        refused = TlsError(", ".join([row[2] for row in found]))
        refused.cause = found[0][1]
    elif "alert" in said or number == FATAL_ALERT or number in HUNG_UP:
        refused = TlsError(_ALERTS[is_hello])
        refused.cause = _HANDSHAKE
    else:
        refused = TlsError(
            "its certificate is refused (%s)" % (number or type(fault).__name__)
        )
    return refused
