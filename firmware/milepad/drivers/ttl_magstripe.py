"""A magstripe head with TTL lines: card present, and a clock and a data line for each track.

A head samples one track: `drain(feed)` hands over the bits that it has gathered by itself,
`finish(feed)` those that it still holds when the card is out. `ClockedHead` here
samples in an interrupt; a chip with better means (the RP2's PIO) brings its own. All lines
are low when active: data low is a one, and it is valid while the clock falls.
"""

import gc

from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import CardError
from milepad.card.bits import BitCollector, decode_tracks

if TYPE_CHECKING:
    from milepad.base.protocols import Emit
    from milepad.drivers.protocols import InputPin, InterruptPin, TakeBit, TrackHead

_POLL_MS = const(10)
_MIN_BITS = const(32)  # what is shorter is no card
_SPARE_BYTES = const(16384)  # more than the other tasks use in a second


class ClockedHead:
    """Takes a bit at each falling edge of `clock`, while `present` is low.

    The pins have `value()`, the clock `irq(handler, trigger)` as well; `falling` is the
    port's name for that edge.
    """

    def __init__(
        self, clock: "InterruptPin", data: "InputPin", present: "InputPin", falling: int
    ):
        self._data = data.value  # bound once: a handler must not allocate
        self._present = present.value
        self._feed: "TakeBit | None" = None
        clock.irq(self._edge, falling)

    def _edge(self, pin: object) -> None:
        if self._feed and not self._present():
            self._feed(1 - self._data())

    def drain(self, feed: "TakeBit") -> None:
        """The bits go to `feed` as they come."""
        self._feed = feed

    def finish(self, feed: "TakeBit") -> None:
        """Nothing is held back."""


class TtlMagstripe:
    """`present`: the card-present pin; `head1` and `head2`: the tracks' heads, or None.

    Emits `("swipe", text)` for each card, `("noise", reason)` for one that was not read.
    While a card moves no memory is collected, if there is some to spare: it would take
    longer than a bit.
    """

    def __init__(
        self, present: "InputPin", head1: "TrackHead | None", head2: "TrackHead | None"
    ):
        self._present = present
        self._heads = (head1, head2)
        self._tracks = (BitCollector(), BitCollector())
        self._feeds = (self._tracks[0].feed, self._tracks[1].feed)
        self._reading = False
        self._drain()

    async def run(self, emit: "Emit") -> None:
        """Reads for ever."""
        while True:
            self.poll(emit)
            await sleep_ms(_POLL_MS)

    def poll(self, emit: "Emit") -> None:
        """Notes whether a card has come, and reads one that has gone.

        A card that came and went between two polls is read all the same.
        """
        present = not self._present.value()
        self._drain()
        if present:
            if not self._reading and IS_MICROPYTHON and gc.mem_free() > _SPARE_BYTES:
                gc.disable()
            self._reading = True
        elif self._reading or self._most_bits():
            gc.enable()
            self._reading = False
            self._finish(emit)

    def _most_bits(self) -> int:
        return max([track.bits()[1] for track in self._tracks])

    def _drain(self) -> None:
        for at, head in enumerate(self._heads):
            if head:
                head.drain(self._feeds[at])

    def _finish(self, emit: "Emit") -> None:
        for at, head in enumerate(self._heads):
            if head:
                head.finish(self._feeds[at])
        if self._most_bits() >= _MIN_BITS:
            try:
                emit("swipe", decode_tracks(self._tracks[0].bits(), self._tracks[1].bits()))
            except CardError as fault:
                emit("noise", str(fault))
        for track in self._tracks:
            track.clear()
