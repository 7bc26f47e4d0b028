"""The buzzer: what a person hears when the PWM's frequency changes.

4000 Hz is a key click, 2000 Hz is "ok", 400 Hz is "error": up to three bursts of it are one
error.
"""

from __future__ import annotations

from tools.handheld.chips.complaints import Complaints

SOUNDS = {4000: "key", 2000: "ok", 400: "error"}
BURSTS = 3
BURST_GAP_MS = 400  # a longer silence ends the error


class Buzzer:
    """Turns frequency changes into sounds; times are milliseconds of any steady clock."""

    def __init__(self) -> None:
        self.complaints = Complaints("buzzer")
        self.frequency_hz = 0
        self._bursts = 0
        self._error_until_ms = 0.0

    def tone(self, frequency_hz: int, now_ms: float) -> str | None:
        """The sound that begins with this change, or None when none begins."""
        before, self.frequency_hz = self.frequency_hz, frequency_hz
        if SOUNDS.get(before) == "error":
            self._error_until_ms = now_ms + BURST_GAP_MS
        if frequency_hz in (0, before):
            return None
        sound = SOUNDS.get(frequency_hz)
        if sound is None:
            self.complaints.add(f"{frequency_hz} Hz is no sound that a cashier knows")
        if sound != "error":
            self._bursts = 0
            return sound
        if 0 < self._bursts < BURSTS and now_ms <= self._error_until_ms:
            self._bursts += 1
            return None
        self._bursts = 1
        return sound
