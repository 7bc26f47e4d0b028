"""Which firmware is on this board."""

try:
    from milepad import VERSION as FOUND
except (ImportError, ValueError):  # none, one without a number, or for another Python
    FOUND = ""


def version() -> str:
    """Its version, "" for none."""
    return FOUND
