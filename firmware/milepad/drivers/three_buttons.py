"""Three buttons instead of keys: UP and DOWN choose a key, ENTER presses it.

The chosen key stands in brackets at the right end of the bottom row while it is being
chosen, and for three seconds after; then the row is whole again. The first press only
shows it. Held for 0.7 s, ENTER is the key ENTER itself, UP is CLEAR and DOWN is CANCEL, so
that a checkout never needs a walk through the whole list.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms, ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Sequence

    from milepad.base.protocols import Display, Emit
    from milepad.drivers.protocols import InputPin

_POLL_MS = const(10)
_HOLD_MS = const(700)
_SHOWN_MS = const(3000)
_KEYS = "1,2,3,4,5,6,7,8,9,0,00,ENTER,UP,DOWN,CLEAR,CANCEL"
_HELD = ("CLEAR", "CANCEL", "ENTER")  # UP, DOWN, ENTER


class OverlaidDisplay:
    """A display over whose bottom row a short text may lie; else it is that display."""

    columns = 20
    rows = 4

    def __init__(self, display: "Display"):
        self._display = display
        self._rows: "Sequence[str]" = ("", "", "", "")
        self._note = ""
        self.start = display.start
        self.renew = display.renew
        self.backlight = display.backlight

    def show(self, rows: "Sequence[str]") -> bool:
        """As the display's own."""
        self._rows = rows
        bottom = rows[3] if len(rows) > 3 else ""
        if self._note:
            bottom += " " * (20 - len(bottom))
            bottom = bottom[: 20 - len(self._note)] + self._note
        return self._display.show(
            [rows[at] if at < len(rows) else "" for at in range(3)] + [bottom]
        )

    def note(self, text: str) -> None:
        """Lays a text over the end of the bottom row; "" takes it away."""
        if text != self._note:
            self._note = text
            self.show(self._rows)


class ThreeButtons:
    """`buttons`: the pins of UP, DOWN and ENTER, low while pressed."""

    def __init__(self, buttons: "Sequence[InputPin]", display: OverlaidDisplay):
        self._buttons = buttons
        self._display = display
        self._keys = _KEYS.split(",")
        self._choice = 0
        self._level = 0  # a bit for each pressed button, as it was seen last
        self._recent = [0, 0]  # the two times before that
        self._pressed = 0  # the same, when two polls agreed, or four that one is let go
        self._since_ms = 0
        self._took = False  # the press that is going on has done its work
        self._showing = False

    async def run(self, emit: "Emit") -> None:
        """Watches for ever; calls `emit("key", name)`."""
        while True:
            self.poll(emit, ticks_ms())
            await sleep_ms(_POLL_MS)

    def poll(self, emit: "Emit", now_ms: int) -> None:
        """Looks at the buttons at `now_ms` (of `ticks_ms`)."""
        raw = 0
        for at, pin in enumerate(self._buttons):
            if not pin.value():
                raw |= 1 << at
        seen, recent = self._level, self._recent
        steady = raw == seen
        held = self._pressed & (seen | recent[0] | recent[1])  # one may open for a moment
        level = raw | held
        self._level, recent[0], recent[1] = raw, seen, recent[0]
        held_ms = ticks_diff(now_ms, self._since_ms)
        if steady and level != self._pressed:
            if not level and not self._took:
                self._short(self._pressed, emit)
            self._took = bool(level and self._pressed)  # two buttons at once are none
            self._pressed = level
            self._since_ms = now_ms
        elif level and level == self._pressed and held_ms >= _HOLD_MS and not self._took:
            self._took = True
            if level in (1, 2, 4):
                self._show("")
                emit("key", _HELD[level >> 1])
        elif not level and self._showing and held_ms >= _SHOWN_MS:
            self._show("")

    def _short(self, button: int, emit: "Emit") -> None:
        if self._showing:
            if button == 4:
                emit("key", self._keys[self._choice])
            elif button in (1, 2):
                step = 1 if button == 1 else -1
                self._choice = (self._choice + step) % len(self._keys)
        self._show("[" + self._keys[self._choice] + "]")

    def _show(self, note: str) -> None:
        self._showing = note != ""
        self._display.note(note)
