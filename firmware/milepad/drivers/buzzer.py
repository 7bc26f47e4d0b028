"""Three sounds: a key was taken, it went well, it did not. There is no queue of sounds."""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms

if TYPE_CHECKING:
    from milepad.base.protocols import Sleep
    from milepad.drivers.protocols import Tone

_GAP_MS = const(40)

# Frequency in Hz, length of a beep in ms, how many beeps.
_SOUNDS = {"key": (4000, 10, 1), "ok": (2000, 80, 1), "error": (400, 80, 3)}


class Buzzer:
    """`tone(frequency_hz)` starts that tone; 0 is silence."""

    def __init__(self, tone: "Tone", sleep: "Sleep" = sleep_ms):
        self._tone = tone
        self._sleep = sleep
        self._turn = 0
        self._frequency_hz = 0

    async def play(self, name: str) -> None:
        """Plays "key", "ok" or "error" to its end, or until another sound begins.

        Any other name is silence. A cancelled sound does not go on.
        """
        frequency_hz, beep_ms, count = _SOUNDS.get(name, (0, 0, 0))
        turn = self._turn = self._turn + 1 & 0xFFFF
        try:
            while count and turn == self._turn:
                self._set(frequency_hz)
                await self._sleep(beep_ms)
                count -= 1
                if turn == self._turn:
                    self._set(0)
                    if count:
                        await self._sleep(_GAP_MS)
        finally:
            if turn == self._turn:
                self._set(0)

    def _set(self, frequency_hz: int) -> None:
        if frequency_hz != self._frequency_hz:
            self._frequency_hz = frequency_hz
            self._tone(frequency_hz)
