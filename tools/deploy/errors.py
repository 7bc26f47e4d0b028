"""What a person who deploys is told of before a device is touched."""

from __future__ import annotations

from tools.device.errors import DeviceError


class UsageError(DeviceError):
    """What was asked for makes no sense; nothing was done."""
