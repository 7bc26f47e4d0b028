"""The clock's calls with plain arguments, so that both Pythons can be asked the same."""

from milepad.base import clock


def offsets(zone: str, moments: list) -> list:
    """The offset in seconds at each moment."""
    rules = clock.Zone(zone)
    return [rules.offset_s(unix_s) for unix_s in moments]


def local(zone: str, unix_s: int) -> tuple:
    """The wall clock's six numbers."""
    return clock.local(unix_s, clock.Zone(zone))


def iso8601(zone: str, unix_s: int) -> str:
    """The wire's form."""
    return clock.iso8601_at(unix_s, clock.Zone(zone).offset_s(unix_s))


def day_span(zone: str, unix_s: int, hour: int) -> tuple:
    """The business day that holds a moment."""
    return clock.day_span(unix_s, clock.Zone(zone), hour)
