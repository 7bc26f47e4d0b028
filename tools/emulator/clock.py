"""The platform's clock, which tests may set, and the hours at which its day turns.

The clock runs at the pace of real time from wherever it was set. It is the only clock that
the ledger, the tokens and the replies use.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONOTONIC_ZERO_S = time.time() - time.monotonic()
_END_S = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
_FIXED = re.compile(r"UTC(?:([+-])(\d{1,2})(?::?([0-5]\d))?)?")


class PlatformClock:
    """A clock that runs on from the moment it was set to."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset_s = 0.0
        if start is not None:
            self.set(start)

    def unix(self) -> float:
        """Seconds since 1970, as the platform believes."""
        return time.monotonic() + _MONOTONIC_ZERO_S + self._offset_s

    def now(self) -> datetime:
        """The same moment, in UTC."""
        return datetime.fromtimestamp(self.unix(), UTC)

    def set(self, moment: datetime) -> None:
        """Moves the clock to `moment`; it runs on from there."""
        self._offset_s += moment.timestamp() - self.unix()

    def advance(self, seconds: float) -> None:
        """Moves the clock by `seconds`, back if negative."""
        moved = self.unix() + seconds
        if not 0 <= moved < _END_S:
            raise ValueError("the clock would leave the years 1970 to 9998")
        self._offset_s += seconds


def parse_moment(text: str) -> datetime:
    """ISO 8601 to a moment; without an offset it is read as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not 0 <= moment.timestamp() < _END_S:
        raise ValueError("the year is outside 1970 to 9998")
    return moment


def parse_zone(text: str) -> tzinfo:
    """`UTC-5`, `UTC-05:00` or a name such as `America/Toronto`. Raises ValueError."""
    fixed = _FIXED.fullmatch(text)
    if fixed is None:
        try:
            return ZoneInfo(text)
        except (OSError, LookupError, ValueError) as error:
            raise ValueError("not UTC-5 and no known zone name") from error
    sign, hours, minutes = fixed.groups(default="0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def iso(unix_s: float) -> str:
    """A moment for the control paths: UTC with milliseconds."""
    text = datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def last_turn(unix_s: float, zone: tzinfo, hour: int) -> float:
    """The latest `hour` o'clock in `zone` that is not after the given moment."""
    local = datetime.fromtimestamp(unix_s, zone)
    # Of an hour that comes twice the first counts.
    turn = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if turn > local:
        turn -= timedelta(days=1)
    return turn.timestamp()


def next_turn(unix_s: float, zone: tzinfo, hour: int) -> float:
    """The first `hour` o'clock in `zone` that is after the given moment."""
    last = datetime.fromtimestamp(last_turn(unix_s, zone, hour), zone)
    return (last + timedelta(days=1)).timestamp()
