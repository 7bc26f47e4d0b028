"""The Date of a reply (RFC 9110, section 5.6.7) is the device's second clock.

Every reply over verified TLS passes here, of the platform and of its token service, and so
does every certificate that is refused, over either Python's own client. The session and the
token know nothing of it.
"""

from milepad.base.clock import civil, unix_from_utc
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import TlsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.link.protocols import DeviceTime, Headers, HttpClient, HttpReply, Url

_MONTHS = b"janfebmaraprmayjunjulaugsepoctnovdec"


class DatedClient:
    """An HttpClient that tells `time` the date of each reply, and each refused certificate."""

    def __init__(self, client: "HttpClient", time: "DeviceTime"):
        self._client = client
        self._time = time

    @property
    def stage(self) -> str:
        """What the network is doing: idle, connecting or waiting."""
        return self._client.stage

    @property
    def sent(self) -> bool:
        """Whether the last request may be with the peer."""
        return self._client.sent

    async def post(
        self,
        url: "Url",
        headers: "Headers",
        body: bytes,
        may_leave: "Callable[[], bool] | None" = None,
    ) -> "HttpReply":
        """As the client's own `post`, with its errors."""
        try:
            reply = await self._client.post(url, headers, body, may_leave)
        except TlsError:
            self._time.note_refused()
            raise
        self._time.note_platform(parse_date(reply.date))
        return reply

    def close(self) -> None:
        """Drops the kept connection."""
        self._client.close()


def parse_date(raw: bytes) -> int:
    """Seconds since 1970 of a Date as it has to be sent; 0 for anything else, never an error.

    IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`. The day's name says nothing that the date
    does not, so it is not looked at; letters may be of either case.
    """
    parts = raw.lower().split()
    if len(parts) != 6 or parts[5] != b"gmt":
        return 0
    try:
        year, month, day = _digits(parts[3]), _month(parts[2]), _digits(parts[1])
        hour, minute, second = _time_of_day(parts[4])
    except ValueError:
        return 0
    if not 1970 <= year <= 9999 or second > 60:
        return 0
    date = (year, month, day, hour, minute, min(second, 59))  # 60: a leap second
    date_s = unix_from_utc(*date)
    return date_s if civil(date_s) == date else 0  # no 31 February, no hour 24


def parse_retry_after(raw: bytes, date: bytes, now_s: int = 0) -> int:
    """Seconds that a reply of that Date asks to wait (RFC 9110, section 10.2.3); 0: none.

    `now_s` is the time where the reply has no Date.
    """
    try:
        return _digits(raw, 9)
    except ValueError:
        until_s, now_s = parse_date(raw), parse_date(date) or now_s
    return max(0, until_s - now_s) if now_s else 0


def _month(raw: bytes) -> int:
    at = _MONTHS.find(raw)
    if len(raw) != 3 or at < 0 or at % 3:
        raise ValueError
    return at // 3 + 1


def _time_of_day(raw: bytes) -> list[int]:
    parts = raw.split(b":")
    if [len(part) for part in parts] != [2, 2, 2]:
        raise ValueError
    return [_digits(part) for part in parts]


def _digits(raw: bytes, most: int = 4) -> int:
    """A number of one to `most` digits; int() alone takes signs and blanks too."""
    if not 0 < len(raw) <= most:
        raise ValueError
    for byte in raw:
        if not 48 <= byte <= 57:
            raise ValueError
    return int(raw)
