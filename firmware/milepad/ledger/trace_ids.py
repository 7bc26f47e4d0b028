"""Trace ids: twelve digits, four of the device and eight that count.

They must not repeat within a year (spec, traceId), whatever happens to the power. The
eight digits are a counter modulo M = 100,000,000. Every 64 ids the mark up to which they
may be used is written, before the first of them is given out.

Why none repeats. Within one start the counter only grows and stays below the mark. At the
next one it goes on 64 above the mark that is found, so even if the store had to fall back
to the mark before, which is 64 lower, no id that was given out is met again. It also
moves up to the clock's t = (seconds since 1970) // 4, modulo M, when t is ahead by less
than M/4 (3.2 years) of a circle that the clock takes 12.7 years for. So the counter only
ever moves forward; a clock that stands back is ignored. It comes round to a used id only
after M steps: it would take 700,000 starts in a year, or four false clocks one after
another, each 3 years past the last.
Where the mark is lost (new flash) the counter starts at t. What was used before lies
behind t as long as fewer than one id in four seconds is used, with a start counted as 128:
it moved up to the clock at its last start. Without a mark and without a clock that is set,
it starts at random.
In RAM it starts opposite t on the circle, and where the mark cannot be kept the rest of that
start's ids lie at random in the half that is farthest: what the device gave out before, and
will again once its flash is well, is never near.
"""

from binascii import crc32

from milepad.base.compat import TYPE_CHECKING, const, random_bytes
from milepad.base.errors import StorageError

if TYPE_CHECKING:
    from milepad.ledger.protocols import LedgerStore

PREFIXES = const(10000)  # so many devices can be told apart by their trace ids
_RESERVE = const(64)
_M = const(100000000)
_EARLIEST_S = const(1735689600)  # 2025-01-01: a clock that stands before it is not set


def prefix_of(store_id: str, device_id: str, given: str) -> str:
    """A device's four digits: those that its profile gives, or some made of its name.

    Made of names alone, the prefixes of two devices are the same now and then (94 of 1,000
    devices share one): provisioning many at once gives each its own.
    """
    text = given or str(crc32((store_id + "/" + device_id).encode()) % PREFIXES)
    return ("000" + text)[-4:]


class TraceIds:
    """Gives trace ids. `prefix4` is the device's four digits, `now_s` seconds since 1970.

    To be made once at start-up; with a store that keeps nothing, after the clock was set.
    """

    def __init__(self, store: "LedgerStore", prefix4: str, now_s: int):
        self._store = store
        self._prefix = prefix4
        self._at = self._mark = self._start(store.get("trace"), now_s)

    def _start(self, mark: bytes | None, now_s: int) -> int:
        is_set = now_s >= _EARLIEST_S
        clock = now_s // 4 % _M
        if not mark:
            across = _M // 2 if self._store.warning else 0
            return (clock + across) % _M if is_set else _random() % _M
        counter = (int.from_bytes(mark, "big") + _RESERVE) % _M
        return clock if is_set and (clock - counter) % _M < _M // 4 else counter

    def next(self) -> str:
        """The next id, also where the store cannot keep the mark."""
        if self._at == self._mark:
            self._mark = (self._mark + _RESERVE) % _M
            try:
                self._store.put("trace", self._mark.to_bytes(4, "big"))
            except StorageError:
                # The next start would use these again: on with ones that no mark comes near.
                self._at = (self._at + _M // 4 + _random() % (_M // 2)) % _M
                self._mark = -1
        text = "%s%08d" % (self._prefix, self._at)
        self._at = (self._at + 1) % _M
        return text


def _random() -> int:
    return int.from_bytes(random_bytes(4), "big")
