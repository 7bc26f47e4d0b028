"""A matrix of key switches without diodes: scanned, debounced, ghosts refused.

Row pins are open-drain outputs (`value(0)` pulls low, `value(1)` lets go, so pressed keys
never short two outputs); column pins are inputs with pull-ups. Between scans all rows are
low, so an idle keypad costs one read of each column.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms

if TYPE_CHECKING:
    from typing import Sequence

    from milepad.base.protocols import Emit
    from milepad.drivers.protocols import InputPin, OutputPin

_SCAN_MS = const(10)
_AGAIN_MS = const(2)  # no spike on a wire lasts so long


class MatrixKeypad:
    """`keys`: the names, row by row, as many as there are crossings; "" where no key is."""

    def __init__(
        self,
        row_pins: "Sequence[OutputPin]",
        column_pins: "Sequence[InputPin]",
        keys: "Sequence[str]",
    ):
        self._rows = row_pins
        self._columns = column_pins
        self._keys = keys
        self._seen = 0  # the last scan: a bit a key, in the order of `keys`
        self._recent = [0, 0]  # the two before that
        self._held = 0  # the keys that count as pressed
        self._drive_rows(0)

    async def run(self, emit: "Emit") -> None:
        """Scans for ever; calls `emit("key", name)` when a key goes down."""
        while True:
            if self.scan(emit):
                await sleep_ms(_AGAIN_MS)
                self.look_again(emit)
            await sleep_ms(_SCAN_MS)

    def scan(self, emit: "Emit") -> bool:
        """One scan; whether a contact seems closed that does not count as pressed.

        A key goes down when two looks in a row agree, up when four scans saw it open: the
        contact of one that is held opens for 10 to 20 ms. Any number of keys may be held
        while another goes down (rollover). Where the wires cannot tell which of four keys
        are closed, nothing counts until they can.
        """
        closed, seen, recent = self._read(), self._seen, self._recent
        self._held &= closed | seen | recent[0] | recent[1]
        self._seen, recent[0], recent[1] = closed, seen, recent[0]
        self._press(closed, seen, emit)
        return bool(closed & ~self._held)

    def look_again(self, emit: "Emit") -> None:
        """Whether the last scan's contacts are still closed. It is no scan: a contact that
        opens for a moment is not seen open more often because another key goes down.
        """
        self._press(self._read(), self._seen, emit)

    def _press(self, closed: int, seen: int, emit: "Emit") -> None:
        pressed = closed & ~self._held
        if closed == seen and pressed and not self._is_ambiguous(closed):
            self._held |= pressed
            for at, name in enumerate(self._keys):
                if pressed >> at & 1 and name:
                    emit("key", name)

    def _read(self) -> int:
        """A bit for each switch that seems closed."""
        if not self._low_columns():
            return 0
        closed = shift = 0
        self._drive_rows(1)
        for pin in self._rows:
            pin.value(0)
            closed |= self._low_columns() << shift
            pin.value(1)
            shift += len(self._columns)
        self._drive_rows(0)
        return closed

    def _drive_rows(self, level: int) -> None:
        for pin in self._rows:
            pin.value(level)

    def _low_columns(self) -> int:
        low = 0
        for at, pin in enumerate(self._columns):
            if not pin.value():
                low |= 1 << at
        return low

    def _is_ambiguous(self, closed: int) -> bool:
        """Whether two rows share two columns: the fourth corner closes by itself then."""
        width = len(self._columns)
        row_mask = (1 << width) - 1
        while closed:
            row = closed & row_mask
            closed >>= width
            others = closed
            while others:
                shared = row & others
                if shared & (shared - 1):
                    return True
                others >>= width
        return False
