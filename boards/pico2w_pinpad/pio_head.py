"""A magstripe track sampled by a PIO state machine: no interrupt, so no bit is ever late."""

# mypy: disable-error-code="name-defined"
import rp2

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    import machine

    from milepad.drivers.protocols import TakeBit

_WORD_BITS = 32
_FREQUENCY_HZ = 500000  # 2 us a step: spikes are not seen, a clock pulse is 10 us or more


@rp2.asm_pio(
    in_shiftdir=rp2.PIO.SHIFT_RIGHT,
    autopush=True,
    push_thresh=32,
    fifo_join=rp2.PIO.JOIN_RX,
)
def _sample() -> None:
    wrap_target()  # noqa: F821
    wait(1, pin, 1)  # noqa: F821
    wait(0, pin, 1)  # noqa: F821  (the clock falls: the data is valid)
    mov(x, invert(pins))  # noqa: F821  (data low is a one)
    in_(x, 1)  # noqa: F821
    wrap()  # noqa: F821


class PioHead:
    """A head for `TtlMagstripe`, on state machine `number`; `clock` is the pin after `data`.

    Eight words wait in the machine: 256 bits, 60 ms of the fastest swipe.
    """

    def __init__(self, number: int, data: "machine.Pin", clock: "machine.Pin"):
        self._clock = clock  # keeps its pull-up
        self._machine = rp2.StateMachine(number, _sample, freq=_FREQUENCY_HZ, in_base=data)
        self._machine.active(1)

    def drain(self, feed: "TakeBit") -> None:
        """Hands over the whole words that wait, the first bit of each in bit 0."""
        machine = self._machine
        while machine.rx_fifo():
            word = machine.get()
            for at in range(_WORD_BITS):
                feed(word >> at & 1)

    def finish(self, feed: "TakeBit") -> None:
        """Fills the last word up with zeros, which stand behind any stripe, and takes it."""
        for _ in range(_WORD_BITS - 1):
            self._machine.exec("in_(null, 1)")
        self.drain(feed)
        self._machine.restart()
