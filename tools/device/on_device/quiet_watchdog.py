"""Gives whoever copies files time: the app's watchdog would reset this board meanwhile."""

import sys

import machine

_HOUR_MS = 3600000
# The register's clearing alias (RP2350 datasheet, WATCHDOG_CTRL): no call stops it there.
_RP2350_CTRL_CLEAR = 0x400DB000
_ENABLE = 1 << 30


def quiet_watchdog() -> None:
    """Until the next reset it is stopped, or bites after an hour."""
    if sys.platform != "rp2":
        machine.WDT(timeout=_HOUR_MS)  # type: ignore[attr-defined] # the unix port has none
    elif "RP2350" in sys.implementation._machine:
        machine.mem32[_RP2350_CTRL_CLEAR] = _ENABLE
