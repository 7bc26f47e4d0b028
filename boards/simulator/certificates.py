"""A certificate's dates against the simulated chip's clock, as mbedTLS does it on a chip.

On the desktop mbedTLS has looked at them by the desktop's clock before; this is what it would
have found with the chip's. Only MicroPython lets a program look.
"""

from milepad.base.compat import const, unix_time
from milepad.link.validity import validity

_REFUSED = const(-0x2700)  # MBEDTLS_ERR_X509_CERT_VERIFY_FAILED


def check(der: bytes | memoryview, _depth: int) -> int:
    """What a TLS context asks of each certificate of a chain: 0, or an error of mbedTLS."""
    first_s, last_s = validity(memoryview(der))
    return 0 if first_s <= unix_time() <= last_s else _REFUSED
