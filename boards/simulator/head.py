"""A magstripe head's TTL lines, moved by the desktop's frames; the driver is the hardware's."""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.drivers.ttl_magstripe import ClockedHead, TtlMagstripe

if TYPE_CHECKING:
    from typing import Any, Callable

    from milepad.base.protocols import Emit

_POLL_MS = const(10)
_QUIET_POLLS = const(3)  # after the last bits of a track the card is gone


def _ignore(line: object) -> None:
    """What an edge calls until a handler is set."""


class _Line:
    """A pin."""

    def __init__(self) -> None:
        self.level = 1
        self.fall: "Callable[[Any], None]" = _ignore

    def value(self) -> int:
        return self.level

    def irq(self, handler: "Callable[[Any], None]", _trigger: int) -> None:
        self.fall = handler


class VirtualHead:
    """Two tracks; a reader with `run`, as any other."""

    def __init__(self) -> None:
        self._present = _Line()
        self._lines = [(_Line(), _Line()) for _ in range(2)]
        heads = [ClockedHead(clock, data, self._present, 0) for clock, data in self._lines]
        self._driver = TtlMagstripe(self._present, heads[0], heads[1])
        self._track = 0
        self._left = 0
        self._quiet = 0

    def begin(self, head: bytes) -> None:
        """A frame begins: track, and how many bits follow (two bytes, high byte first)."""
        self._track = head[0] - 1
        self._left = (head[1] << 8 | head[2]) if self._track in (0, 1) else 0
        self._present.level = 0
        self._quiet = _QUIET_POLLS

    def clock(self, raw: bytes) -> None:
        """Eight bits a byte, the first in bit 0: data low is a one."""
        if not self._left:
            return
        clock, data = self._lines[self._track]
        for byte in raw:
            for at in range(min(8, self._left)):
                data.level = 1 - (byte >> at & 1)
                clock.fall(clock)
            self._left -= min(8, self._left)
        self._quiet = _QUIET_POLLS

    async def run(self, emit: "Emit") -> None:
        """Reads for ever."""
        while True:
            self._quiet -= 1
            if self._quiet == 0:
                self._present.level = 1
            self._driver.poll(emit)
            await sleep_ms(_POLL_MS)
