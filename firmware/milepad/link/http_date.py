"""The Date of a reply: RFC 9110, section 5.6.7."""

from milepad.base.clock import civil, unix_from_utc

_MONTHS = b"janfebmaraprmayjunjulaugsepoctnovdec"


def parse_date(raw: bytes) -> int:
    """Seconds since 1970 of a Date as it has to be sent; 0 for anything else, never an error.

    RFC 9110, section 5.6.7: IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`. The day's name says
    nothing that the date does not, so it is not looked at; letters may be of either case.
    """
    parts = raw.lower().split()
    if len(parts) != 6 or parts[5] != b"gmt":
        return 0
    time = parts[4].split(b":")
    at = _MONTHS.find(parts[2])
    if len(parts[2]) != 3 or at < 0 or at % 3 or [len(part) for part in time] != [2, 2, 2]:
        return 0
    try:
        day, year = _digits(parts[1]), _digits(parts[3])
        hour, minute, second = [_digits(part) for part in time]
    except ValueError:
        return 0
    date = (year, at // 3 + 1, day, hour, minute, min(second, 59))  # 60: a leap second
    if not 1970 <= year <= 9999 or second > 60:
        return 0
    date_s = unix_from_utc(*date)
    return date_s if civil(date_s) == date else 0  # no 31 February, no hour 24


def _digits(raw: bytes) -> int:
    """A number of one to four digits; int() alone takes signs and blanks too."""
    if not 0 < len(raw) <= 4:
        raise ValueError
    for byte in raw:
        if not 48 <= byte <= 57:
            raise ValueError
    return int(raw)
