"""What the receipt room takes and gives. For type checkers only: no device has this module."""

from typing import Any

Facts = dict[str, Any]
"""What a slip tells, see `layout`."""

Element = tuple[int, str]
"""A line of a slip: the sum of its styles in `escpos`, and its text."""

PrinterSettings = dict[str, Any]
"""The profile's [printer] section; which keys are read is in `escpos`."""
