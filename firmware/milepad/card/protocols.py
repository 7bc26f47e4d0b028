"""What the card room takes and gives. For type checkers only: no device has this module."""

from typing import Any

PackedBits = tuple[bytes | bytearray, int]
"""The bits of a track, the first in bit 0 of byte 0, and how many there are."""

TrackTexts = tuple[str | None, str | None]
"""Tracks 1 and 2 without their sentinels; None for one that was not read."""

CardRules = dict[str, Any]
"""The profile's [card] section; the table is in `collector_number`."""
