"""Since when and until when a certificate is valid (X.509: RFC 5280, section 4.1), pure."""

from milepad.base.clock import unix_from_utc
from milepad.base.compat import const, split_der

_VERSION = const(0xA0)
_UTC_TIME = const(0x17)


def first_end(ca_der: bytes) -> int:
    """When the first of these roots ends, in seconds since 1970; 0 when none can be read."""
    try:
        return min([validity(memoryview(root))[1] for root in split_der(ca_der)])
    except (IndexError, ValueError):
        return 0


def validity(der: memoryview) -> tuple[int, int]:
    """Since when and until when a certificate is valid, in seconds since 1970."""
    at, _ = _inside(der, 0)  # the certificate
    at, _ = _inside(der, at)  # what is signed of it
    if der[at] == _VERSION:
        at = _after(der, at)
    for _ in range(3):  # serial number, algorithm, issuer
        at = _after(der, at)
    at, _ = _inside(der, at)
    return _time(der, at), _time(der, _after(der, at))


def _inside(der: memoryview, at: int) -> tuple[int, int]:
    """(where the content of the value at `at` begins, its length)."""
    length = der[at + 1]
    at += 2
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(der[at : at + size], "big")
        at += size
    return at, length


def _after(der: memoryview, at: int) -> int:
    start, length = _inside(der, at)
    return start + length


def _time(der: memoryview, at: int) -> int:
    """YYMMDDhhmmssZ (of 1950 to 2049) or YYYYMMDDhhmmssZ."""
    start, length = _inside(der, at)
    text = bytes(der[start : start + length]).decode()
    if der[at] == _UTC_TIME:
        text = ("20" if text < "50" else "19") + text
    parts = [int(text[i : i + 2]) for i in range(4, 14, 2)]
    return unix_from_utc(int(text[:4]), *parts)
